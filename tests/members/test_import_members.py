"""A workbook of members becomes the register, whole or not at all, and the same workbook twice changes nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.accounts import member_rows
from members.accounts.actions import import_members
from members.accounts.member_rows import COLUMNS
from members.accounts.member_words import POST_WORDS, STATUS_WORDS
from members.accounts.models import EndKind, Member, User
from members.accounts.phones import phone_keys
from members.audit.models import AuditEvent
from members.events import Move, affiliation_changed, standing_changed
from members.organisation.models import Affiliation, ImportBatch, Post
from tests.factories import Tree, make_account, make_organisation, make_tree
from tests.members.register import everything, exported_members
from tests.members.workbooks import sheet_of, workbook

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
TODAY, THEN = date(2026, 11, 22), date(2026, 12, 22)
LI = ("03020019", "李建国", "13800000472", "B1", "正式党员", "1988-07-01", "书记、组织委员")
AYI = ("03020020", "阿依古丽·买买提", "", "G1", "预备党员", "2026-01-05", "")
WANG = ("03020021", "王秀英", "13800000472", "B2", "入党积极分子", "", "")


@pytest.fixture
def tree() -> Tree:
    tree = make_tree()
    for unit, code in ((tree.branch, "B1"), (tree.group, "G1"), (tree.sibling, "B2"), (tree.far, "B3")):
        unit.code = code
        unit.save(update_fields=["code"])
    make_organisation("东片区党支部", parent=tree.east, kind="functional_branch", code="P1")
    return tree


@pytest.fixture
def news():
    """What was sent upward, in order."""
    heard = []

    def hear_moves(moves, now, **rest):
        assert connection.in_atomic_block
        heard.extend(moves)

    def hear_standing(member_ids, now, **rest):
        heard.extend(member_ids)

    affiliation_changed.connect(hear_moves, dispatch_uid="test")
    standing_changed.connect(hear_standing, dispatch_uid="test")
    yield heard
    affiliation_changed.disconnect(dispatch_uid="test")
    standing_changed.disconnect(dispatch_uid="test")


def take(*rows: tuple, now: datetime = NOW, **options):
    return import_members(sheet=sheet_of(*rows), actor=None, now=now, **options)


def counts(report) -> tuple[int, int, int]:
    assert report.problems == []
    return report.made, report.changed, report.unchanged


def test_a_workbook_becomes_the_register(tree, news):
    report = take(LI, AYI, WANG)
    assert (counts(report), report.is_written) == ((3, 0, 0), True)
    assert exported_members() == {LI, AYI, WANG}
    li = Member.objects.get(number="03020019")
    assert Affiliation.objects.get(member=li).since == NOW
    assert set(Post.objects.filter(member=li).values_list("since", flat=True)) == {TODAY}
    assert Move(li.pk, None, tree.branch.pk) in news
    assert len(news) == 3
    assert not User.objects.exists()


def test_the_same_workbook_again_changes_nothing_at_all(tree, news):
    take(LI, AYI, WANG)
    before = everything()
    news.clear()
    report = take(WANG, LI, AYI, now=LATER)
    assert (counts(report), report.is_written) == ((0, 0, 3), False)
    assert (everything(), news) == (before, [])


def test_a_dry_run_says_the_same_and_writes_nothing(tree, news):
    before = everything()
    assert counts(take(LI, AYI, dry_run=True)) == (2, 0, 0)
    assert (everything(), news) == (before, [])


def test_one_bad_row_keeps_every_row_out(tree):
    before = everything()
    report = take(LI, AYI, (*WANG[:3], "P1", *WANG[4:]))
    assert [(problem.row, problem.column, problem.reason) for problem in report.problems] == [
        (4, "所在组织编码", member_rows.NOBODY_BELONGS)
    ]
    assert everything() == before


def test_a_row_with_other_words_changes_its_person(tree, news):
    take(LI, AYI, WANG)
    news.clear()
    changed = ("03020020", "阿依古丽·买买提江", "13900000001", "G1", "正式党员", "2026-01-06", "")
    assert counts(take(changed, LI, now=LATER)) == (0, 1, 1)
    assert exported_members() == {LI, changed, WANG}
    member = Member.objects.get(number="03020020")
    assert member.phone_key in phone_keys("13900000001")
    assert (member.phone_last4, member.name_key) == ("0001", "阿依古丽买买提江")
    assert news == [member.pk]
    before = {"name": "阿依古丽·买买提", "status": "probationary", "joined_on": "2026-01-05", "phone_cipher": ""}
    after = {"name": member.name, "status": "full", "joined_on": "2026-01-06", "phone_cipher": member.phone_cipher}
    assert ImportBatch.objects.latest("pk").changed == [{"pk": member.pk, "before": before, "after": after}]


def test_a_blank_phone_or_date_leaves_what_is_known(tree):
    take(LI)
    assert counts(take((*LI[:2], "", *LI[3:5], "", LI[6]))) == (0, 0, 1)


def test_a_row_with_another_unit_closes_the_old_affiliation_and_its_posts(tree, news):
    take(LI)
    news.clear()
    assert counts(take((*LI[:3], "B3", *LI[4:6], "宣传委员"), now=LATER)) == (0, 1, 0)
    li = Member.objects.get()
    stays = Affiliation.objects.filter(member=li).order_by("since").values_list("organisation__code", "since", "until")
    assert list(stays) == [("B1", NOW, LATER), ("B3", LATER, None)]
    posts = Post.objects.filter(member=li).order_by("pk").values_list("organisation__code", "kind", "until")
    assert sorted(posts) == [
        ("B1", "organisation_member", THEN),
        ("B1", "secretary", THEN),
        ("B3", "publicity_member", None),
    ]
    assert news == [Move(li.pk, tree.branch.pk, tree.far.pk)]
    [trace] = ImportBatch.objects.latest("pk").changed
    left = Affiliation.objects.get(until=LATER)
    assert (trace["affiliation_left"], trace["affiliation_made"]) == (left.pk, Affiliation.objects.open().get().pk)


def test_a_post_given_up_ends_and_one_elsewhere_stays(tree):
    take(LI)
    li = Member.objects.get()
    elsewhere = Post.objects.create(member=li, organisation=tree.east, kind="deputy_secretary", since=TODAY)
    assert counts(take((*LI[:6], "书记"), now=LATER)) == (0, 1, 0)
    open_posts = Post.objects.filter(until=None).values_list("kind", flat=True)
    assert set(open_posts) == {"secretary", "deputy_secretary"}
    elsewhere.refresh_from_db()
    assert elsewhere.until is None
    assert counts(take(LI, now=LATER)) == (0, 1, 0)
    assert exported_members() == {LI}


def test_an_account_follows_the_name_of_its_member(tree):
    take(LI, AYI)
    user = make_account(Member.objects.get(number=LI[0]))
    other = make_account(Member.objects.get(number=AYI[0]))
    User.objects.filter(pk=other.pk).update(display_name="小阿")
    take((LI[0], "李建军", *LI[2:]), (AYI[0], "阿依古丽", *AYI[2:]))
    user.refresh_from_db()
    other.refresh_from_db()
    assert (user.display_name, other.display_name) == ("李建军", "小阿")


def test_a_person_without_a_unit_is_given_one(tree, news):
    take(LI)
    Affiliation.objects.all().delete()
    Post.objects.all().delete()
    news.clear()
    assert counts(take(LI, now=LATER)) == (0, 1, 0)
    assert (exported_members(), news) == ({LI}, [Move(Member.objects.get().pk, None, tree.branch.pk)])


def test_an_ended_membership_is_not_taken_up_again_in_silence(tree):
    take(LI)
    Member.objects.update(ended_on=TODAY, ended_kind=EndKind.TRANSFERRED)
    assert [problem.reason for problem in take(LI).problems] == [member_rows.ENDED]


def test_a_number_that_lost_its_zeros_makes_no_second_person(tree):
    take(LI)
    report = take(("3020019", *LI[1:]))
    assert [problem.reason for problem in report.problems] == [member_rows.LOST_ZEROS]
    assert counts(take(("3020019", "李红", *LI[2:]))) == (1, 0, 0)


def test_a_receiver_that_cannot_follow_rolls_everything_back(tree):
    before = everything()

    def cannot(**news):
        raise LookupError

    affiliation_changed.connect(cannot, dispatch_uid="test")
    try:
        with pytest.raises(LookupError):
            take(LI, AYI)
    finally:
        affiliation_changed.disconnect(dispatch_uid="test")
    assert everything() == before


def test_an_import_is_kept_and_told_to_the_audit_log_without_names(tree):
    actor = make_account(username="admin1")
    import_members(sheet=sheet_of(LI, AYI), actor=actor, now=NOW)
    batch, event = ImportBatch.objects.get(), AuditEvent.objects.get()
    assert (batch.kind, batch.made) == ("members", list(Member.objects.order_by("pk").values_list("pk", flat=True)))
    assert (event.action, event.actor, event.object_id) == ("members.imported", actor.pk, str(batch.pk))
    assert event.detail == {"made": 2, "changed": 0, "unchanged": 0, "sha256": "0" * 64}


def many(count: int, **cells: str) -> list[tuple]:
    rows = []
    for n in range(count):
        row = (f"{n:08d}", f"党员{n}", f"139{n:08d}", "B1" if n % 2 else "B2", "正式党员", "2001-07-01", "")
        rows.append(tuple(cells.get(column, text) for column, text in zip(COLUMNS, row, strict=True)))
    return rows


def queries_of(*rows: tuple) -> int:
    with CaptureQueriesContext(connection) as queries:
        take(*rows)
    return len(queries)


def test_a_thousand_rows_cost_a_few_dozen_queries(tree):
    assert queries_of(*many(1000)) < 50
    assert queries_of(*many(1000)) < 15
    assert queries_of(*many(1000, 姓名="某人", 所在组织编码="B3", 职务="委员")) < 80


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_register_goes_in_comes_out_alike_and_can_be_changed(tree, data):
    with transaction.atomic():
        known: dict[str, tuple] = {}
        for now in (NOW, LATER):
            rows = {row[0]: row for row in data.draw(st.lists(people(known), max_size=8, min_size=1))}
            assert take(*rows.values(), now=now).problems == []
            known |= rows
            assert exported_members() == set(known.values())
            assert counts(take(*exported_members(), now=now)) == (0, 0, len(known))
            assert Affiliation.objects.open().count() == len(known)
        transaction.set_rollback(True)


@st.composite
def people(draw, known: dict[str, tuple]) -> tuple[str, ...]:
    """Anybody; somebody known keeps a phone or a date once there is one, since a blank says nothing."""
    number = draw(st.sampled_from([*known, *(f"1000{n}" for n in range(10))]))
    _, _, phone, _, _, joined, _ = known.get(number, ("",) * 7)
    posts = draw(st.sets(st.sampled_from(sorted(POST_WORDS))))
    return (
        number,
        draw(st.sampled_from(["李建国", "阿依古丽·买买提", "O'Brien 某", "=1+1", "𠮷野"])),
        draw(st.sampled_from(["13800000472", "13900000001", phone])),
        draw(st.sampled_from(["B1", "B2", "B3", "G1"])),
        draw(st.sampled_from(sorted(STATUS_WORDS))),
        draw(st.sampled_from(["1988-07-01", "2026-11-22", joined])),
        "、".join(word for word in POST_WORDS if word in posts),
    )


class TestCommand:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "党员.xlsx"

    def run(self, path, *options) -> int:
        try:
            call_command("import_members", str(path), *options)
        except SystemExit as end:
            return end.code
        return 0

    def test_it_takes_a_workbook_once_and_its_own_rows_back(self, tree, path):
        workbook(path, (3020019, *LI[1:5], date(1988, 7, 1), LI[6]), AYI, header=COLUMNS)
        assert self.run(path, "--dry-run") == 0
        assert not Member.objects.exists()
        assert self.run(path) == 0
        expected = {("3020019", *LI[1:]), AYI}
        assert exported_members() == expected
        assert self.run(workbook(path, *exported_members(), header=COLUMNS)) == 0
        assert exported_members() == expected
        assert ImportBatch.objects.get().file_name == "党员.xlsx"

    def test_it_lists_every_bad_row_writes_nothing_and_ends_with_one(self, tree, path, capsys):
        workbook(path, LI, (*AYI[:2], "12345", *AYI[3:]), ("x", "", "", "", "", "", "=1"), header=COLUMNS)
        assert self.run(path) == 1
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == 7
        assert all(word in lines[0] for word in ("3", "手机号"))
        assert not Member.objects.exists()
        assert not ImportBatch.objects.exists()
