"""An import can be taken back as if it had never been, until something depends on it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from members.accounts.actions import import_members
from members.accounts.held_import import import_posts
from members.accounts.membership import end_membership
from members.accounts.models import Member
from members.audit.models import AuditEvent
from members.events import affiliation_changed
from members.imports.undoing import UNDO_KEPT, ask_undo, forget_old_traces, forget_people, turn_undoings
from members.organisation.actions import import_organisations
from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation, ImportBatch, Organisation, Placement, Post
from members.roles.models import Role
from tests.factories import make_account, make_leader, make_member, make_tree
from tests.learning.makers import make_lesson
from tests.members.register import everything
from tests.members.workbooks import sheet_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
LEFT_BEHIND = ("ImportBatch", "AuditEvent")


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def organiser(tree):
    return make_leader(tree.root, Role.ORGANISER)


def person(number: str, unit, name="周新", posts="", phone="13800000001", status="正式党员") -> tuple:
    return (number, name, phone, unit.code, status, "2001-07-01", posts)


def bring(take, *rows, actor, now=NOW) -> ImportBatch:
    report = take(sheet=sheet_of(*rows), actor=actor, now=now)
    assert report.problems == []
    return ImportBatch.objects.get(pk=report.batch_id)


def undo(batch: ImportBatch, actor) -> list[str]:
    """Asks, and turns the crank; the refusals."""
    ask_undo(batch=batch, actor=actor, now=LATER)
    turn_undoings(now=LATER)
    batch.refresh_from_db()
    return batch.undo_refusals


def register() -> dict[str, list]:
    """All of this room but the trail of the import itself."""
    return {name: rows for name, rows in everything().items() if name not in LEFT_BEHIND}


def test_people_and_all_their_changes_go_as_they_came(tree, organiser):
    known = make_member(tree.sibling, number="800001", name="周欣", status="probationary")
    post = Post.objects.create(member=known, organisation=tree.sibling, kind="secretary", since="2020-01-01")
    make_account(known)
    before = register()
    rows = [person("800001", tree.branch, posts="委员"), person("800002", tree.group, name="李月", posts="组长")]
    batch = bring(import_members, *rows, actor=organiser)
    assert register() != before
    moves = []

    def hear(sender, moves: list, now, heard=moves, **kwargs):
        heard.extend(moves)

    affiliation_changed.connect(hear)
    try:
        made = Member.objects.get(number="800002").pk
        assert undo(batch, organiser) == []
    finally:
        affiliation_changed.disconnect(hear)
    after = register()
    assert before == after
    known.refresh_from_db()
    assert (known.name, known.status, known.phone_last4, known.joined_on) == ("周欣", "probationary", "", None)
    assert (known.user.display_name, known.organisation_now()) == ("周欣", tree.sibling)
    post.refresh_from_db()
    assert post.until is None
    assert not Member.objects.filter(number="800002").exists()
    told = {(move.member_id, move.before_id, move.after_id) for move in moves}
    assert told == {(made, tree.group.pk, None), (known.pk, tree.branch.pk, tree.sibling.pk)}
    assert AuditEvent.objects.filter(action="import.undone").count() == 1


def test_asked_twice_it_is_undone_once_and_the_list_can_come_again(tree, organiser):
    batch = bring(import_members, person("800002", tree.branch), actor=organiser)
    assert ask_undo(batch=batch, actor=organiser, now=LATER)
    assert not ask_undo(batch=batch, actor=organiser, now=LATER)
    assert turn_undoings(now=LATER) == 1
    assert turn_undoings(now=LATER) == 0
    assert not ask_undo(batch=batch, actor=organiser, now=LATER)
    bring(import_members, person("800002", tree.branch), actor=organiser, now=LATER)
    assert Member.objects.filter(number="800002").count() == 1


@pytest.mark.parametrize(
    ("depend", "sentence"),
    [
        (lambda member, tree, user: make_account(member), "已有账号：李月"),
        (
            lambda member, tree, user: end_membership(
                member=member, kind=EndKind.OTHER, ended_on=NOW.date(), actor=None, now=NOW
            ),
            "之后组织关系已在这里结束：李月",
        ),
        (
            lambda member, tree, user: bring(
                import_members, person("800002", tree.far, name="李月"), actor=user, now=NOW + timedelta(minutes=5)
            ),
            "之后又换了党组织：李月",
        ),
        (
            lambda member, tree, user: member.progress.create(
                item=make_lesson(tree.root), state="studying", started_at=NOW, touched_at=NOW
            ),
            "李月",
        ),
        (
            lambda member, tree, user: Post.objects.create(
                member=member, organisation=tree.branch, kind="secretary", since=NOW.date()
            ),
            "李月",
        ),
    ],
)
def test_what_came_to_depend_on_it_is_named_and_nothing_is_touched(tree, organiser, depend, sentence):
    batch = bring(import_members, person("800002", tree.branch, name="李月"), actor=organiser)
    depend(Member.objects.get(number="800002"), tree, organiser)
    before = register()
    refusals = undo(batch, organiser)
    assert sentence in "".join(refusals)
    assert register() == before
    assert batch.undone_at is None


def test_who_was_changed_again_or_moved_on_is_not_changed_back(tree, organiser):
    make_member(tree.branch, number="800001", name="周欣")
    make_member(tree.branch, number="800002", name="李月")
    batch = bring(
        import_members, person("800001", tree.branch), person("800002", tree.group, name="李悦"), actor=organiser
    )
    Member.objects.filter(number="800001").update(name="周心")
    Affiliation.objects.filter(member__number="800002", until=None).update(until=LATER)
    refusals = "".join(undo(batch, organiser))
    assert "之后又改过：周心" in refusals
    assert "李悦" in refusals


def test_units_go_and_change_back_with_where_they_stood(tree, organiser):
    before = register()
    rows = [
        ("N1", "新党委", "党委", tree.root.code, ""),
        ("N11", "新支部", "党支部", "N1", ""),
        (tree.sibling.code, "改名", "联合党支部", "N1", "企业"),
    ]
    batch = bring(import_organisations, *rows, actor=organiser)
    assert Organisation.objects.get(pk=tree.sibling.pk).get_parent().code == "N1"
    assert undo(batch, organiser) == []
    assert Placement.objects.filter(organisation=tree.sibling).count() == 1
    assert Organisation.objects.get(pk=tree.sibling.pk).get_parent() == tree.east
    after = register()
    assert after["Placement"] == before["Placement"]
    names = [(unit.code, unit.name, unit.kind, unit.sector, unit.depth) for unit in Organisation.objects.all()]
    assert ("改名" not in str(names), len(names)) == (True, 7)


def test_a_unit_in_which_somebody_lives_by_now_stays(tree, organiser):
    batch = bring(import_organisations, ("N1", "新支部", "党支部", tree.east.code, ""), actor=organiser)
    unit = Organisation.objects.get(code="N1")
    make_member(unit, name="李月")
    assert "新支部" in "".join(undo(batch, organiser))
    assert Organisation.objects.filter(code="N1").exists()


def test_posts_go_and_ends_are_taken_back(tree, organiser):
    member = make_member(tree.branch, number="800001", name="周新")
    old = Post.objects.create(member=member, organisation=tree.branch, kind="secretary", since="2020-01-01")
    rows = [
        ("800001", "周新", tree.branch.code, "书记", "2020-01-01", "2026-01-01"),
        ("800001", "周新", tree.branch.code, "书记", "2026-01-02", ""),
    ]
    batch = bring(import_posts, *rows, actor=organiser)
    assert undo(batch, organiser) == []
    assert [(each.pk, each.until) for each in Post.objects.all()] == [(old.pk, None)]
    again = bring(import_posts, *rows, actor=organiser)
    Post.objects.filter(pk=old.pk).update(until="2026-01-03")
    assert "之后又改过：周新" in "".join(undo(again, organiser))


def test_what_lies_elsewhere_is_not_undone_by_who_does_not_organise_it(tree, organiser):
    batch = bring(import_members, person("800002", tree.far, name="李月"), actor=organiser)
    east = make_leader(tree.east, Role.ORGANISER)
    assert "不归您管理" in "".join(undo(batch, east))
    assert undo(batch, organiser) == []


def test_the_page_shows_what_the_import_did_and_undoes_it_with_one_button(client, tree, organiser):
    batch = bring(import_members, person("800002", tree.branch), actor=organiser, now=timezone.now())
    client.force_login(organiser)
    address = f"/organise/imports/{batch.pk}/"
    assert "撤销导入" in client.get(address).content.decode()
    assert client.post(address).url == address
    assert "正在撤销" in client.get(address).content.decode()
    turn_undoings(now=timezone.now())
    page = client.get(address).content.decode()
    assert "已于" in page
    assert "撤销导入</button>" not in page
    assert "已撤销" in client.get("/organise/imports/").content.decode()
    far = Client()
    far.force_login(make_leader(tree.west, Role.ORGANISER))
    assert far.get(address).status_code == far.post(address).status_code == 404


def test_after_a_month_nothing_of_before_is_kept(tree, organiser):
    make_member(tree.branch, number="800001", name="周欣")
    batch = bring(import_members, person("800001", tree.branch), actor=organiser)
    assert forget_old_traces(now=NOW + UNDO_KEPT) == 0
    assert forget_old_traces(now=NOW + UNDO_KEPT + timedelta(seconds=1)) == 1
    assert "不再保留" in "".join(undo(batch, organiser))
    assert "周欣" not in str(list(ImportBatch.objects.values()))


def test_who_is_erased_is_erased_from_the_trail_too(tree, organiser):
    known = make_member(tree.branch, number="800001", name="周欣")
    bring(import_members, person("800001", tree.branch), actor=organiser)
    forget_people([known.pk])
    assert "周欣" not in str(list(ImportBatch.objects.values()))
