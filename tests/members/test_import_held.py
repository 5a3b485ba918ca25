"""Posts and participations come by lists of their own; and what the house gives out it takes again without a change."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from members.accounts import held_rows as words
from members.accounts.actions import import_members
from members.accounts.held_import import import_participations, import_posts
from members.accounts.phones import seal_phone
from members.audit.models import AuditEvent
from members.imports.exports import PhonePurpose, export_list
from members.imports.kinds import DOORS, ListKind
from members.organisation.actions import import_organisations
from members.organisation.models import ImportBatch, Participation, Post
from members.organisation.workbook import read_rows
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_organisation, make_tree
from tests.members.register import everything
from tests.members.workbooks import sheet_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    return make_member(tree.branch, number="800001", name="周新")


def post(tree, since="2026-01-05", until="", word="书记", number="800001", name="周新", unit=None) -> tuple:
    return (number, name, (unit or tree.branch).code, word, since, until)


def bring(*rows, take=import_posts, within=None):
    return take(sheet=sheet_of(*rows), actor=None, now=NOW, within=within)


def counts(report) -> tuple[int, int, int]:
    assert report.problems == []
    return report.made, report.changed, report.unchanged


def test_posts_begin_and_end_and_a_second_time_changes_nothing(tree, member):
    assert counts(bring(post(tree), post(tree, word="组织委员", since="2025-03-01", until="2026-01-04"))) == (2, 0, 0)
    assert counts(bring(post(tree))) == (0, 0, 1)
    assert counts(bring(post(tree, until="2026-06-30"), post(tree, since="2026-07-01"))) == (1, 1, 0)
    assert counts(bring(post(tree))) == (0, 0, 1)  # a blank end takes no end back
    open_posts = Post.objects.filter(until=None)
    assert [(each.kind, each.since.isoformat()) for each in open_posts] == [("secretary", "2026-07-01")]
    assert ImportBatch.objects.count() == 2


def test_who_takes_part_elsewhere_belongs_where_they_did(tree, member):
    hall = make_organisation("青年夜校", parent=tree.branch, kind="building_group")
    rows = [("800001", "周新", hall.code, "2026-03-01", "")]
    assert counts(bring(*rows, take=import_participations)) == (1, 0, 0)
    assert counts(bring(*rows, take=import_participations)) == (0, 0, 1)
    assert member.organisation_now() == tree.branch
    ended = [(*rows[0][:4], "2026-05-01")]
    assert counts(bring(*ended, take=import_participations)) == (0, 1, 0)
    assert Participation.objects.get().until is not None


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (lambda t: post(t, number="999999"), words.NUMBER, words.UNKNOWN_MEMBER),
        (lambda t: post(t, name="周欣"), words.NAME, words.OTHER_NAME),
        (lambda t: post(t, number="700001", name="远方"), words.NUMBER, words.ELSEWHERE),
        (lambda t: post(t, unit=t.far), words.POST_UNIT, words.OUTSIDE),
        (lambda t: post(t, word="总管"), words.POST, words.ONE_POST),
        (lambda t: post(t, word="书记、组长"), words.POST, words.ONE_POST),
        (lambda t: post(t, since="明年"), words.POST_SINCE, words.WRONG_DATE),
        (lambda t: post(t, since="2027-01-01"), words.POST_SINCE, words.DATE_OUTSIDE),
        (lambda t: post(t, until="2025-01-01"), words.POST_UNTIL, words.ENDS_BEFORE),
        (lambda t: post(t, since=""), words.POST_SINCE, words.MISSING),
        (lambda t: post(t, word="委员", since="2026-02-01"), words.POST_SINCE, words.GOES_ON),
    ],
)
def test_a_row_that_cannot_be_so_is_said_and_nothing_is_taken(tree, member, row, column, reason):
    make_member(tree.far, number="700001", name="远方")
    Post.objects.create(member=member, organisation=tree.branch, kind="committee_member", since="2026-01-01")
    before = everything()
    found = bring(post(tree), row(tree), within=[tree.east.path]).problems
    assert (3, column, reason) in [(each.row, each.column, each.reason) for each in found]
    assert everything() == before


def test_two_rows_that_contradict_each_other_are_both_named(tree, member):
    found = bring(post(tree), post(tree, since="2026-02-01"), post(tree)).problems
    assert {(each.row, each.reason) for each in found} == {(3, words.TWO_GO_ON), (4, words.TWICE)}


# --- what the house gives out --------------------------------------------------------------
def exported(kind: ListKind, user, tmp_path, **rest):
    path = tmp_path / "名册.xlsx"
    with path.open("wb+") as file:
        export_list(file, kind=kind, user=user, now=NOW, **rest)
    return path


@pytest.mark.parametrize("has_phones", [False, True])
def test_our_own_export_comes_in_again_without_a_change(tree, tmp_path, has_phones):
    organiser = make_leader(tree.east, Role.ORGANISER)
    phone = seal_phone("13800000001")
    make_member(tree.branch, number="00800001", name="=周新", joined_on="2001-07-01", **vars(phone))
    other = make_member(tree.group, number="800002", name="阿依古丽·买买提", status="probationary")
    far = make_member(tree.far, number="700001", name="远方")
    hall = make_organisation("楼组", parent=tree.branch, kind="building_group")
    Post.objects.create(member=other, organisation=tree.group, kind="group_leader", since="2026-01-05")
    Post.objects.create(
        member=other, organisation=tree.branch, kind="secretary", since="2020-01-05", until="2021-01-05"
    )
    Participation.objects.create(member=other, organisation=hall, since=datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    takes = {
        ListKind.ORGANISATIONS: import_organisations,
        ListKind.MEMBERS: import_members,
        ListKind.POSTS: import_posts,
        ListKind.PARTICIPATIONS: import_participations,
    }
    for kind, rows in zip(takes, (5, 3, 2, 1), strict=True):
        rest = {"purpose": PhonePurpose.MOVE} if kind == ListKind.MEMBERS and has_phones else {}
        path = exported(kind, organiser, tmp_path, **rest)
        sheet = read_rows(path, DOORS[kind].columns)
        assert far.number not in str(sheet.rows)
        assert ("13800000001" in str(sheet.rows)) is bool(rest)
        report = takes[kind](sheet=sheet, actor=organiser, now=NOW, within=[tree.east.path])
        assert counts(report) == (0, 0, rows)
    assert not ImportBatch.objects.exists()
    notes = AuditEvent.objects.filter(action="register.exported")
    assert [note.detail["telephones"] for note in notes.order_by("pk")] == ["", "move" if has_phones else "", "", ""]


def test_every_cell_of_an_export_is_a_text(tree, tmp_path):
    make_member(tree.branch, number="00800001", name="=HYPERLINK(1)")
    sheet = load_workbook(exported(ListKind.MEMBERS, make_leader(tree.east, Role.ORGANISER), tmp_path)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert "=HYPERLINK(1)" in [cell.value for cell in sheet["B"]]


def test_telephones_leave_only_with_a_purpose_through_the_page(client, tree):
    organiser = make_leader(tree.east, Role.ORGANISER)
    make_member(tree.branch, number="800001", name="周新", **vars(seal_phone("13800000001")))
    client.force_login(organiser)
    page = client.post("/organise/imports/export/", {"kind": "members", "has_phones": "on"}).content.decode()
    assert "请选择手机号用来做什么" in page
    assert not AuditEvent.objects.filter(action="register.exported").exists()
    for asked, there in (({}, False), ({"has_phones": "on", "purpose": "reach"}, True), ({"purpose": "reach"}, False)):
        answer = client.post("/organise/imports/export/", {"kind": "members", **asked})
        sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
        assert ("13800000001" in [cell.value for cell in sheet["C"]]) is there
    assert AuditEvent.objects.filter(action="register.exported").count() == 3
