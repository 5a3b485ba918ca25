from django.utils.translation import gettext as _

from learning.completion.standing import Standing


def say_standing(standing: str) -> str:
    """The one word for a state, as everybody reads it."""
    return {
        Standing.TODO: _("Not started yet"),
        Standing.DOING: _("Studying"),
        Standing.DONE: _("Studied"),
        Standing.BY_BRANCH: _("Studies with the branch"),
        Standing.NOT_REQUIRED: _("Not required"),
    }[Standing(standing)]
