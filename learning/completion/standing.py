"""How a member stands with an item or a whole plan. Pure; the order of the questions is the rule.

Studied counts for everybody, also for those from whom nothing is asked (条例 Art. 23: 不作硬性要求). Who studies on
paper or together with the branch is never called «not started» (DOMAIN §2).
"""

from collections.abc import Collection
from enum import StrEnum

# Counted beside the standings, never one of them: somebody asked for help, whatever has been studied.
NEEDS_HELP = "needs_help"


class Standing(StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    BY_BRANCH = "by_branch"
    NOT_REQUIRED = "not_required"


def item_standing(*, is_started: bool, is_completed: bool, is_flexible: bool, is_online: bool) -> Standing:
    """Where one item stands for one member."""
    if is_completed:
        return Standing.DONE
    return _open_standing(is_started=is_started, is_flexible=is_flexible, is_online=is_online)


def plan_standing(
    required: Collection[Standing], offered: Collection[Standing] = (), *, is_flexible: bool, is_online: bool
) -> Standing:
    """Where a whole plan stands for one member, from where its items stand; one that requires nothing is studied.

    What is offered counts only as a sign that the member has begun.
    """
    if all(standing == Standing.DONE for standing in required):
        return Standing.DONE
    is_started = any(standing in (Standing.DONE, Standing.DOING) for standing in [*required, *offered])
    return _open_standing(is_started=is_started, is_flexible=is_flexible, is_online=is_online)


def _open_standing(*, is_started: bool, is_flexible: bool, is_online: bool) -> Standing:
    if is_flexible:
        return Standing.NOT_REQUIRED
    if not is_online:
        return Standing.BY_BRANCH
    return Standing.DOING if is_started else Standing.TODO
