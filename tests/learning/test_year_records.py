"""年度学习记录: what was printed stays true, says what came since, and tells strangers no more than the paper does."""

from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from learning.years.codes import ALPHABET, in_groups, new_code, read_code
from learning.years.issuing import issue_record, masked_name, verified
from learning.years.models import YearRecord
from members.accounts.membership import end_membership
from members.audit.models import AuditEvent
from members.privacy.erasing import erase_member
from tests.factories import make_account, make_leader, make_person, make_tree
from tests.learning.makers import make_lesson
from tests.learning.test_years import CLOSING_DAY, JANUARY, MARCH, close, enter, take_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def person(tree, client):
    person = make_person(tree.branch, name="周秀兰", number="800001")
    client.force_login(person)
    return person


@pytest.fixture
def in_march(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: MARCH)


def issue(person, *, year=2025, now=JANUARY):
    return issue_record(member=person.member, year=year, actor=person, now=now)


def checked(record, client=None) -> str:
    return (client or Client()).get(f"/records/{in_groups(record.code)}/").content.decode()


# --- the code ----------------------------------------------------------------------
def test_a_code_has_eighty_random_bits_and_is_read_however_it_is_typed():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert len(ALPHABET) == 32
    code = "7K2M01ABCDEFGHJK"
    for typed in ("7k2m-01ab-cdef-ghjk", " 7K2M 01AB CDEF GHJK", "7K2MOIABCDEFGHJK", "7k2mo1abcdefghjk"):
        assert read_code(typed) == code
    assert [read_code(typed) for typed in ("", "7K2M", code + "0", "周" * 16, "U" * 16)] == [None] * 5


def test_a_name_is_masked_to_its_first_character():
    assert [masked_name(name) for name in ("周秀兰", "阿古拉·巴特尔", "李")] == ["周**", "阿**", "李**"]


# --- issuing -------------------------------------------------------------------------
def test_a_record_holds_the_figures_the_lines_and_the_plans_of_the_year(client, tree, person):
    enter(person.member, "3")
    enter(person.member, "1.5", category="self", evidence={"title": "读一本书"})
    item = make_lesson(tree.root)
    plan = make_plan(
        title="去年的学习", organisation=tree.root, starts_on=date(2025, 3, 1), ends_on=date(2025, 12, 31), items=[item]
    )
    publish_plan(plan, now=JANUARY)
    figures = issue(person).figures
    assert (figures["counted"], figures["target"], figures["unit"]) == ("3.00", "32", tree.branch.name)
    assert figures["categories"] == {"training": "3.00", "group": "0", "self": "1.50"}
    assert figures["sources"] == {"training": "4.50"}
    assert [(line["title"], line["hours"], line["is_late"]) for line in figures["lines"]] == [
        ("冬训班", "3.00", True),
        ("读一本书", "1.50", True),
    ]
    assert [(plan["title"], plan["of"]) for plan in figures["plans"]] == [("去年的学习", 1)]


def test_issuing_again_gives_the_same_record_until_something_changes(person):
    line = enter(person.member)
    first = issue(person)
    assert issue(person, now=MARCH) == first
    take_back(line)
    second = issue(person, now=MARCH)
    assert second.code != first.code
    assert AuditEvent.objects.filter(action="year.record_issued").count() == 2


# --- on the page -----------------------------------------------------------------------
def test_a_member_looks_issues_and_prints(client, person, in_march):
    enter(person.member, "3")
    page = client.get("/study/record/2025/").content.decode()
    assert "还没有出具" in page
    assert not YearRecord.objects.exists()  # looking writes nothing
    assert client.post("/study/record/2025/").status_code == 302
    page = client.get("/study/record/2025/").content.decode()
    assert in_groups(YearRecord.objects.get().code) in page
    for said in ("2025 年度学习记录", "周秀兰", "800001", "冬训班", "补录", "不作为考评依据", "<path d="):
        assert said in page


def test_a_leader_reaches_the_record_also_of_who_has_left_and_nobody_else_does(tree, person, in_march):
    path = f"/organise/years/2025/people/{person.member.number}/"
    answers = {}
    for who in (tree.branch, tree.sibling, tree.far):
        client = Client()
        client.force_login(make_leader(who))
        answers[who] = [client.get(path).status_code, client.post(path).status_code]
        if who == tree.branch:
            end_membership(member=person.member, kind="moved_out", ended_on=date(2026, 3, 1), actor=None, now=MARCH)
            answers["left"] = client.get(path).status_code
    assert answers == {tree.branch: [200, 302], "left": 200, tree.sibling: [404, 404], tree.far: [404, 404]}
    assert AuditEvent.objects.filter(action="year.record_seen").count() == 2


@pytest.mark.parametrize("year", [1999, 2027, 99999999])
def test_there_is_no_record_of_a_year_outside_of_what_can_be(client, person, in_march, year):
    assert client.get(f"/study/record/{year}/").status_code == 404


def test_an_account_without_a_member_has_no_record(client, tree):
    client.force_login(make_account())
    assert client.get("/study/record/2025/").status_code == 404


def test_the_ledger_says_that_the_year_is_closed_and_leads_to_the_record(client, person, tree, in_march):
    line = enter(person.member)
    close(tree.root, now=CLOSING_DAY)
    take_back(line)
    page = client.get("/study/hours/?year=2025").content.decode()
    for said in (
        "已于 2026 年 1 月 31 日结转",
        "2026 年 3 月 5 日，冲回：重复登记，−2 学时",
        "/study/record/2025/",
        "补录",
    ):
        assert said in page
    assert "结转" not in client.get("/study/hours/?year=2026").content.decode()


# --- checking a paper --------------------------------------------------------------------
def test_whoever_holds_the_paper_reads_its_sums_without_the_name_and_the_lines(person):
    enter(person.member, "3")
    page = checked(issue(person))
    for said in ("这份记录属实", "数字与存档一致", "周**", person.member.organisation_now().name, "此后没有补充"):
        assert said in page
    for hidden in ("周秀兰", "800001", "冬训班"):
        assert hidden not in page


def test_an_old_paper_says_what_came_since_and_how_it_stands_today(person, tree):
    line = enter(person.member, "3")
    record = issue(person)
    close(tree.root, now=CLOSING_DAY)
    take_back(line)
    enter(person.member, "1", at=MARCH + timedelta(days=1))
    enter(person.member, "9", at=MARCH, category="self")  # recorded beside: no part of the sum
    page = checked(record)
    for said in (
        "此后有补充",
        "2026 年 3 月 5 日，−3 学时（冲回）",
        "3 月 6 日，+1 学时（增加）",
        "2025 年是 3 学时，今天是 1 学时",
    ):
        assert said in page


def test_a_paper_whose_archive_was_changed_is_not_called_genuine(person):
    enter(person.member, "3")
    record = issue(person)
    YearRecord.objects.filter(pk=record.pk).update(figures={**record.figures, "counted": "30.00"})
    assert "存档与这份记录不一致" in checked(record)


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "nonsense", "周"])
def test_an_unknown_code_gets_a_clear_sentence(code):
    response = Client().get(f"/records/{code}/")
    assert response.status_code == 404
    assert "没有这个编码的记录" in response.content.decode()


def test_a_typed_code_leads_to_its_record_and_a_wrong_one_is_kept_with_a_word(person):
    record = issue(person)
    typed = in_groups(record.code).lower().replace("-", " ")
    assert Client().get("/records/", {"code": typed}).headers["Location"] == f"/records/{in_groups(record.code)}/"
    answer = Client().get("/records/", {"code": "7K2M"})
    assert (answer.status_code, 'value="7K2M"' in answer.content.decode()) == (422, True)


def test_codes_cannot_be_tried_by_the_hundred(person):
    caches["default"].clear()
    statuses = [Client().get("/records/0000-0000-0000-0000/").status_code for _ in range(32)]
    assert statuses == [404] * 30 + [429] * 2
    caches["default"].clear()


def test_the_answer_is_for_the_holder_alone_and_is_noted(person):
    response = Client().get(f"/records/{issue(person).code}/")
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert AuditEvent.objects.filter(action="year.record_verified").count() == 1


def test_the_paper_of_who_was_erased_is_unknown_and_the_sums_of_the_unit_stand(person, tree):
    enter(person.member, "3")
    record = issue(person)
    closing = close(tree.root, now=CLOSING_DAY)
    end_membership(member=person.member, kind="other", ended_on=date(2026, 3, 1), actor=None, now=MARCH)
    erase_member(member=person.member, actor=None, now=MARCH)
    assert "没有这个编码的记录" in checked(record)
    assert closing.figures.get().counted == 3


def test_what_was_printed_is_what_was_recorded_before(person):
    enter(person.member, "3")
    record = issue(person)
    enter(person.member, "2", at=MARCH)
    found = verified(record)
    assert (found.counted, found.counted_today, found.is_intact) == (3, 5, True)
