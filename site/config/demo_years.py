"""The demo's last year of study hours: trainings from lists, closed by rule, and one correction that came later."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from learning.training.actions import import_training
from learning.training.rows import COLUMNS
from learning.years.actions import close_due_years
from learning.years.issuing import issue_record
from members.accounts.models import Member
from members.messages.actions import deliver_due, mark_read
from members.messages.models import Message
from members.organisation.models import Affiliation
from members.organisation.workbook import Row, Sheet

MOST = 240
ENTERED_AFTER = timedelta(days=24)  # so the last one is entered in January: a late entry
# A title, first and last day, hours, who held it; and who was there: one of how many.
TRAININGS = (
    ("党员春季集中培训", (4, 14), (4, 16), "20", "柳湾街道党校", 1),
    ("秋季集中轮训", (10, 20), (10, 21), "12", "柳湾街道党校", 2),
    ("冬季集中培训", (12, 16), (12, 16), "6", "柳湾街道党工委", 3),
)
CORRECTED = "4"


def load_years(*, now: datetime) -> None:
    """Everybody has belonged where they belong for years, so something was asked of them last year."""
    year = timezone.localdate(now).year - 1
    Affiliation.objects.open().update(since=_morning(date(year - 2, 7, 1)))
    people = list(Member.objects.present().counted().order_by("number")[:MOST])
    for title, since, until, hours, held_by, each in TRAININGS:
        there = people[::each]
        day = (date(year, *since).isoformat(), date(year, *until).isoformat())
        entered = min(_morning(date(year, *until) + ENTERED_AFTER), now)
        _take([(who.number, who.name, title, *day, hours, held_by) for who in there], now=entered)
    closed = min(_morning(date(year + 1, 1, 31)), now)
    close_due_years(now=closed)
    issue_record(member=people[0], year=year, actor=None, now=closed)  # a paper that is supplemented later
    title, since, until, _hours, held_by, each = TRAININGS[-1]
    day = (date(year, *since).isoformat(), date(year, *until).isoformat())
    corrected = min(_morning(date(year + 1, 3, 5)), now)
    _take([(people[0].number, people[0].name, title, *day, CORRECTED, held_by)], now=corrected)
    deliver_due(now=corrected, limit=4 * MOST)
    mark_read(list(Message.objects.filter(topic__startswith="study.hours")), now=corrected)


def _take(rows: Iterable[tuple[str, ...]], *, now: datetime) -> None:
    lines = [Row(number, cells) for number, cells in enumerate(rows, start=2)]
    sheet = Sheet(rows=lines, file_name="培训记录.xlsx", header=COLUMNS)
    report = import_training(sheet=sheet, actor=None, now=now)
    if report.problems:
        raise ValueError(f"the demo's own trainings were refused: {report.problems[:3]}")


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
