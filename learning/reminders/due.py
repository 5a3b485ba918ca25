"""Who is to be reminded of a plan, and why somebody is not. Pure; the order of the questions is the rule.

Who studies on paper or together with the branch is reminded by people, not online (DOMAIN §2).
"""

from enum import StrEnum

from learning.completion.standing import Standing


class NotAsked(StrEnum):
    NOTHING_LEFT = "nothing_left"
    NOT_REQUIRED = "not_required"
    BY_BRANCH = "by_branch"


REASONS = {
    Standing.DONE: NotAsked.NOTHING_LEFT,
    Standing.NOT_REQUIRED: NotAsked.NOT_REQUIRED,
    Standing.BY_BRANCH: NotAsked.BY_BRANCH,
}


def why_not_asked(standing: Standing) -> NotAsked | None:
    """The reason for which nobody who stands so is reminded online, or nothing for who still has something to go."""
    return REASONS.get(standing)
