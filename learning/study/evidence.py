"""How what has been seen and passed fulfils the rule of an item."""

from datetime import datetime

from django.db.models import Count, Q

from learning.courses.models import CompletionRule, ItemKind
from learning.progress.models import PastMark, Progress
from learning.quizzes.models import Attempt
from learning.quizzes.queries import passed_attempt


def evidence_of(progress: Progress, *, gap: float, how: str = "covered") -> dict:
    """How what has been seen and passed fulfils the rule of a lesson or article; empty where it does not yet."""
    item = progress.item
    rule, is_seen = item.rule_in_force, progress.has_seen_enough(gap=gap)
    if rule != CompletionRule.QUIZ and not is_seen:
        return {}
    passed = None
    if rule != CompletionRule.COVERED:
        passed = passed_attempt(item, member_id=progress.member_id, since=begun_anew_at(progress))
        if passed is None:
            return {}
    seen = {"covered_seconds": progress.covered_seconds, "length_seconds": item.length_seconds, "gap_seconds": gap}
    return {"how": how if passed is None else rule, **(seen if is_seen else {}), **(marks_of(passed) if passed else {})}


def begun_anew_at(progress: Progress) -> datetime | None:
    """Since when it is studied once more, after its mark was filed; what was passed before does not count again."""
    is_filed = PastMark.objects.filter(member=progress.member_id, item=progress.item_id).exists()
    return progress.started_at if is_filed else None


def marks_of(attempt: Attempt) -> dict:
    """With how many right answers and points a quiz was passed."""
    right = Count("pk", filter=Q(is_right=True))
    return {
        "quiz": attempt.quiz_id,
        "attempt": attempt.number,
        "points": attempt.points,
        "points_possible": attempt.points_possible,
        "pass_percent": attempt.pass_percent,
        **attempt.answers.aggregate(right=right, asked=Count("pk")),
    }


def own_evidence(progress: Progress, *, gap: float) -> dict:
    """How somebody has fulfilled the rule by themselves, also where it was a quiz; empty where they have not."""
    if progress.item.kind != ItemKind.QUIZ:
        return evidence_of(progress, gap=gap)
    passed = Attempt.objects.filter(quiz__item=progress.item, member_id=progress.member_id, is_passed=True)
    if (since := begun_anew_at(progress)) is not None:
        passed = passed.filter(handed_in_at__gte=since)
    first = passed.select_related("quiz").order_by("number").first()
    return {"how": "quiz", **marks_of(first)} if first else {}


def own_evidence_before(mark: PastMark, begun_anew: Progress | None) -> dict:
    """With which quiz somebody had fulfilled the rule themselves, before the item of a filed mark was begun anew.

    Empty where they had not, and where something had to be seen: what was seen is not kept when a mark is filed.
    """
    item = mark.item
    of_lesson = Q(quiz__lesson__isnull=False, quiz__lesson=item.page_id)
    quiz = Q(quiz__item=item) if item.kind == ItemKind.QUIZ else of_lesson
    if item.rule_in_force != CompletionRule.QUIZ:
        return {}
    others = PastMark.objects.filter(member=mark.member_id, item=item).order_by("completed_at")
    later = others.filter(completed_at__gt=mark.completed_at).values_list("completed_at", flat=True).first()
    earlier = others.filter(completed_at__lt=mark.completed_at).values_list("completed_at", flat=True).last()
    passed = Attempt.objects.filter(quiz, member=mark.member_id, is_passed=True)
    if (until := later or (begun_anew and begun_anew.started_at)) is not None:
        passed = passed.filter(handed_in_at__lt=until)
    if earlier is not None:
        passed = passed.filter(handed_in_at__gt=earlier)
    first = passed.select_related("quiz").order_by("number").first()
    return {"how": "quiz", **marks_of(first)} if first else {}


def has_own_trace(progress: Progress) -> bool:
    """Whether the member has begun by themselves."""
    tried = Attempt.objects.filter(quiz__item=progress.item, member_id=progress.member_id)
    return progress.clock_at is not None or tried.exists()
