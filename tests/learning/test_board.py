"""The board at every level, for a plan made through the web: figures, reasons, the export from the raw tables."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from learning.board.people import people_of, rows_of
from learning.completion.actions import publish_plan
from learning.completion.models import Completion, Enrolment
from learning.completion.standing import Standing
from learning.completion.tallies import fold_deltas
from learning.plans.actions import make_plan
from learning.plans.models import StudyPlan
from members.accounts.models import MemberStatus, StudyWay
from members.audit.models import AuditEvent
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.learning.makers import Viewing, make_course, make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def organiser(tree):
    user = make_leader(tree.root, Role.ORGANISER)
    user.member.affiliations.all().delete()  # leads, and is not counted
    return user


@pytest.fixture
def lessons(tree):
    course = make_course(tree.root)
    return [make_lesson(tree.root, title=title, course=course, seconds=60) for title in ("第一课", "第二课")]


@pytest.fixture
def people(tree):
    return {
        "done": make_person(tree.branch, name="安若谷").member,
        "doing": make_person(tree.branch, name="卞春和").member,
        "todo": make_person(tree.group, name="方静宜").member,
        "paper": make_member(tree.sibling, name="耿长林", study_way=StudyWay.PAPER),
        "flexible": make_member(tree.branch, name="顾文竹", flexible_study=True),
        "activist": make_member(tree.branch, name="韩立夏", status=MemberStatus.ACTIVIST),
        "far": make_person(tree.far, name="纪云帆").member,
    }


@pytest.fixture
def plan(client, tree, organiser, lessons, people):
    """Made, filled and sent as an organiser does it; then two of the people study."""
    client.force_login(organiser)
    first = {"title": "年度计划", "organisation": tree.east.code, "starts_on": "2026-01-01", "ends_on": "2099-12-31"}
    draft = client.post("/organise/plans/new/", first).url
    client.post(draft, {**first, "add": [f"i{lesson.pk}" for lesson in lessons]})
    client.post(f"{draft}publish/")
    for lesson in lessons:
        Viewing(people["done"], lesson).watch(0, 60)
    Viewing(people["doing"], lessons[0]).watch(0, 60)
    return StudyPlan.objects.get()


def page(client, code: str = "", **asked) -> str:
    answer = client.get(f"/organise/{code}/" if code else "/organise/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def figures(said: str, name: str) -> list[int]:
    """The eight figures of the row with this name, in the order of the head."""
    row = re.search(rf"<tr[^>]*>(?:(?!</tr>).)*{name}(?:(?!</tr>).)*</tr>", said, re.DOTALL)[0]
    return [int(number) for number in re.findall(r'data-label="[^"]+">(\d+)<', row)]


def test_a_committee_shows_its_branches_with_who_is_to_study(client, tree, plan):
    said = page(client, tree.east.code)
    assert "党员 5 人，其中应学 4 人，已学完 1 人" in said
    assert figures(said, tree.branch.name) == [4, 3, 1, 1, 1, 0, 1, 0]
    assert figures(said, tree.sibling.name) == [1, 1, 0, 0, 0, 1, 0, 0]
    assert figures(said, "合计") == [5, 4, 1, 1, 1, 1, 1, 0]
    assert tree.far.name not in said


def test_before_the_first_plan_an_organiser_reads_what_to_do_and_a_secretary_what_will_come(client, tree, organiser):
    client.force_login(organiser)
    said = page(client)
    for way in ("/organise/imports/new/", "/organise/plans/new/"):
        assert f'href="{way}"' in said
    client.force_login(make_leader(tree.east, Role.SECRETARY))
    assert "/organise/plans/new/" not in page(client, tree.east.code)


def test_the_root_shows_nothing_of_those_whom_the_plan_does_not_concern(client, tree, plan):
    assert figures(page(client, tree.root.code), tree.west.name) == [0] * 8


def test_a_branch_names_people_with_their_reason(client, tree, plan):
    said = page(client, tree.branch.code)
    assert "还差 1 项：第二课" in said
    assert "还差 2 项：第一课、第二课" in said
    assert "安若谷" not in said  # nothing to go
    everybody = page(client, tree.branch.code, who="all", plan=plan.pk)
    names = re.findall(r"安若谷|卞春和|方静宜|顾文竹", everybody)
    assert names == ["安若谷", "卞春和", "方静宜", "顾文竹"]  # as they are spoken, whoever has done what
    assert "韩立夏" not in everybody


def test_a_group_and_a_person_have_their_pages(client, tree, plan, people):
    assert "方静宜" in page(client, tree.group.code)
    said = page(client, f"{tree.branch.code}/people/{people['doing'].number}")
    assert "还差 1 项：第二课" in said
    assert re.findall(r'item-name">([^<]+)<', said) == ["第一课", "第二课"]


def test_who_studies_with_the_branch_is_never_called_not_started(client, tree, plan):
    said = page(client, tree.sibling.code)
    assert "由支部组织学习" in said
    assert "还没开始" not in re.search(r"<tbody.*</tbody>", said, re.DOTALL)[0]


def test_no_page_shows_seconds_visits_or_a_time_of_day(client, tree, plan, people):
    for code in (tree.east.code, tree.branch.code, f"{tree.branch.code}/people/{people['doing'].number}"):
        main = re.search(r"<main.*</main>", page(client, code), re.DOTALL)[0]
        assert not re.search(r"\d{1,2}:\d{2}|最近一次|次访问|名次|排名第", main)


def test_who_is_behind_in_one_branch_is_found_in_three_clicks_and_exported_in_one_more(client, tree, plan):
    said, address = page(client), "/organise/"
    for name in (tree.east.name, tree.branch.name):
        address = re.search(rf'href="([^"]+)">{name}<', said)[1].replace("&amp;", "&")
        said = client.get(address).content.decode()
    assert "方静宜" in said
    export = re.search(r'href="([^"]+export\.xlsx[^"]*)"', said)[1]
    assert client.get(export).status_code == 200


def exported(client, code: str, plan: StudyPlan):
    answer = client.get(f"/organise/{code}/export.xlsx", {"plan": plan.pk})
    return load_workbook(BytesIO(b"".join(answer.streaming_content)))


@pytest.mark.parametrize("unit", ["root", "east", "branch", "group"])
def test_the_export_is_what_the_raw_tables_say(client, tree, plan, unit):
    """Recounted here from enrolments and completions alone, without tallies, deltas or the board's own code."""
    while fold_deltas(limit=3):
        pass
    unit = getattr(tree, unit)
    book = exported(client, unit.code, plan)
    raw = Enrolment.objects.filter(plan=plan, left_on=None, organisation__path__startswith=unit.path)
    counted = Counter(raw.values_list("standing", flat=True))
    order = [Standing.DONE, Standing.DOING, Standing.TODO, Standing.BY_BRANCH, Standing.NOT_REQUIRED]
    expected = sum(counted.values()) - counted[Standing.NOT_REQUIRED]
    units = [row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == unit.code]
    assert list(units[-1][2:9]) == [sum(counted.values()), expected, *(counted[each] for each in order)]
    people = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in people] == [
        each.member.number for each in raw.order_by("organisation__code", "member__number")
    ]
    for row, each in zip(people, raw.order_by("organisation__code", "member__number"), strict=True):
        still = Completion.objects.filter(enrolment=each).exclude(standing=Standing.DONE)
        for title in still.values_list("plan_item__item__title", flat=True):
            assert title in (row[4] or "") or each.standing == Standing.NOT_REQUIRED


def test_the_export_and_the_page_say_the_same(client, tree, plan):
    book = exported(client, tree.east.code, plan)
    said = page(client, tree.east.code, plan=plan.pk)
    for row in book.worksheets[0].iter_rows(min_row=2, max_row=3, values_only=True):
        assert list(row[2:10]) == figures(said, row[1])


def test_nothing_in_the_export_is_a_formula(client, tree, plan, people):
    people["todo"].name = "=HYPERLINK(1)"
    people["todo"].save()
    cells = [cell for line in exported(client, tree.east.code, plan).worksheets[1].iter_rows() for cell in line]
    assert "=HYPERLINK(1)" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_looking_at_people_and_exporting_them_is_written_down(client, tree, plan, people):
    page(client, tree.branch.code)
    page(client, f"{tree.branch.code}/people/{people['doing'].number}")
    exported(client, tree.branch.code, plan)
    seen = set(AuditEvent.objects.filter(organisation=tree.branch.code).values_list("action", flat=True))
    assert seen == {"board.people_seen", "board.person_seen", "board.exported"}


def test_another_organisation_finds_no_page_of_it(client, tree, plan, people):
    for far in (make_leader(tree.west, Role.ORGANISER), make_leader(tree.sibling), make_person(tree.branch)):
        client.force_login(far)
        code, number = tree.branch.code, people["doing"].number
        for rest in ("", "export.xlsx", "remind/", f"people/{number}/"):
            assert client.get(f"/organise/{code}/{rest}").status_code == 404


def test_a_person_is_found_under_their_own_units_only(client, tree, plan, people):
    assert client.get(f"/organise/{tree.sibling.code}/people/{people['doing'].number}/").status_code == 404


def test_the_board_begins_with_the_plan_that_everybody_there_is_in(client, tree, plan, lessons):
    first = {
        "title": "支部自己的",
        "organisation": tree.branch.code,
        "starts_on": "2026-06-01",
        "ends_on": "2099-12-31",
    }
    draft = client.post("/organise/plans/new/", first).url
    client.post(draft, {**first, "add": f"i{lessons[0].pk}"})
    client.post(f"{draft}publish/")
    chosen = r'<option value="\d+" selected>([^<]+)<'
    assert re.search(chosen, page(client, tree.east.code))[1] == "年度计划"
    assert re.search(chosen, page(client, tree.branch.code))[1] == "支部自己的"
    assert "年度计划" in page(client, tree.sibling.code)
    assert "支部自己的" not in page(client, tree.sibling.code)


def test_who_was_there_when_the_plan_went_out_at_night_did_not_join_later(tree, lessons, people, organiser):
    """Half past midnight here is still the day before by the clock of the world."""
    night = datetime(2026, 6, 1, 16, 30, tzinfo=UTC)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2099, 12, 31)}
    plan = make_plan(title="夜里发出", organisation=tree.east, items=lessons, **days)
    publish_plan(plan, now=night)
    found = people_of(tree.group, plan, user=make_leader(tree.east))
    reasons = [row.reason for row in rows_of(found, plan, user=organiser, today=date(2026, 6, 2))]
    assert reasons == ["还差 2 项：第一课、第二课。"]


@pytest.mark.parametrize("more", [0, 12])
def test_the_board_asks_as_many_queries_for_many_units_and_people(client, tree, plan, more, django_assert_num_queries):
    for _ in range(more):
        make_member(tree.branch)
    page(client, tree.east.code)
    with django_assert_num_queries(5):
        page(client, tree.east.code)


def test_the_page_of_people_asks_no_more_queries_for_more_people(
    client, tree, plan, django_assert_num_queries, django_assert_max_num_queries
):
    page(client, tree.branch.code)
    with django_assert_max_num_queries(12) as few:  # PostgreSQL locks the chain of the audit log
        page(client, tree.branch.code)
    Enrolment.objects.bulk_create(
        Enrolment(
            plan=plan,
            member=make_member(tree.branch),
            organisation=tree.branch,
            standing="todo",
            counts_from=date(2026, 1, 1),
        )
        for _ in range(12)
    )
    with django_assert_num_queries(len(few)):
        page(client, tree.branch.code)
