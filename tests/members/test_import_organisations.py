"""A workbook of organisations becomes the tree, whole or not at all, and the same workbook twice changes nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.audit.models import AuditEvent
from members.audit.queries import broken_links
from members.events import UnitMove, organisation_moved
from members.organisation import unit_rows
from members.organisation.actions import import_organisations
from members.organisation.models import ImportBatch, Organisation, Placement
from members.organisation.unit_rows import COLUMNS
from tests.factories import make_account, make_member
from tests.members.register import everything, exported_units
from tests.members.workbooks import sheet_of, workbook

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ROWS = (
    ("R", "柳湾街道党工委", "党工委", "", "街道"),
    ("R1", "东社区党委", "党委", "R", "社区"),
    ("R2", "西社区党委", "党委", "R", "社区"),
    ("R11", "第一党支部", "党支部", "R1", "居民区"),
    ("R111", "第一党小组", "党小组", "R11", "居民区"),
    ("R1P1", "东片区党支部", "非建制性片区党支部", "R1", "居民区"),
)


def take(*rows: tuple, now: datetime = NOW, **options):
    return import_organisations(sheet=sheet_of(*rows), actor=None, now=now, **options)


def counts(report) -> tuple[int, int, int]:
    return report.made, report.changed, report.unchanged


def test_a_workbook_becomes_the_tree():
    report = take(*ROWS)
    assert (counts(report), report.problems, report.is_written) == ((6, 0, 0), [], True)
    assert exported_units() == set(ROWS)
    assert not any(Organisation.find_problems())
    assert set(Organisation.objects.filter(is_functional=True).values_list("code", flat=True)) == {"R1P1"}
    assert Placement.objects.filter(since=NOW, until=None).count() == 6


def test_the_same_workbook_again_changes_nothing_at_all():
    take(*ROWS)
    before = everything()
    report = take(*ROWS, now=NOW + timedelta(days=1))
    assert (counts(report), report.is_written) == ((0, 0, 6), False)
    assert everything() == before


def test_a_dry_run_says_the_same_and_writes_nothing():
    before = everything()
    assert counts(take(*ROWS, dry_run=True)) == (6, 0, 0)
    assert everything() == before


def test_one_bad_row_keeps_every_row_out():
    before = everything()
    report = take(*ROWS, ("R12", "第二党支部", "党支部", "R9", ""))
    assert [(problem.row, problem.column, problem.reason) for problem in report.problems] == [
        (8, "上级编码", unit_rows.UNKNOWN_PARENT)
    ]
    assert (counts(report), report.is_written) == ((0, 0, 0), False)
    assert everything() == before


def test_a_row_with_other_words_changes_its_unit():
    take(*ROWS)
    report = take(("R11", "第一联合党支部", "联合党支部", "R1", "企业"), ROWS[0])
    assert counts(report) == (0, 1, 1)
    assert ("R11", "第一联合党支部", "联合党支部", "R1", "企业") in exported_units()
    batch = ImportBatch.objects.latest("pk")
    before = {"name": "第一党支部", "kind": "branch", "sector": "居民区"}
    after = {"name": "第一联合党支部", "kind": "joint_branch", "sector": "企业"}
    assert batch.changed == [{"pk": Organisation.objects.get(code="R11").pk, "before": before, "after": after}]


def test_a_unit_under_another_superior_moves_with_all_below_it_and_its_history_stays():
    take(*ROWS)
    later = NOW + timedelta(days=30)
    moved = []
    organisation_moved.connect(lambda moves, **rest: moved.extend(moves), weak=False, dispatch_uid="test")
    try:
        report = take(("R11", "第一党支部", "党支部", "R2", "居民区"), now=later)
    finally:
        organisation_moved.disconnect(dispatch_uid="test")
    assert counts(report) == (0, 1, 0)
    unit = Organisation.objects.get(code="R11")
    assert unit.get_parent().code == "R2"
    assert Organisation.objects.get(code="R111").path.startswith(unit.path)
    pks = dict(Organisation.objects.values_list("code", "pk"))
    assert moved == [UnitMove(unit.pk, pks["R1"], pks["R2"])]
    assert not any(Organisation.find_problems())
    stays = Placement.objects.filter(organisation=unit).order_by("since").values_list("parent__code", "since", "until")
    assert list(stays) == [("R1", NOW, later), ("R2", later, None)]


def test_two_units_may_change_places_in_one_workbook():
    take(*ROWS[:2], ("R2", "西社区党委", "党委", "R1", "社区"))
    report = take(("R2", "西社区党委", "党委", "R", "社区"), ("R1", "东社区党委", "党委", "R2", "社区"))
    assert counts(report) == (0, 2, 0)
    assert [unit.code for unit in Organisation.objects.all()] == ["R", "R2", "R1"]
    assert not any(Organisation.find_problems())


def test_a_receiver_that_cannot_follow_rolls_everything_back():
    take(*ROWS)
    before = everything()

    def cannot(**news):
        raise LookupError

    organisation_moved.connect(cannot, dispatch_uid="test")
    try:
        with pytest.raises(LookupError):
            take(("R11", "新名称", "党支部", "R2", ""), ("R12", "第二党支部", "党支部", "R1", ""))
    finally:
        organisation_moved.disconnect(dispatch_uid="test")
    assert everything() == before


def test_an_import_is_kept_and_told_to_the_audit_log():
    actor = make_account(username="admin1")
    import_organisations(sheet=sheet_of(*ROWS), actor=actor, now=NOW)
    batch = ImportBatch.objects.get()
    assert (batch.kind, batch.file_name, batch.sha256, batch.imported_at) == (
        "organisations",
        "名单.xlsx",
        "0" * 64,
        NOW,
    )
    assert (batch.imported_by, len(batch.made), batch.changed, batch.unchanged_rows) == (actor, 6, [], 0)
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.object_id) == ("organisations.imported", actor.pk, str(batch.pk))
    assert event.detail == {"made": 6, "changed": 0, "unchanged": 0, "sha256": "0" * 64}
    assert broken_links() == []


def test_a_branch_with_people_cannot_become_an_area_branch():
    take(*ROWS)
    make_member(Organisation.objects.get(code="R11"))
    report = take(("R11", "第一党支部", "片区党支部", "R1", ""))
    assert report.problems[0].reason == unit_rows.PEOPLE_BELONG


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_tree_goes_in_comes_out_alike_and_can_be_replanted(data):
    with transaction.atomic():
        for _ in range(2):
            rows = data.draw(trees())
            assert take(*rows).problems == []
            assert exported_units() >= set(rows)
            assert not any(Organisation.find_problems())
            assert counts(take(*exported_units())) == (0, 0, Organisation.objects.count())
        transaction.set_rollback(True)


@st.composite
def trees(draw) -> list[tuple[str, ...]]:
    """Up to twelve committees in any order, each under one that was named before it, or under none."""
    codes = draw(st.permutations([f"C{number}" for number in range(draw(st.integers(1, 12)))]))
    rows = []
    for place, code in enumerate(codes):
        parent = draw(st.sampled_from(["", *codes[:place]]))
        rows.append((code, draw(st.sampled_from("甲乙丙")), "党委", parent, "社区"))
    return draw(st.permutations(rows))


class TestCommand:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "组织.xlsx"

    def run(self, path, *options) -> int:
        try:
            call_command("import_organisations", str(path), *options)
        except SystemExit as end:
            return end.code
        return 0

    def test_it_takes_a_workbook_once(self, path, capsys):
        workbook(path, *ROWS, header=(*COLUMNS, "备注"))
        assert self.run(path, "--dry-run") == 0
        assert Organisation.objects.count() == 0
        assert self.run(path) == 0
        assert self.run(path) == 0
        assert exported_units() == set(ROWS)
        assert "备注" in capsys.readouterr().err

    def test_it_lists_every_bad_row_writes_nothing_and_ends_with_one(self, path, capsys):
        workbook(path, *ROWS, ("R12", "=A1", "支部", "R1", ""), ("R13", "", "党支部", "R7", ""), header=COLUMNS)
        for options in ((), ("--dry-run",)):
            assert self.run(path, *options) == 1
            lines = capsys.readouterr().err.splitlines()
            assert len(lines) == 5
            for line, words in zip(
                lines, [("8", "名称"), ("8", "类型"), ("9", "名称"), ("9", "上级编码")], strict=False
            ):
                assert all(word in line for word in words)
        assert Organisation.objects.count() == 0

    @pytest.mark.parametrize("name", ["没有.xlsx", "", "a\0b"])
    def test_a_file_that_is_none_is_one_sentence(self, tmp_path, name, capsys):
        assert self.run(tmp_path / name if name else tmp_path) == 1
        assert "Traceback" not in capsys.readouterr().err
