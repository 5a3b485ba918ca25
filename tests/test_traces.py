"""How somebody studied is theirs alone: no page and no file shows staff seconds, visits or times of day (DOMAIN §3)."""

import logging
import re
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile, is_zipfile

import pytest
from django.utils import timezone

from learning.completion.models import Completion, Enrolment
from learning.courses.models import StudyItem
from learning.courses.wording import say_clock, say_duration
from learning.hours.models import HoursEntry, HoursSource
from learning.progress.models import Progress
from learning.quizzes.models import Attempt
from tests.authorization import ask, rows
from tests.authorization_world import World, make_world

pytestmark = pytest.mark.django_db
LENGTH, COVERED, POSITION = 7777.0, 4623.5, 4099.0
VISIT = "visitCANARYvisit"
STAFF = ("secretary", "organiser", "root_organiser")
HOUR, MINUTE, OTHER_MINUTE = 3, 47, 17  # when everything here was studied


@pytest.fixture
def world(caplog) -> World:
    """The member of the world is in the middle of a lesson, and did all they did at one odd moment of the night."""
    caplog.set_level(logging.CRITICAL, "django.request")
    world = make_world()
    member = world.people["member"].member
    lesson = StudyItem.objects.get(plan_items__plan=world.names["plan"])
    StudyItem.objects.filter(pk=lesson.pk).update(length_seconds=LENGTH)
    traces = {"spans": [[0, COVERED]], "covered_seconds": COVERED, "position_seconds": POSITION, "visit": VISIT}
    moment = _at_an_odd_hour()
    begun = {"started_at": moment, "touched_at": moment, "clock_at": moment}
    Progress.objects.update_or_create(member=member, item=lesson, defaults=begun | traces)
    Progress.objects.exclude(completed_at=None).update(**begun, completed_at=moment)
    Enrolment.objects.exclude(completed_at=None).update(completed_at=moment)
    Completion.objects.exclude(completed_at=None).update(completed_at=moment)
    Attempt.objects.update(started_at=moment)
    Attempt.objects.exclude(handed_in_at=None).update(handed_in_at=moment)
    _entered(member, at=moment)
    return world


def _entered(member, *, at: datetime) -> None:
    day = at.date()
    said = {"source": HoursSource.TRAINING, "category": "training", "hours": 1, "evidence": {"title": "培训"}}
    key = {"source_key": "trace", "earned_on": day, "year": day.year}
    HoursEntry.objects.create(member=member, recorded_at=at, **said, **key)


def _at_an_odd_hour() -> datetime:
    """At a minute at which nothing else is: activities of the world begin whole hours before this moment."""
    now = timezone.localtime()
    minute = OTHER_MINUTE if abs(now.minute - MINUTE) < 10 else MINUTE
    return (now - timedelta(days=1)).replace(hour=HOUR, minute=minute, second=13)


def tells_the_hour(text: str, moment: datetime) -> bool:
    return re.search(rf"(?<!\d)0?{HOUR}(:| ?时 ?){moment.minute}", text) is not None


def said(body: bytes) -> str:
    """What a page says; of a workbook or document, all of its parts."""
    file = BytesIO(body)
    if not is_zipfile(file):
        return body.decode(errors="ignore")
    with ZipFile(file) as parts:
        return "\n".join(parts.read(name).decode(errors="ignore") for name in parts.namelist())


def test_the_hour_is_found_as_people_write_it():
    moment = _at_an_odd_hour()
    for text in (f"{moment:%H:%M}", f"3:{moment:%M}", f"3 时 {moment:%M} 分", f"凌晨3时{moment:%M}分"):
        assert tells_the_hour(text, moment)
    assert not tells_the_hour(f"23:{moment:%M}", moment)


def test_one_sees_of_oneself_to_the_second_what_is_still_missing(world):
    shown = said(ask(world, "member", "GET", "/study/").body)
    assert say_duration(LENGTH - COVERED) in shown


def test_nothing_tells_staff_how_long_how_often_or_at_what_hour_somebody_studied(world):
    moment = Progress.objects.exclude(visit="").latest("touched_at").touched_at
    traces = [VISIT, "4623", "4099", say_clock(POSITION), say_clock(COVERED)]
    traces += [say_duration(each) for each in (COVERED, POSITION, LENGTH - COVERED)]
    shown, asked = [], 0
    for path in dict.fromkeys(row.path for row in rows() if row.method == "GET" and not row.path.startswith("/cms/")):
        for role in STAFF:
            answer = ask(world, role, "GET", world.fill(path))
            asked += answer.status == 200
            text = said(answer.body)
            shown += [f"{path} tells {role}: {trace}" for trace in traces if trace in text]
            shown += [f"{path} tells {role} the hour"] if tells_the_hour(text, timezone.localtime(moment)) else []
    assert asked > 100
    assert not shown
