"""How far a reader has come with one item, and the one sentence that says what is missing."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from learning.courses.models import CompletionRule, StudyItem
from learning.courses.wording import say_about, say_clock, say_duration, say_missing
from learning.progress.models import Progress
from learning.progress.spans import gaps, is_end_seen, missing, unread


@dataclass(frozen=True)
class Gap:
    start: float
    end: float

    @property
    def say(self) -> str:
        return f"{say_clock(self.start)}–{say_clock(self.end)}"


@dataclass(frozen=True)
class Coverage:
    """How far the reader has come with one item; seconds of the item.

    `needed` is how much of `length` must be seen, `missing` how much of that is still to be. Where a part is enough,
    the gaps are more than what is missing: the reader chooses among them. Once it is completed there are none; but
    `own_gaps` says what the reader has not seen alone, as long as only the group has completed it.
    """

    length: float
    needed: float
    missing: float
    covered: float = 0
    position: float = 0
    gaps: list[Gap] = field(default_factory=list)
    own_gaps: list[Gap] = field(default_factory=list)
    is_end_open: bool = False
    is_completed: bool = False
    is_text: bool = False
    rule: str = CompletionRule.COVERED

    @property
    def is_closed(self) -> bool:
        """Nothing is left that could be recorded: the reader has completed it, and not the group alone."""
        return self.is_completed and not self.own_gaps

    @property
    def is_seen(self) -> bool:
        """Enough has been seen; it may still wait for its quiz."""
        return not self.missing and not self.is_end_open

    @property
    def is_part_enough(self) -> bool:
        return self.needed < self.length

    @property
    def is_part_chosen(self) -> bool:
        """The reader chooses among the gaps; where the quiz alone counts, nothing need be chosen."""
        return self.is_part_enough and self.rule != CompletionRule.QUIZ

    @property
    def say(self) -> str:
        if self.is_completed:
            return _("Studied")
        if self.rule == CompletionRule.QUIZ:
            return _("Still to do: pass the quiz of this lesson")
        if self.is_seen and self.rule == CompletionRule.BOTH:
            return _("Everything has been seen; still to do: pass the quiz of this lesson")
        if self.is_seen:  # since a moment ago, when the rule became milder
            return _("Enough has been studied; it is being recorded")
        return self._say_unread() if self.is_text else say_missing(self.missing)

    def _say_unread(self) -> str:
        time = {"time": say_about(self.missing)}
        if not self.covered:
            return _("Not read yet, about %(time)s") % time
        if not self.missing:
            return _("Only the end is still to be read")
        if self.is_part_enough:
            return _("about %(time)s to go") % time
        said = ngettext(
            "%(number)d part not read yet, about %(time)s",
            "%(number)d parts not read yet, about %(time)s",
            len(self.gaps),
        )
        return said % {"number": len(self.gaps), **time}

    @property
    def needed_say(self) -> str:
        return say_about(self.needed) if self.is_text else say_duration(self.needed)

    @property
    def position_say(self) -> str:
        return say_duration(self.position)


def coverage_from(progress: Progress | None, item: StudyItem, *, gap: float) -> Coverage:
    """What is seen and what is missing; a completed item has no gaps, whatever was recorded."""
    length, spare = item.length_seconds or 0.0, item.spare_seconds
    whole = {"length": length, "needed": round(length - spare, 1) if spare else length}
    kind = {"is_text": item.is_text, "rule": item.rule_in_force}
    if progress is None:
        return Coverage(**whole, **kind, missing=whole["needed"], gaps=[Gap(0, length)], own_gaps=[Gap(0, length)])
    spans = [] if progress.is_own else [(start, end) for start, end in progress.spans]
    holes = [] if progress.is_own else unread(spans, length, gap) if item.is_text else gaps(spans, length, gap)
    told = {**whole, **kind, "position": progress.position_seconds, "own_gaps": [Gap(*hole) for hole in holes]}
    if progress.is_completed:
        return Coverage(**told, is_completed=True, missing=0, covered=length)
    return Coverage(
        **told,
        missing=missing(spans, length, gap, spare=spare),
        covered=progress.covered_seconds,
        gaps=told["own_gaps"],
        is_end_open=item.is_text and not is_end_seen(spans, length),
    )
