"""Which step of a time away may follow which. Pure; the steps are the story, the state is where it stands now.

Whether somebody has left yet is a matter of the calendar alone: `planned` and `away` take the same steps.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class State(StrEnum):
    PLANNED = "planned"
    AWAY = "away"
    REPORTED = "reported"
    HOSTED = "hosted"
    RETURNED = "returned"
    TRANSFERRED = "transferred"


class Step(StrEnum):
    ARRIVAL = "arrival"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CONTACT = "contact"
    RETURNED = "returned"
    TRANSFERRED = "transferred"
    REOPENED = "reopened"


OPEN = (State.PLANNED, State.AWAY, State.REPORTED, State.HOSTED)
ENDS = {Step.RETURNED: State.RETURNED, Step.TRANSFERRED: State.TRANSFERRED}
LEADS_TO = {
    (State.PLANNED, Step.ARRIVAL): State.REPORTED,
    (State.AWAY, Step.ARRIVAL): State.REPORTED,
    (State.REPORTED, Step.ARRIVAL): State.REPORTED,  # another host, before the first one has answered
    (State.REPORTED, Step.CONFIRMED): State.HOSTED,
    (State.HOSTED, Step.CONFIRMED): State.HOSTED,  # the host was merged into another unit, which goes on
    (State.REPORTED, Step.DECLINED): State.AWAY,
    **{(state, Step.CONTACT): state for state in OPEN},
    **{(state, step): end for state in OPEN for step, end in ENDS.items()},
}


class StepRefused(ValueError):
    """The step does not follow from where the time away stands."""


def may_follow(state: str, step: Step) -> bool:
    """Whether the step can be taken from there; what has ended can only be taken up again."""
    if state in ENDS.values():
        return step == Step.REOPENED
    return (State(state), step) in LEADS_TO


def stand_after(steps: Iterable[str]) -> State:
    """Where a time away stands after these steps; taking up again leads back to where it stood before the end."""
    state = before = State.AWAY
    for step in map(Step, steps):
        if not may_follow(state, step):
            raise StepRefused(f"{step} does not follow {state}")
        if step == Step.REOPENED:
            state = before
        else:
            state, before = LEADS_TO[state, step], state
    return state


def on_the_day(state: str, *, leaves_on: date, today: date) -> State:
    """The state as of a day: who has not reported in is `planned` until the day of leaving, `away` from then on."""
    if state in (State.PLANNED, State.AWAY):
        return State.PLANNED if today < leaves_on else State.AWAY
    return State(state)
