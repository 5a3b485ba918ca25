"""How what has been seen and passed fulfils the rule of an item."""

from learning.courses.models import CompletionRule, StudyItem
from learning.progress.models import Progress
from learning.progress.spans import gaps, unread
from learning.quizzes.models import Attempt
from learning.quizzes.queries import passed_attempt, rule_in_force


def evidence_of(progress: Progress, item: StudyItem, *, gap: float, how: str = "covered") -> dict:
    """How what has been seen and passed fulfils the rule of a lesson or article; empty where it does not yet."""
    rule = rule_in_force(item)
    is_seen = _is_all_seen(progress, item, gap)
    passed = passed_attempt(item, member_id=progress.member_id) if rule != CompletionRule.COVERED else None
    if (rule != CompletionRule.QUIZ and not is_seen) or (rule != CompletionRule.COVERED and passed is None):
        return {}
    seen = {"covered_seconds": progress.covered_seconds, "length_seconds": item.length_seconds, "gap_seconds": gap}
    return {"how": how if passed is None else rule, **(seen if is_seen else {}), **(marks_of(passed) if passed else {})}


def marks_of(attempt: Attempt) -> dict:
    """With how many points a quiz was passed."""
    return {
        "quiz": attempt.quiz_id,
        "attempt": attempt.number,
        "points": attempt.points,
        "points_possible": attempt.points_possible,
        "pass_percent": attempt.quiz.pass_percent,
    }


def _is_all_seen(progress: Progress, item: StudyItem, gap: float) -> bool:
    """Asked of the spans: kept figures are rounded. Of a text the very end, too: somebody must have come there."""
    missing = unread if item.is_text else gaps
    return item.length_seconds is not None and not missing(progress.spans, item.length_seconds, gap)
