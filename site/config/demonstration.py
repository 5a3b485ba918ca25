"""Loads the demo through the doors of real use: imports, publishing, heartbeats. Invented people, true actions."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from config.demo import people, tree
from config.demo_pages import load_pages
from config.installation import DEMO, HELP_PHONE, set_rule
from learning.completion.actions import publish_plan
from learning.completion.tallies import fold_deltas
from learning.courses.models import StudyItem
from learning.plans.actions import make_plan
from learning.plans.models import StudyPlan
from learning.progress.pace import Pace
from learning.study.actions import Beat, record_beat
from learning.study.visits import open_visit, read_visit
from members.accounts.actions import import_members
from members.accounts.codes import issue_code
from members.accounts.member_rows import COLUMNS as MEMBER_COLUMNS
from members.accounts.models import Member, User
from members.organisation.actions import import_organisations
from members.organisation.models import Organisation
from members.organisation.unit_rows import COLUMNS as UNIT_COLUMNS
from members.organisation.workbook import read_rows
from members.roles.actions import grant_role
from members.roles.models import Role

# Of each nine people online: how much of the three lessons they have seen.
SHARES = [(1, 1, 1), (1,), (), (1, 1, 1), (1, 0.6), (0.4,), (1, 1, 1), (), (1, 1)]
PACE = Pace(rate=2, slack_seconds=5, gap_seconds=3)
NAME = "柳湾学堂"
PHONE = "6120 0137"


@dataclass(frozen=True)
class SignInCard:
    who: str
    number: str
    code: str


@transaction.atomic
def load_demo(count: int, *, now: datetime, tell: Callable[[str], None]) -> list[SignInCard]:
    """Everything or nothing: killed half-way, the next start begins anew. The cards of the four who show it."""
    tell("党组织和党员 Units and members")
    load_people(count, now=now)
    tell("文章和课程 Articles and lessons")
    load_pages(NAME, Organisation.objects.get(code="LW"), now=now)
    tell("学习计划和学习情况 A plan, and what has been studied")
    load_plan(now=now)
    load_study(now=now)
    while fold_deltas():
        pass
    set_rule(HELP_PHONE, PHONE, source="演示", now=now)
    set_rule(DEMO, True, source="演示", now=now)
    return list(sign_in_cards(now=now))


def load_people(count: int, *, now: datetime) -> None:
    """Units and members, through the imports; the ways of study beside."""
    with tempfile.TemporaryDirectory() as folder:
        units = _workbook(Path(folder) / "units.xlsx", tree.HEADERS, (row.cells() for row in tree.organisations()))
        _take(import_organisations, units, UNIT_COLUMNS, now=now)
        rows = list(people.members(count))
        persons = _workbook(Path(folder) / "people.xlsx", people.HEADERS, (row.cells() for row in rows))
        _take(import_members, persons, MEMBER_COLUMNS, now=now)
    known = {member.number: member for member in Member.objects.all()}
    for row in rows:
        known[row.number].study_way, known[row.number].flexible_study = row.study_way, row.flexible_study
    Member.objects.bulk_update(known.values(), ["study_way", "flexible_study"], batch_size=500)


def load_plan(*, now: datetime) -> StudyPlan:
    year = timezone.localdate(now).year
    items = StudyItem.objects.filter(asset__isnull=False).order_by("course_order")
    plan = make_plan(
        title=f"{year} 年基本学习计划",
        organisation=Organisation.objects.get(code="LW"),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        items=list(items),
    )
    publish_plan(plan, now=now)
    return plan


def load_study(*, now: datetime) -> None:
    """Beats as honest players would have sent them in the weeks before: some finish, some do not begin."""
    lessons = list(StudyItem.objects.filter(asset__isnull=False).order_by("course_order"))
    online = Member.objects.present().filter(study_way="online", flexible_study=False).order_by("number")
    nobody_knows = make_password(None)
    User.objects.bulk_create(
        User(username=each.number, display_name=each.name, password=nobody_knows) for each in online
    )
    accounts = User.objects.in_bulk(field_name="username")
    for place, member in enumerate(online):
        member.user = accounts[member.number]
        member.save(update_fields=["user"])
        for lesson, share in zip(lessons, SHARES[place % len(SHARES)], strict=False):
            _watch(member, lesson, share, now=now - timedelta(days=1 + place * 7 % 60, hours=place % 9))


def _watch(member: Member, lesson: StudyItem, share: float, *, now: datetime) -> None:
    seconds = round(lesson.length_seconds * share, 1)
    opened = now - timedelta(seconds=seconds)
    signed = open_visit(member_id=member.pk, item_id=lesson.pk, pace=PACE, now=opened)
    record_beat(read_visit(signed, now=now), Beat(seq=1, spans=[(0, seconds)], position=seconds), now=now)


def sign_in_cards(*, now: datetime) -> Iterator[SignInCard]:
    """Fresh cards of the four who show the house; older ones are void."""
    root = Organisation.objects.get(code="LW")
    secretary = Member.objects.filter(posts__kind="secretary", posts__until=None).order_by("number").first()
    branch = secretary.organisation_now()
    ordinary = Member.objects.affiliated_under(branch).filter(study_way="online", flexible_study=False, posts=None)
    yield _card("党员", ordinary.order_by("number").first(), now=now)
    yield _card("支部书记", secretary, now=now, role=Role.SECRETARY, unit=branch)
    for who, name, role in (("组织员", "zuzhiyuan", Role.ORGANISER), ("编辑", "bianji", Role.EDITOR)):
        user, _ = User.objects.get_or_create(username=name, defaults={"display_name": f"演示{who}"})
        grant_role(user=user, role=role, organisation=root, actor=None, now=now)
        yield SignInCard(who, name, issue_code(actor=None, now=now, user=user))


def _card(who: str, member: Member, *, now: datetime, role: Role | None = None, unit=None) -> SignInCard:
    code = issue_code(actor=None, now=now, member=member)
    member.refresh_from_db()
    if role is not None:
        grant_role(user=member.user, role=role, organisation=unit, actor=None, now=now)
    return SignInCard(f"{who} {member.name}", member.number, code)


def _workbook(path: Path, headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for number, cells in enumerate([headers, *rows]):
        for column, cell in enumerate(cells):
            sheet.write_string(number, column, cell)
    book.close()
    return path


def _take(action, path: Path, columns: tuple[str, ...], *, now: datetime) -> None:
    report = action(sheet=read_rows(path, columns), actor=None, now=now)
    if report.problems:
        raise ValueError(f"the demo's own workbook was refused: {report.problems[:3]}")
