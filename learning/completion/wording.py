from django.utils.translation import gettext_lazy as _

from learning.completion.standing import Standing

WORDS = {
    Standing.TODO: _("Not started yet"),
    Standing.DOING: _("Studying"),
    Standing.DONE: _("Studied"),
    Standing.BY_BRANCH: _("Studies with the branch"),
    Standing.NOT_REQUIRED: _("Not required"),
}


def say_standing(standing: str) -> str:
    """The one word for a state, as everybody reads it."""
    return str(WORDS[Standing(standing)])
