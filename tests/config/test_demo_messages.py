"""The demo's second plan and its reminders come about as in real use."""

import pytest
from config.demo_messages import COMMITTEE, TITLE, load_messages
from config.demo_pages import load_pages
from config.demo_study import load_study, plan_items
from config.demonstration import load_people
from django.utils import timezone

from learning.completion.models import Enrolment
from learning.completion.recount import wrong_tallies
from learning.plans.models import StudyPlan
from members.messages.models import Message, Mute
from members.organisation.models import Organisation


@pytest.mark.django_db
def test_one_community_has_a_plan_of_its_own_and_reminders_read_and_unread():
    now = timezone.now()
    load_people(60, now=now)
    items = plan_items(load_pages("柳湾学堂", now=now))
    load_study(items, now=now, so_far=lambda done, of: None)
    load_messages(now=now)
    unit = Organisation.objects.get(code=COMMITTEE)
    plan = StudyPlan.objects.published().get(title=TITLE)
    told = Message.objects.filter(state="sent")
    assert plan.organisation == unit
    assert Enrolment.objects.filter(plan=plan).exclude(organisation__path__startswith=unit.path).count() == 0
    assert told.unread().exists()
    assert told.exclude(read_at=None).exists()
    assert Mute.objects.exists()
    assert wrong_tallies() == []
