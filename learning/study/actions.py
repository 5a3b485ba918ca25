"""The story of studying, top to bottom: what a beat, a quiz or an accepted activity sets going, in one transaction."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from learning.completion.actions import settle
from learning.courses.actions import publish_activity
from learning.courses.models import CompletionRule, ItemRule, StudyItem
from learning.hours.actions import Due, balance_item, credit_item
from learning.hours.models import HoursEntry
from learning.hours.telling import tell
from learning.progress.actions import begin_progress, complete_together, take_whole
from learning.progress.models import BY_HAND, Confirmation, Pair, Progress
from learning.progress.pace import Pace
from learning.progress.together import held_together, save_together
from learning.quizzes.actions import Pick, draw, mark_attempt, pass_by_new_rule, start_attempt
from learning.quizzes.models import Attempt, Quiz
from learning.quizzes.queries import people_who_passed
from learning.study.admission import NotAdmitted, admit
from learning.study.beats import Beat, Said
from learning.study.confirming import NotConfirmed, told_confirmed, told_withdrawn, unit_code
from learning.study.evidence import evidence_of, marks_of, own_evidence
from learning.study.group_study import reverse_group_study, settle_group_study
from learning.study.taking import held_or_begun, taken
from learning.study.visits import Visit
from learning.study.withdrawing import take_mark_of
from members.accounts.models import Member
from members.audit.actions import record_event
from members.events import Attended
from members.messages.actions import enqueue_all
from members.organisation.rules import Rule

COMPLETED = ["state", "touched_at", "completed_at", "evidence", "rule_version"]
AT_ONCE = 500
NO_PLAYER = Pace(rate=0, slack_seconds=0, gap_seconds=0, bank_seconds=0)


def record_beat(visit: Visit, beat: Beat, *, now: datetime) -> Progress:
    """Takes one beat, as `record_beats` takes many. Raises NotAdmitted."""
    [answer] = record_beats([Said(visit, beat, now)])
    if isinstance(answer, NotAdmitted):
        raise answer
    return answer


@transaction.atomic
def record_beats(said: Sequence[Said]) -> list[Progress | NotAdmitted]:
    """Takes beats that come together: coverage, perhaps completion with its hours and plan items; an answer for each.

    A repeated beat changes nothing. All of it stands, or nothing.
    """
    held = held_together({each.pair for each in said})
    changed: dict[Pair, Progress] = {}
    answers: dict[int, Progress | NotAdmitted] = {}
    news: dict[Pair, datetime] = {}
    # One order for everybody: two processes that write the same rows wait for each other, never in a circle. So all
    # rows of progress come first, and then the members whose plans follow.
    for place, each in sorted(enumerate(said), key=lambda numbered: numbered[1].pair):
        try:
            answers[place] = _take(each, held, changed, news)
        except NotAdmitted as refusal:
            answers[place] = refusal
    save_together(changed.values())
    for (member, item), now in sorted(news.items()):
        settle(member_ids=[member], item_id=item, now=now)
    return [answers[place] for place in range(len(said))]


def _take(
    said: Said, held: dict[Pair, Progress], changed: dict[Pair, Progress], news: dict[Pair, datetime]
) -> Progress:
    progress, is_new, is_changed = taken(said, held)
    if is_changed:
        evidence = evidence_of(progress, gap=said.visit.pace.gap_seconds)
        if is_new or evidence:
            _conclude(progress, evidence, now=said.now)
            news[said.pair] = said.now
        changed[said.pair] = progress
    return progress


@transaction.atomic
def declare_read(visit: Visit, *, now: datetime) -> float:
    """Takes a reader's word that a text was read to its end, as far as the server's clock allows.

    The seconds to wait first: 0 when it stands. A refusal writes nothing. Raises NotAdmitted.
    """
    progress, is_new = held_or_begun(visit, now=now)
    item = progress.item
    if progress.is_own:
        return 0.0
    wait = take_whole(progress, length=item.length_seconds, pace=visit.pace, opened_at=visit.opened_at, now=now)
    if wait:
        transaction.set_rollback(True)
        return wait
    evidence = evidence_of(progress, gap=visit.pace.gap_seconds, how="declared")
    _conclude(progress, evidence, now=now)
    if is_new or evidence:
        settle(member_ids=[progress.member_id], item_id=progress.item_id, now=now)
    return 0.0


def _conclude(progress: Progress, evidence: dict, *, now: datetime) -> None:
    save_together([progress])
    if evidence:
        _complete(progress, evidence, now=now)


@transaction.atomic
def settle_attendance(attended: Attended, *, by: Any, now: datetime) -> StudyItem:
    """Who took part in an accepted activity has completed it and what was studied there: hours once, plan items closed.

    Settling again is safe.
    """
    item = publish_activity(attended, now=now)
    evidence = {"activity": attended.activity_id, "held_on": attended.held_on.isoformat()}
    taken_back = settle_group_study(item, attended, by=by, now=now)
    shown = {"by": "attendance", "title": attended.title, **evidence}
    due = Due(attended.member_ids, attended.hours, attended.category, attended.held_on, shown)
    lines = _balance(item, due, {"how": "attendance", **evidence}, reason="", by=by, now=now)
    tell([*taken_back, *lines], now=now)
    return item


@transaction.atomic
def reverse_attendance(*, activity_id: int, reason: str, by: Any, now: datetime) -> None:
    """The record is open again: until it is accepted anew nobody has completed it. The ledger gets lines against it."""
    item = StudyItem.objects.filter(activity_id=activity_id).first()
    if item is not None:
        given_back = reverse_group_study(item, by=by, now=now)
        none = Due(frozenset(), item.hours or Decimal(0), item.hours_category, now.date())
        lines = _balance(item, none, {}, reason=reason, by=by, now=now)
        tell([*given_back, *lines], now=now)


def _balance(item: StudyItem, due: Due, evidence: dict, *, reason: str, by: Any, now: datetime) -> list[HoursEntry]:
    before = set(Progress.objects.filter(item=item).values_list("member_id", flat=True))
    complete_together(item=item, member_ids=due.member_ids, evidence=evidence, now=now)
    lines = balance_item(item=item, due=due, reason=reason, by=by, now=now)
    settle(member_ids=before.symmetric_difference(due.member_ids), item_id=item.pk, now=now)
    return lines


@transaction.atomic
def begin_quiz(*, quiz: Quiz, member: Member, now: datetime, pick: Pick = draw) -> Attempt:
    """Draws the questions of a new attempt, or goes on with the open one; from now on the quiz counts as begun."""
    admit(member.pk)
    attempt = start_attempt(quiz=quiz, member=member, now=now, pick=pick)
    begin_progress(member_id=member.pk, item=quiz.item, pace=NO_PLAYER, now=now)
    settle(member_ids=[member.pk], item_id=quiz.item_id, now=now)
    return attempt


@transaction.atomic
def hand_in(*, attempt: Attempt, now: datetime) -> Attempt:
    """Marks an attempt, once. Passed: its quiz is completed, perhaps its lesson too, with hours and plan items."""
    admit(attempt.member_id)
    attempt, is_new = mark_attempt(attempt=attempt, now=now)
    if is_new and attempt.is_passed:
        quiz, member_id = attempt.quiz, attempt.member_id
        progress, _ = begin_progress(member_id=member_id, item=quiz.item, pace=NO_PLAYER, now=now)
        fulfilled = [(progress, {"how": "quiz", **marks_of(attempt)}), *_lesson_of(attempt, now=now)]
        for progress, evidence in fulfilled:
            _complete(progress, evidence, now=now)
        for progress, _ in fulfilled:
            settle(member_ids=[member_id], item_id=progress.item_id, now=now)
    return attempt


@transaction.atomic
def confirm_by_hand(*, member: Member, item: StudyItem, reason: str, by: Any, now: datetime) -> Confirmation:
    """A leader's word that a member has studied an item: completed, hours once, plan items closed, the member told.

    Raises NotConfirmed for oneself, and where the mark is there already.
    """
    if member.user_id == by.pk:
        raise NotConfirmed
    progress, _ = begin_progress(member_id=member.pk, item=item, pace=NO_PLAYER, now=now)
    if progress.is_completed:
        raise NotConfirmed
    confirmation = Confirmation.objects.create(member=member, item=item, reason=reason, by=by, at=now)
    _complete(progress, {"how": BY_HAND, "confirmation": confirmation.pk}, now=now)
    settle(member_ids=[member.pk], item_id=item.pk, now=now)
    note = {"about": confirmation, "organisation": unit_code(member), "detail": {"item": item.pk}}
    record_event("study.confirmed", now=now, actor=by, **note)
    enqueue_all([told_confirmed(confirmation)], now=now, sent_by=by)
    return confirmation


@transaction.atomic
def withdraw_confirmation(*, confirmation: Confirmation, reason: str, by: Any, now: datetime) -> bool:
    """Takes a leader's word back: the mark and its hours go, also one that was filed. Again changes nothing.

    False where a mark stays: the member has fulfilled the rule, or studied with the group. Then that evidence stands.
    """
    rows = Progress.objects.select_for_update(of=("self",)).select_related("item")
    progress = rows.filter(member=confirmation.member, item=confirmation.item).first()
    held = Confirmation.objects.standing().filter(pk=confirmation.pk)
    if not held.update(withdrawn_at=now, withdrawn_by=by, withdrawn_reason=reason):
        return False
    confirmation.refresh_from_db()
    is_gone = take_mark_of(confirmation, progress, gap=_gap(now), reason=reason, by=by, now=now)
    settle(member_ids=[confirmation.member_id], item_id=confirmation.item_id, now=now)
    note = {"about": confirmation, "organisation": unit_code(confirmation.member), "detail": {"mark_went": is_gone}}
    record_event("study.confirmation_withdrawn", now=now, actor=by, **note)
    enqueue_all([told_withdrawn(confirmation, is_gone=is_gone)], now=now, sent_by=by)
    return is_gone


@transaction.atomic
def complete_by_new_rule(*, now: datetime, limit: int = AT_ONCE) -> bool:
    """Who already holds what an item asks for since its rule has changed has completed it. True while more may wait.

    Nobody loses a mark. Everybody is measured once by each version, so this may be stopped and repeated at will.
    """
    rule = ItemRule.objects.unsettled().select_related("item").order_by("pk").first()
    if rule is None:
        return False
    pass_by_new_rule(item=rule.item)
    open_rows = Progress.objects.unfinished().filter(item=rule.item, rule_version__lt=rule.item.rule_version)
    rows = list(open_rows.select_for_update(of=("self",)).select_related("item").order_by("pk")[:limit])
    rows += _begun_by_quiz(rule.item, now=now, limit=limit - len(rows))
    fulfilled = [(row, evidence) for row in rows if (evidence := own_evidence(row, gap=_gap(now)))]
    for progress, evidence in fulfilled:
        _complete(progress, evidence, now=now)
    settle(member_ids=[progress.member_id for progress, _ in fulfilled], item_id=rule.item_id, now=now)
    Progress.objects.filter(pk__in=[row.pk for row in rows]).update(rule_version=rule.item.rule_version)
    if len(rows) < limit:
        rule.item.rules.unsettled().filter(version__lte=rule.item.rule_version).update(settled_at=now)
    return True


def _begun_by_quiz(item: StudyItem, *, now: datetime, limit: int) -> list[Progress]:
    """Who has passed the quiz of a lesson that asks for nothing else, and never opened the lesson."""
    if item.rule_in_force != CompletionRule.QUIZ:
        return []
    passed = people_who_passed(item).exclude(progress__item=item).order_by("pk")[:limit]
    begin = {"item": item, "pace": NO_PLAYER, "now": now}
    return [begin_progress(member_id=member, **begin)[0] for member in passed.values_list("pk", flat=True)]


def _lesson_of(attempt: Attempt, *, now: datetime) -> Iterator[tuple[Progress, dict]]:
    """The lesson whose rule the passed attempt fulfils, with the evidence."""
    item = StudyItem.objects.live().filter(page_id=attempt.quiz.lesson_id, page__isnull=False).first()
    rule = item.rule_in_force if item else CompletionRule.COVERED
    if rule == CompletionRule.QUIZ:
        begin_progress(member_id=attempt.member_id, item=item, pace=NO_PLAYER, now=now)
    if rule != CompletionRule.COVERED:
        held = Progress.objects.without_own_mark().select_for_update(of=("self",)).select_related("item")
        for progress in held.filter(member_id=attempt.member_id, item=item):
            if evidence := evidence_of(progress, gap=_gap(now)):
                yield progress, evidence


def _complete(progress: Progress, evidence: dict, *, now: datetime) -> None:
    progress.touched_at = now
    progress.complete(now=now, evidence=evidence, rule_version=progress.item.rule_version)
    progress.save(update_fields=COMPLETED)
    credit_item(member_id=progress.member_id, item=progress.item, now=now)


def _gap(now: datetime) -> float:
    return Rule.objects.value("completion.gap_seconds", on=timezone.localdate(now))
