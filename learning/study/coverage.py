"""How far a reader has come with one item, and the one sentence that says what is missing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.courses.models import CompletionRule, StudyItem
from learning.courses.wording import say_about, say_clock, say_duration, say_missing
from learning.progress.models import Progress
from learning.progress.spans import gaps, unread


@dataclass(frozen=True)
class Gap:
    start: float
    end: float

    @property
    def say(self) -> str:
        return f"{say_clock(self.start)}–{say_clock(self.end)}"


@dataclass(frozen=True)
class Coverage:
    """How far the reader has come with one item; seconds of the item."""

    needed: float
    covered: float = 0
    position: float = 0
    spans: list = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    is_completed: bool = False
    completed_at: datetime | None = None
    is_started: bool = False
    is_text: bool = False
    rule: str = CompletionRule.COVERED

    @property
    def is_seen(self) -> bool:
        """Nothing of it is missing; it may still wait for its quiz."""
        return not self.gaps

    @property
    def say(self) -> str:
        if self.is_completed:
            return _("Studied")
        if self.rule == CompletionRule.QUIZ:
            return _("Still to do: pass the quiz of this lesson")
        if self.rule == CompletionRule.BOTH and self.is_seen:
            return _("Everything has been seen; still to do: pass the quiz of this lesson")
        missing = self.needed - self.covered
        return self._say_unread(missing) if self.is_text else say_missing(missing)

    def _say_unread(self, seconds: float) -> str:
        if not self.covered:
            return _("Not read yet, about %(time)s") % {"time": say_about(seconds)}
        if not seconds:
            return _("Only the end is still to be read")
        said = ngettext(
            "%(number)d part not read yet, about %(time)s",
            "%(number)d parts not read yet, about %(time)s",
            len(self.gaps),
        )
        return said % {"number": len(self.gaps), "time": say_about(seconds)}

    @property
    def position_say(self) -> str:
        return say_duration(self.position)


def coverage_from(progress: Progress | None, item: StudyItem, *, gap: float, rule: str) -> Coverage:
    """What is seen and what is missing; a completed item has no gaps, whatever was recorded."""
    length = item.length_seconds or 0
    if progress is None:
        return Coverage(needed=length, gaps=[Gap(0, length)], is_text=item.is_text, rule=rule)
    spans = [(start, end) for start, end in progress.spans]
    missing = unread if item.is_text else gaps
    return Coverage(
        needed=length,
        covered=length if progress.is_completed else progress.covered_seconds,
        position=progress.position_seconds,
        spans=[[0, length]] if progress.is_completed else progress.spans,
        gaps=[] if progress.is_completed else [Gap(*hole) for hole in missing(spans, length, gap)],
        is_completed=progress.is_completed,
        completed_at=progress.completed_at,
        is_started=True,
        is_text=item.is_text,
        rule=rule,
    )
