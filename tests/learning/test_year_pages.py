"""Organisers look at their years, see what is open and who has to act, close, and take the sums along."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from learning.claims.models import HoursClaim
from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from learning.years.loose import loose_ends, loose_numbers
from learning.years.models import YearClosing
from members.activities.models import Attendance
from members.audit.models import AuditEvent
from members.reorganisation.actions import move_unit
from members.roles.models import Role
from members.transfers.actions import propose_transfer
from tests.factories import make_leader, make_member, make_tree
from tests.learning.makers import make_lesson
from tests.learning.test_years import CLOSING_DAY, JANUARY, MARCH, close, enter, take_back
from tests.members.gatherings import accept, make_activity, submit, tick_all

pytestmark = pytest.mark.django_db
HELD = datetime(2025, 12, 10, 1, tzinfo=UTC)
HERE = "/organise/years/2025/"


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def organiser(tree, client):
    organiser = make_leader(tree.east, Role.ORGANISER)
    client.force_login(organiser)
    return organiser


@pytest.fixture
def january(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: JANUARY)


def shown(client, path=HERE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def held(unit, **rest):
    return make_activity(unit, starts_at=HELD, now=HELD, **rest)


# --- before ------------------------------------------------------------------------
def test_what_is_open_is_named_with_who_has_to_act(tree, organiser):
    recorded, waiting = held(tree.branch, topic="还在记"), held(tree.sibling, topic="已提交")
    make_member(tree.sibling)
    tick_all(waiting, now=HELD + timedelta(hours=3))
    submit(waiting, now=JANUARY)
    held(tree.far, topic="别处的")
    make_activity(tree.branch, starts_at=MARCH, now=JANUARY, topic="今年的")
    propose_transfer(member=make_member(tree.branch), receiving=tree.far, actor=None, now=JANUARY)
    days = {"starts_on": date(2025, 11, 1), "ends_on": date(2026, 2, 1)}
    publish_plan(make_plan(title="跨年的", organisation=tree.east, items=[make_lesson(tree.root)], **days), now=JANUARY)
    found = {
        ends.name: [(each.title, each.who) for each in ends.things] for ends in loose_ends(tree.east, 2025, now=JANUARY)
    }
    assert found == {
        "activities": [
            (recorded.topic, f"等{tree.branch}补齐、提交"),
            (waiting.topic, f"等{tree.east}审核"),
        ],
        "transfers": [(f"从{tree.branch}到{tree.far}", f"等{tree.far}答复")],
        "plans": [("跨年的", f"要改期限，由{tree.east}的组织员改")],
    }
    assert loose_numbers(tree.east, 2025, now=JANUARY) == {"activities": 2, "transfers": 1, "plans": 1}


def test_hours_claimed_for_that_year_wait_too(tree, organiser):
    member = make_member(tree.branch)
    said = {"category": "group", "hours": 1, "proposed_at": JANUARY}
    HoursClaim.objects.create(member=member, title="支部上门送学", held_on=date(2025, 12, 20), **said)
    HoursClaim.objects.create(member=member, title="今年的", held_on=date(2026, 1, 5), **said)
    HoursClaim.objects.create(member=make_member(tree.far), title="别处的", held_on=date(2025, 12, 20), **said)
    [ends] = loose_ends(tree.east, 2025, now=JANUARY)
    assert (ends.name, ends.number, [each.about for each in ends.things]) == ("questions", 1, ["支部上门送学"])


def test_the_page_names_what_is_open_with_links_and_no_person(client, tree, organiser, january):
    activity = held(tree.branch, topic="还在记")
    member = make_member(tree.branch, name="周新")
    transfer = propose_transfer(member=member, receiving=tree.sibling, actor=None, now=JANUARY)
    page = shown(client)
    for said in (
        "还在记",
        f"/branch/activities/{activity.pk}/",
        f"/branch/transfers/{transfer.pk}/",
        "作为补充写明日期",
    ):
        assert said in page
    assert "周新" not in page


def test_a_year_is_closed_with_what_is_open_and_the_closing_keeps_how_much(client, tree, organiser, january):
    held(tree.branch)
    asked = shown(client, f"{HERE}close/")
    assert "还没有审核通过的活动记录：1" in asked
    assert not YearClosing.objects.exists()
    answer = client.post(f"{HERE}close/", {"unit": tree.east.code})
    assert answer.status_code == 302
    closing = YearClosing.objects.get()
    assert (closing.organisation, closing.closed_by, closing.loose) == (tree.east, organiser, {"activities": 1})
    assert client.post(f"{HERE}close/", {"unit": tree.east.code}).status_code == 302  # a second press
    assert YearClosing.objects.count() == 1


def test_what_december_held_and_march_accepted_is_a_supplement_of_december(client, tree, organiser, january):
    member = make_member(tree.branch)
    activity = held(tree.branch, topic="十二月的会")
    Attendance.objects.create(activity=activity, member=member, state="present", marked_at=HELD)
    close(tree.east)
    accept(activity, now=MARCH)
    page = shown(client)
    assert "2026 年 3 月 5 日" in page
    assert "补录：十二月的会，1 人，+1.5 学时" in page


def test_this_year_is_not_closed_and_another_units_year_is_not_closed_by_a_part_of_it(client, tree, organiser, january):
    assert "这一年还没有结束" in shown(client, "/organise/years/2026/")
    assert client.get("/organise/years/2026/close/").status_code == 404
    assert client.post("/organise/years/2026/close/").status_code == 404
    assert client.post(f"{HERE}close/", {"unit": tree.branch.code}).status_code == 404
    assert not YearClosing.objects.exists()


# --- after --------------------------------------------------------------------------
def test_sums_stand_by_unit_in_the_order_of_codes_with_their_denominator(client, tree, organiser, january):
    met, other = make_member(tree.branch), make_member(tree.sibling)
    make_member(tree.group, flexible_study=True)
    enter(met, "32")
    enter(other, "31.75")
    close(tree.east)
    page = shown(client)
    assert "应学 3 人，学满 1 人" in page  # the organiser belongs there too
    assert page.index(tree.branch.name) < page.index(tree.sibling.name)
    assert "不作排名" in page
    assert "%" not in page.partition("<main")[2].partition("</main>")[0]


def test_figures_stay_where_they_were_closed_when_a_unit_moves(client, tree, organiser, january):
    enter(make_member(tree.branch), "32")
    close(tree.root)
    before = shown(client)
    move_unit(unit=tree.branch, parent=tree.west, actor=None, now=MARCH)
    assert "应学 2 人，学满 1 人" in before
    assert "应学 2 人，学满 1 人" in shown(client)


def test_the_workbook_says_the_same_with_the_statement(client, tree, organiser, january):
    line = enter(make_member(tree.branch, name="=1+1"), "32")
    close(tree.east, now=CLOSING_DAY)
    take_back(line)
    response = client.get(f"{HERE}export.xlsx")
    units, since = load_workbook(BytesIO(b"".join(response.streaming_content))).worksheets
    rows = [[cell.value for cell in row] for row in units.iter_rows()]
    assert rows[0] == ["编码", "组织", "党员", "应学", "学满", "已记学时"]
    assert [tree.branch.code, tree.branch.name, 1, 1, 1, 32] in rows
    assert "不作为考评依据" in rows[-1][0]
    assert [cell.value for cell in since[2]] == ["2026-03-05", tree.branch.name, "冲回：重复登记", 1, -32]
    assert AuditEvent.objects.filter(action="year.sums_taken").count() == 1


def test_there_is_nothing_to_take_along_before_the_closing(client, tree, organiser, january):
    assert client.get(f"{HERE}export.xlsx").status_code == 404


@pytest.mark.parametrize("path", ["", "close/", "export.xlsx"])
def test_the_units_of_others_are_unknown_and_secretaries_have_no_such_page(client, tree, organiser, january, path):
    close(tree.root)
    assert client.get(f"{HERE}{path}?unit={tree.far.code}").status_code == 404
    assert client.get(f"{HERE}{path}?unit={tree.root.code}").status_code == 404
    secretary = Client()
    secretary.force_login(make_leader(tree.branch))
    assert secretary.get(f"{HERE}{path}").status_code == 404


def test_the_list_has_the_years_with_hours_and_how_each_stands(client, tree, organiser, january):
    enter(make_member(tree.branch), on=date(2023, 5, 1))
    close(tree.root, year=2023)
    page = shown(client, "/organise/years/")
    assert [year for year in range(2020, 2028) if f"{year} 年" in page.partition("<main")[2]] == [2023, 2025, 2026]
    for said in (
        "2026 年 1 月 10 日已结转，到期自动结转",
        "还没有结转，2026 年 1 月 31 日会自动结转",
        "这一年还没有结束",
    ):
        assert said in page


def test_more_units_and_lines_cost_no_more_queries(client, tree, organiser, january, django_assert_num_queries):
    def live(unit, number):
        for _ in range(number):
            take_back(enter(make_member(unit)), at=JANUARY + timedelta(days=3))

    live(tree.branch, 1)
    closing = close(tree.east)
    live(tree.branch, 1)
    shown(client)
    with django_assert_num_queries(12) as few:
        shown(client)
    closing.delete()
    live(tree.branch, 4)
    live(tree.sibling, 4)
    close(tree.east)
    live(tree.sibling, 4)
    with django_assert_num_queries(len(few)):
        shown(client)
