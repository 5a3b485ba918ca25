"""The ledger: quarters only, never edited, every line says what for, every sum is the same sum."""

from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from learning.claims.actions import Said, approve_claim, propose_hours
from learning.claims.checking import check_claims
from learning.claims.models import HoursClaim
from learning.hours.actions import credit_item
from learning.hours.checking import check_hours
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.queries import hours_of
from learning.progress.models import PastMark, Progress
from members.activities.decisions import reopen_activity
from members.activities.quarters import QUARTER, in_quarters, is_in_quarters
from members.messages.actions import deliver_due
from members.messages.models import Message
from members.privacy.erasing import erase_member
from tests.factories import make_account, make_member, make_person, make_tree
from tests.learning.makers import NOON, Viewing, make_lesson, make_portal
from tests.learning.quiz_makers import make_quiz, take
from tests.learning.test_counts_once import studied_together, study
from tests.members.gatherings import EVENING, accept, make_activity, tick_all

SPLITS = ("category", "source")
HUNDREDTHS = st.integers(0, 20_000).map(lambda number: Decimal(number) / 100)


@given(hours=HUNDREDTHS)
def test_what_lies_between_two_quarters_becomes_the_nearest_and_what_is_worth_anything_a_quarter(hours):
    counted = in_quarters(hours)
    assert is_in_quarters(counted)
    assert in_quarters(counted) == counted
    assert (counted == 0) == (hours == 0)
    assert abs(counted - hours) <= Decimal("0.125") or counted == QUARTER


@given(one=HUNDREDTHS, other=HUNDREDTHS)
def test_more_is_never_worth_less(one, other):
    assert in_quarters(min(one, other)) <= in_quarters(max(one, other))


@pytest.fixture
def tree(db):
    make_portal()
    return make_tree()


@pytest.fixture
def member(tree):
    return make_person(tree.branch).member


def enter(member, hours="1", key="test:1", **rest):
    said = {"category": "self", "earned_on": date(2026, 6, 1), "year": 2026, "recorded_at": NOON, **rest}
    return HoursEntry.objects.create(member=member, source=HoursSource.TRAINING, hours=hours, source_key=key, **said)


def refused(deed) -> bool:
    try:
        with transaction.atomic():
            deed()
    except DatabaseError:
        return True
    return False


def test_the_database_refuses_what_is_not_in_quarters(member):
    assert refused(lambda: enter(member, "0.3"))
    assert not refused(lambda: enter(member, "0.75"))


def test_the_database_refuses_to_change_or_delete_a_line(member):
    line = enter(member, reason="培训", evidence={"by": "test"})
    lines = HoursEntry.objects.filter(pk=line.pk)
    for change in ({"hours": 2}, {"category": "group"}, {"member": make_member()}, {"reason": "别的"}, {"year": 2025}):
        assert refused(lambda change=change: lines.update(**change)), change
    assert refused(lambda: lines.update(evidence={"by": "other"}))
    assert refused(lines.delete)
    assert refused(member.delete)
    assert HoursEntry.objects.get() == line


def test_an_erasure_blanks_the_words_of_a_line_and_an_account_may_go(member):
    clerk = make_account(username="clerk")
    line = enter(member, reason="培训", evidence={"by": "test"}, recorded_by=clerk, approved_by=clerk)
    clerk.delete()
    member.ended_on, member.ended_kind = date(2026, 6, 2), "other"
    member.save()
    erase_member(member=member, actor=None, now=NOON)
    line.refresh_from_db()
    assert (line.hours, line.reason, line.evidence, line.recorded_by, line.approved_by) == (1, "", {}, None, None)


def test_hours_of_an_activity_are_counted_in_quarters(tree, member):
    activity = make_activity(tree.branch, minutes=50)
    tick_all(activity)
    accept(activity)
    assert HoursEntry.objects.get(member=member).hours == Decimal("0.75")


def test_an_item_pays_once_in_a_year_and_again_in_a_later_one(tree, member):
    lesson = make_lesson(tree.root, seconds=100)
    study(member, lesson)
    mark = Progress.objects.get()
    PastMark.objects.create(
        member=member, item=lesson, completed_at=mark.completed_at, evidence=mark.evidence, rule_version=1
    )
    for later, lines in ((timedelta(days=30), 1), (timedelta(days=300), 2), (timedelta(days=301), 2)):
        Progress.objects.update(completed_at=NOON + later)
        credit_item(member_id=member.pk, item=lesson, now=NOON + later)
        assert HoursEntry.objects.count() == lines
    assert [line.source_key for line in HoursEntry.objects.order_by("pk")] == [
        f"item:{lesson.pk}:2026",
        f"item:{lesson.pk}:2027",
    ]
    assert check_hours() == []


def a_year_of(tree, member):
    """Something of every source: a lesson, a quiz, two activities of which one is open again, and one by hand."""
    lesson, quiz = make_lesson(tree.root, seconds=1000), make_quiz(tree.root)
    Viewing(member, lesson).watch(0, 1000)
    take(quiz, member, right=4)
    for number in range(2):
        activity = make_activity(tree.branch, topic=f"活动 {number}", hours_category="training")
        tick_all(activity)
        studied_together(activity, lesson)
        accept(activity)
    reopen_activity(activity=activity, reason="重核", actor=None, now=EVENING)
    clerk, organiser = make_account(username="clerk"), make_account(username="organiser")
    said = Said("区里的培训", "training", Decimal("3.5"), date(2026, 5, 1))
    claim = propose_hours(member=member, said=said, actor=clerk, may_judge=False, now=NOON)
    approve_claim(claim=claim, actor=organiser, now=NOON)


def test_every_line_says_what_it_was_given_for_and_every_sum_is_the_same(tree, member):
    a_year_of(tree, member)
    lines = HoursEntry.objects.filter(member=member)
    assert {line.source for line in lines} >= {"lesson", "quiz", "attendance", "by_hand"}
    assert all(line.evidence.get("by") for line in lines)
    assert not any("second" in key for line in lines for key in line.evidence)
    total = lines.aggregate(Sum("hours"))["hours__sum"]
    by = {name: sum(hours for _, hours in lines.values_list(name).annotate(Sum("hours"))) for name in SPLITS}
    view = hours_of(member, HoursEntry.objects.all(), now=NOON)
    assert view.counted + sum(line.hours for line in view.beside) == total == by["category"] == by["source"]
    assert check_hours() == check_hours(year=2026) == []


def test_the_page_says_the_same_by_category_and_by_source(tree, member, client, monkeypatch):
    a_year_of(tree, member)
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=30))
    client.force_login(member.user)
    html = client.get("/study/hours/").content.decode()
    assert "人工补录，由organiser审核" in html
    assert "其中学习：《把话听完整》" in html
    assert "题答对" in html
    for word in ("课程或文章", "测验", "支部活动", "人工录入"):
        assert word in html


def test_the_member_is_told_of_every_gain_and_every_reversal_and_no_week_holds_it_back(tree, member):
    a_year_of(tree, member)
    deliver_due(now=EVENING)
    told = Message.objects.filter(to=member, topic__startswith="study.hours/").order_by("pk")
    assert {message.state for message in told} == {"sent"}
    lines = HoursEntry.objects.exclude(hours=0)
    assert sum(len(message.text.splitlines()) for message in told) == lines.count()
    assert any("已计入集体学习《活动 0》" in message.text for message in told)
    assert all(message.link.startswith("/study/hours/?year=2026#line-") for message in told)


def test_settling_again_tells_nothing_more(tree, member):
    activity = make_activity(tree.branch)
    tick_all(activity)
    accept(activity)
    lesson = make_lesson(tree.root, seconds=100)
    study(member, lesson)
    before = Message.objects.count()
    credit_item(member_id=member.pk, item=lesson, now=NOON)
    assert Message.objects.count() == before == 2


def test_the_check_finds_what_nobody_should_find(tree, member):
    lesson, other = make_lesson(tree.root, seconds=100), make_lesson(tree.root, seconds=100, title="没有记")
    study(member, lesson)
    done = {"member": member, "started_at": NOON, "touched_at": NOON, "completed_at": NOON, "state": "completed"}
    Progress.objects.create(item=other, evidence={"how": "covered"}, **done)
    HoursEntry.objects.create(
        member=member,
        item=lesson,
        source="lesson",
        category="self",
        hours="0.25",
        earned_on=date(2026, 6, 2),
        year=2026,
        source_key="twice",
        recorded_at=NOON,
    )
    line = enter(member, key="crooked")
    enter(member, "-0.5", key="crooked:reversed", reverses=line)
    Progress.objects.filter(item=lesson).update(completed_at=NOON - timedelta(days=400))
    said = " ".join(check_hours())
    for words in ("冲回的和它所冲回的不一致", "记了 2 次", "没有学时记录", "没有当年的学完记录"):
        assert words in said
    with pytest.raises(SystemExit):
        call_command("check_hours", stderr=StringIO())
    assert check_hours(year=2030) == []


def test_the_check_holds_what_was_approved_by_hand_against_its_lines(tree, member):
    clerk, organiser = make_account(username="clerk"), make_account(username="organiser")
    claims = [
        propose_hours(member=member, said=Said(title, "self", Decimal(1), day), actor=clerk, may_judge=False, now=NOON)
        for title, day in (("对得上", date(2026, 5, 1)), ("记多了", date(2026, 5, 2)), ("没有记", date(2026, 5, 3)))
    ]
    approve_claim(claim=claims[0], actor=organiser, now=NOON)
    assert check_claims() == []
    HoursClaim.objects.filter(pk__in=[claims[1].pk, claims[2].pk]).update(state="approved", decided_at=NOON)
    by_hand = {"member": member, "source": "by_hand", "category": "self", "year": 2026, "recorded_at": NOON}
    HoursEntry.objects.create(hours="1.25", earned_on=date(2026, 5, 2), source_key=f"claim:{claims[1].pk}", **by_hand)
    line = HoursEntry.objects.create(hours=2, earned_on=date(2026, 5, 4), source_key="claim:0", **by_hand)
    who = member.number
    assert (
        check_claims()
        == check_claims(year=2026)
        == [
            f"{who}：人工补录第 {claims[2].pk} 号已经审核通过，却没有学时记录",
            f"{who}：人工补录第 {claims[1].pk} 号和它的学时记录对不上（学时、类别或者日期不同）",
            f"{who}，第 {line.pk} 行：是人工补录的学时，却没有审核通过的申请",
        ]
    )
    assert check_claims(year=2025) == []
    with pytest.raises(SystemExit):
        call_command("check_hours", stderr=StringIO())


def test_what_lay_between_two_quarters_was_rounded_once():
    from importlib import import_module

    rounded = import_module("learning.migrations.0015_what_lay_between_two_quarters_is_rounded").rounded
    assert [rounded(Decimal(said)) for said in ("0.83", "-0.83", "0.05", "1.13")] == [
        Decimal(said) for said in ("0.75", "-0.75", "0.25", "1.25")
    ]
