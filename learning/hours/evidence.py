"""For what a line of the ledger was given, in words; figures of rules and names of things, never seconds."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from learning.hours.models import HoursEntry


def _quiz(said: dict) -> str:
    """As the page of the mark says it; older lines know the points alone."""
    if "asked" in said:
        return _("quiz: %(right)d of %(asked)d questions right") % said
    return _("quiz: %(points)s of %(points_possible)s points") % said if "points" in said else _("quiz passed")


HOW = {
    "covered": lambda said: _("seen to the end"),
    "declared": lambda said: _("read to the end"),
    "quiz": _quiz,
    "both": lambda said: _(", ").join([_("seen to the end"), _quiz(said)]),
    "by_hand": lambda said: _("confirmed by the secretary"),
}
BY = {
    "editors": lambda said: _("hours as the course says"),
    "quiz": lambda said: _("hours by the rule for quizzes"),
    "length": lambda said: _("hours by the rule for %(minutes)s min") % said,
    "attendance": lambda said: _("took part"),
    "hand": lambda said: _("entered by hand"),
    "training": lambda said: _("held by %(held_by)s") % said,
}


def say_evidence(entry: HoursEntry, studied: Collection[str] = ()) -> str:
    """«看完、听完或读完，按时长 18 分钟计»; `studied`: what was studied in the activity that the line is about."""
    if entry.reverses_id:
        return _("Taken back: %(reason)s") % {"reason": entry.reason or _("the record was corrected")}
    return _(", ").join(_parts(entry, studied))


def _parts(entry: HoursEntry, studied: Collection[str]) -> Iterator[str]:
    said = entry.evidence
    for words, key in ((HOW, "how"), (BY, "by")):
        if said.get(key) in words:
            yield words[said[key]](said)
    if said.get("by") == "hand" and entry.approved_by is not None:
        yield _("approved by %(name)s") % {"name": entry.approved_by.get_full_name()}
    if studied:
        titles = "".join(pgettext("what was studied", "“%(title)s”") % {"title": title} for title in studied)
        yield _("studied there: %(titles)s, not counted once more alone") % {"titles": titles}
