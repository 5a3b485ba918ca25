"""学时明细: one's own lines of a year, what each was for, and sums that agree with the table on /study/."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from wagtail.models import Page

from learning.hours.lines import source_of
from learning.hours.models import HoursEntry, HoursSource
from learning.hours.wording import say_hours
from members.activities.decisions import reopen_activity
from members.organisation.rules import Rule
from tests.factories import make_account, make_person, make_tree
from tests.learning.makers import NOON, Viewing, make_article, make_lesson, make_portal
from tests.learning.quiz_makers import make_quiz, take
from tests.members.gatherings import accept, make_activity, tick_all

pytestmark = pytest.mark.django_db
STATEMENT = "学时记录用于学习安排与提醒，不作为考评依据"


@pytest.fixture
def tree():
    make_portal()
    return make_tree()


@pytest.fixture
def person(tree, client):
    person = make_person(tree.branch)
    client.force_login(person)
    return person


@pytest.fixture
def this_year(monkeypatch):
    """The year of NOON, in which the makers let things happen."""
    monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=30))


def enter(person, hours="1", day=date(2026, 6, 1), category="self", key="item:1", **rest):
    fields = {"category": category, "hours": hours, "earned_on": day, "source_key": key, "recorded_at": NOON}
    fields |= rest
    source = source_of(fields["item"]) if fields.get("item") else HoursSource.TRAINING
    return HoursEntry.objects.create(member=person.member, source=source, year=fields["earned_on"].year, **fields)


def shown(client, year="") -> str:
    return client.get(f"/study/hours/?year={year}").content.decode()


def rows(html: str) -> list[str]:
    """The lines of the ledger without their markup."""
    body = html.partition('<tbody role="rowgroup">')[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>")[:-1]]


def sums(html: str) -> dict[str, str]:
    found = re.findall(
        r'<th scope="row">(?:<span[^>]*></span>)?([^<]+)</th><td>([^<]+)</td>', html.partition("按来源看")[0]
    )
    return dict(found)


def studied(person, item, *, seconds, at=NOON):
    Viewing(person.member, item, at=at).watch(0, seconds)


def test_each_line_says_the_day_what_for_the_category_and_the_hours(client, person, tree, this_year):
    lesson = make_lesson(tree.root, seconds=100)
    studied(person, lesson, seconds=100)
    what, how = "把话听完整 视频，听与记，第 1 课，1 分 40 秒", "学完全部内容，按时长 2 分钟计"
    assert rows(shown(client)) == [f"{what} {how} 6 月 1 日 个人自学 0.25 我有疑问 ：把话听完整"]


def test_the_latest_stands_first(client, person, this_year):
    for month in (3, 5, 4):
        enter(person, day=date(2026, month, 1), key=f"item:{month}", reason=f"补录 {month}")
    assert [row.split()[1] for row in rows(shown(client))] == ["5", "4", "3"]


def test_a_line_leads_to_what_was_studied_where_that_still_stands(client, person, tree, this_year):
    lesson, article = make_lesson(tree.root, seconds=60), make_article(tree.root, title="撤下的文章")
    quiz, activity = make_quiz(tree.root), make_activity(tree.branch)
    studied(person, lesson, seconds=60)
    Viewing(person.member, article).claim((0, 120), after=120)
    take(quiz, person.member, right=4)
    tick_all(activity)
    accept(activity)
    Page.objects.get(pk=article.page_id).specific.unpublish()
    html = shown(client)
    for url in (Page.objects.get(pk=lesson.page_id).get_url(), f"/quizzes/{quiz.pk}/", f"/activities/{activity.pk}/"):
        assert f'class="whole"><a href="{url}">' in html
    assert 'class="whole">撤下的文章' in html


def test_a_reversal_reads_as_such_with_its_reason(client, person, tree, this_year):
    activity = make_activity(tree.branch, topic="清理河边小路")
    tick_all(activity)
    accept(activity)
    reopen_activity(activity=activity, reason="有一位没有到", actor=None, now=NOON + timedelta(days=1))
    taken, paid = rows(shown(client))
    assert "清理河边小路 冲回：有一位没有到" in taken
    assert "集体学习 −1.5 " in taken
    assert "集体学习 1.5 " in paid
    assert "冲回" not in paid


def test_a_reversal_without_a_reason_says_that_the_record_was_corrected(client, person, this_year):
    line = enter(person, reason="补录")
    enter(person, "-1", key="item:1:reversed", reverses=line)
    assert "冲回：记录有更正" in rows(shown(client))[0]


def test_the_sums_are_those_of_the_table_on_the_study_page(client, person, this_year):
    for number, (category, hours) in enumerate([("training", "3"), ("group", "1.5"), ("self", "2"), ("self", "0.25")]):
        enter(person, hours, category=category, key=f"item:{number}")
    ledger, table = sums(shown(client)), sums(client.get("/study/").content.decode())
    assert {name: table[name] for name in ("集中培训", "集体学习", "已记学时")} == {
        "集中培训": "3",
        "集体学习": "1.5",
        "已记学时": "4.5",
    }
    assert ledger == {"集中培训": "3", "集体学习": "1.5", "已记学时": "4.5", "个人自学（另外记着）": "2.25"}


def test_hours_of_a_category_that_does_not_count_are_shown_beside_and_never_lost(client, person, this_year):
    key = "hours.counted_categories"
    Rule.objects.create(key=key, value=["training"], source="test", effective_from=date(2026, 1, 1))
    enter(person, "1.5", category="group")
    assert sums(shown(client)) == {"集中培训": "0", "已记学时": "0", "集体学习（另外记着）": "1.5"}
    assert "集体学习 1.5 学时另外记着" in client.get("/study/").content.decode()


def test_a_year_is_chosen_by_a_link_and_an_unknown_one_leads_to_this_year(client, person, this_year):
    enter(person, day=date(2025, 12, 31), reason="去年的")
    assert 'href="?year=2025"' in shown(client)
    assert "去年的" in shown(client, "2025")
    for year in ("", "2026", "1999", "x"):
        html = shown(client, year)
        assert "去年的" not in html
        assert "还没有学时" in html
    assert 'href="?year=2026" aria-current="page"' in shown(client)


def test_the_statement_stands_under_the_lines_and_under_nothing(client, person, this_year):
    assert STATEMENT in shown(client)
    enter(person)
    assert STATEMENT in shown(client)


def test_nobody_sees_a_line_of_somebody_else(client, tree, person, this_year):
    enter(make_person(tree.branch), reason="别人的学习")
    enter(make_person(tree.far), reason="别人的学习", day=date(2025, 3, 1))
    html = shown(client, "2025")
    assert "别人的学习" not in html
    assert 'href="?year=2025"' not in html
    assert "还没有学时" in html


def test_an_account_that_is_no_members_has_no_ledger(client, tree):
    client.force_login(make_account(username="staff"))
    assert "不是党员账号" in shown(client)


def test_the_ledger_is_found_from_my_studies_and_from_my_page(client, person):
    for address in ("/study/", "/me/", "/"):
        assert 'href="/study/hours/"' in client.get(address).content.decode(), address


def test_more_lines_cost_no_more_queries(client, person, tree, this_year, django_assert_num_queries):
    course_items = [make_lesson(tree.root, title=f"第 {n} 讲", seconds=60) for n in range(4)]
    enter(person, item=course_items[0])
    shown(client)
    with django_assert_num_queries(21) as few:
        shown(client)
    for number, item in enumerate(course_items[1:], start=2):
        enter(person, key=f"item:{number}", item=item)
    with django_assert_num_queries(len(few)):
        assert len(rows(shown(client))) == 4


@pytest.mark.parametrize(("hours", "said"), [("-1.50", "−1.5"), ("0", "0"), ("30.00", "30"), ("0.25", "0.25")])
def test_hours_are_said_with_as_many_decimals_as_are_needed(hours, said):
    assert say_hours(Decimal(hours)) == said
