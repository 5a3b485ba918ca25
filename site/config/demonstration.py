"""Loads the demo through the doors of real use: imports, publishing, heartbeats. Invented people, true actions."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from django.db import transaction

from config.demo import people, tree
from config.demo_accounts import administrator_cards
from config.demo_activities import load_activities
from config.demo_autumn import load_autumn
from config.demo_checkins import load_checkins
from config.demo_handovers import load_handovers
from config.demo_help import load_help
from config.demo_hours import load_hours, read_old_news
from config.demo_messages import load_messages
from config.demo_pages import load_pages
from config.demo_portal import load_portal
from config.demo_privacy import load_privacy
from config.demo_quizzes import load_quizzes
from config.demo_study import load_confirmation, load_plan, load_study, plan_items
from config.demo_transfers import load_transfers
from config.demo_years import load_years
from config.installation import DEMO, HELP_PHONE, set_rule
from config.terminal import Parts
from learning.completion.tallies import fold_deltas
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

NAME = "柳湾学堂"
PHONE = "6120 0137"


@dataclass(frozen=True)
class SignInCard:
    who: str
    number: str
    code: str


@transaction.atomic
def load_demo(count: int, *, now: datetime, told: Parts) -> list[SignInCard]:
    """Everything or nothing: killed half-way, the next start begins anew. The cards of those who show it."""
    with told.part("党组织和党员 Units and members"):
        load_people(count, now=now)
    with told.part("文章和课程 Articles and lessons"):
        items = plan_items(load_pages(NAME, now=now))
    with told.part("学习情况 What has been studied"):
        load_study(items, now=now, so_far=told.so_far)
    with told.part("题库和测验 Questions and quizzes"):
        load_quizzes(now=now)
    with told.part("一年的活动 A year of activities"):
        load_activities(now=now)
        read_old_news(now=now)
    with told.part("外出和报到 Times away"):
        load_checkins(now=now)
        load_transfers(now=now)
    with told.part("去年的培训和结转 Last year's trainings, closed"):
        load_years(now=now)
    with told.part("学习计划 A study plan"):
        load_plan(items, now=now)
    set_rule(HELP_PHONE, PHONE, source="演示", now=now)
    set_rule(DEMO, True, source="演示", now=now)
    cards = list(sign_in_cards(now=now))
    with told.part("门户、意见和提醒 Portal, feedback and reminders"):
        load_portal(now=now)
        load_messages(now=now)
        load_autumn(now=now)
        load_handovers(now=now)
        member, secretary = (Member.objects.get(number=card.number) for card in cards[:2])
        load_privacy(member=member, secretary=secretary, now=now)
        load_hours(member=member, secretary=secretary, now=now)
        load_help(member=member, secretary=secretary, now=now)
        read_old_news(now=now)
        load_confirmation(secretary.user, now=now)
        while fold_deltas():
            pass
    return cards


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


def sign_in_cards(*, now: datetime) -> Iterator[SignInCard]:
    """Fresh cards of those who show the house; older ones are void."""
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
    yield from (SignInCard(*each) for each in administrator_cards(now=now))


def _card(who: str, member: Member, *, now: datetime, role: Role | None = None, unit=None) -> SignInCard:
    code = issue_code(actor=None, now=now, member=member)
    member.refresh_from_db()
    User.objects.filter(pk=member.user_id).update(consent_version=0)  # asked once, like everybody
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
