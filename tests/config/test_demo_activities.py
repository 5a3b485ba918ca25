"""The demo's activities: a year in every state, through the real actions, the same whenever it is loaded."""

from collections import Counter
from datetime import timedelta

import pytest
from config.demo_activities import load_activities
from config.demonstration import load_people
from django.utils import timezone

from learning.hours.models import HoursEntry
from members.activities.kinds import TOOK_PART
from members.activities.models import Activity, Attendance

pytestmark = pytest.mark.django_db


def test_a_year_of_activities_shows_every_state_and_its_hours():
    now = timezone.now()
    load_people(60, now=now)
    load_activities(now=now)
    states = Counter(Activity.objects.values_list("state", flat=True))
    assert set(states) == {"announced", "recording", "submitted", "returned", "accepted"}
    assert min(Activity.objects.values_list("starts_at", flat=True)) < now - timedelta(days=300)
    paid = HoursEntry.objects.filter(source="attendance").values_list("item__activity", "member")
    due = Attendance.objects.filter(activity__state="accepted", state__in=TOOK_PART).values_list("activity", "member")
    assert set(paid) == set(due)
    assert not Activity.objects.filter(is_late_entry=True).exists()
