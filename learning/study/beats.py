"""What players say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from learning.progress.models import Pair
from learning.study.visits import Visit


@dataclass(frozen=True)
class Beat:
    """What a player says since its last beat: stretches seen and the position, in seconds of the item."""

    seq: int
    spans: Sequence[Sequence[float]]
    position: float


@dataclass(frozen=True)
class Said:
    """A beat with the visit that it came under and the moment it came."""

    visit: Visit
    beat: Beat
    now: datetime

    @property
    def pair(self) -> Pair:
        return self.visit.pair
