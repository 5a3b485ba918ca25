"""How one beat changes the row that it is about."""

from datetime import datetime

from learning.progress.actions import take_beat
from learning.progress.credit import Claim
from learning.progress.models import Pair, Progress
from learning.progress.together import held_together
from learning.study.admission import begun
from learning.study.beats import Said
from learning.study.visits import Visit


def held_or_begun(visit: Visit, *, now: datetime) -> tuple[Progress, bool]:
    """The row of who opened that visit, locked, and whether it is new. Raises NotAdmitted."""
    held = held_together({visit.pair}).get(visit.pair)
    return (held, False) if held is not None else begun(visit, now=now)


def taken(said: Said, held: dict[Pair, Progress]) -> tuple[Progress, bool, bool]:
    """The row after the beat, whether it is new, and whether the beat changed it. Raises NotAdmitted.

    `held` are the locked rows of the beats that are taken together; one that is made here is put among them.
    """
    visit, beat, is_new = said.visit, said.beat, False
    progress = held.get(said.pair)
    if progress is None:
        progress, is_new = begun(visit, now=said.now)
        held[said.pair] = progress
    if progress.is_own:
        return progress, is_new, False
    claim = Claim(visit.key, visit.opened_at, beat.seq, beat.spans, said.now)
    length = progress.item.length_seconds
    return progress, is_new, take_beat(progress, claim, length=length, pace=visit.pace, position=beat.position)
