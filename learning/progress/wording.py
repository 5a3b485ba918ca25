"""How a mark was made and by which rule, in the same words for the member and for who leads them.

No seconds, no visits, no time of day: a day, a deed, a rule.
"""

from django.utils.translation import gettext as _

from learning.courses.models import ALL_OF_IT, CompletionRule, ItemKind, ItemRule
from learning.progress.models import BY_GROUP, BY_HAND


def say_by_hand() -> str:
    return _("Studied, confirmed by the secretary")


def say_how(evidence: dict, kind: str) -> str:
    """What the member did, or who said so."""
    how = evidence.get("how")
    if how == BY_HAND:
        return _("confirmed by the secretary")
    if how == BY_GROUP:
        return _("studied together in “%(title)s”") % evidence
    if how == "attendance":
        return _("took part in the activity")
    if how == "declared":
        return _("said that it was read to the end")
    passed = _say_passed(evidence) if "quiz" in evidence else ""
    if how == CompletionRule.QUIZ:
        return passed
    seen = _say_seen(kind, is_part=_is_part(evidence)) if "covered_seconds" in evidence else ""
    return _(", ").join(filter(None, [seen, passed])) or _("how is not kept any more")


def say_rule(rule: ItemRule | None, kind: str) -> str:
    """What was asked for."""
    if rule is None:
        return _("the rule of that time was not written down")
    if kind == ItemKind.ACTIVITY:
        return _("take part in the activity")
    if rule.completion_rule == CompletionRule.QUIZ:
        return _say_quiz(rule.pass_percent)
    seen = _say_asked(kind, rule.needed_percent)
    if rule.completion_rule == CompletionRule.BOTH:
        return _("%(seen)s, and %(quiz)s") % {"seen": seen, "quiz": _say_quiz(rule.pass_percent)}
    return seen


def _say_quiz(percent: int | None) -> str:
    if percent is None:  # that was not written down once
        return _("pass the quiz")
    return _("pass the quiz, with %(percent)d of every 100 points") % {"percent": percent}


def _say_passed(evidence: dict) -> str:
    if "asked" in evidence:
        return _("quiz: %(right)d of %(asked)d questions right") % evidence
    return _("quiz: %(points)s of %(points_possible)s points") % evidence


def _is_part(evidence: dict) -> bool:
    return evidence["covered_seconds"] < round(evidence["length_seconds"], 1)


def _say_seen(kind: str, *, is_part: bool) -> str:
    if kind == ItemKind.VIDEO:
        return _("as much of it as was asked for") if is_part else _("watched all of it")
    if kind == ItemKind.AUDIO:
        return _("heard as much of it as was asked for") if is_part else _("heard all of it")
    return _("read as much of it as was asked for") if is_part else _("read to the end")


def _say_asked(kind: str, percent: int) -> str:
    part = {"percent": percent}
    if kind == ItemKind.VIDEO:
        return _("watch all of it") if percent == ALL_OF_IT else _("watch %(percent)d%% of its length") % part
    if kind == ItemKind.AUDIO:
        return _("hear all of it") if percent == ALL_OF_IT else _("hear %(percent)d%% of its length") % part
    return _("read all of it") if percent == ALL_OF_IT else _("read %(percent)d%% of it, and the end") % part
