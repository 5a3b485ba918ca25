"""Why a word cannot be sent just now, said to who wrote it."""

from django.utils.translation import gettext as _

from members.feedback.about import AboutRefused
from members.feedback.actions import TooMany

REFUSED = (AboutRefused, TooMany)


def say_refused(refusal: Exception) -> str:
    """A sentence for one of REFUSED: what was written is still there, and what to do."""
    if isinstance(refusal, AboutRefused):
        return _("The page had been open for long. All you wrote is still here: press once more.")
    return _(
        "You have written a lot within this hour, and all of it has arrived. "
        "What you wrote just now is still here: please send it an hour from now."
    )
