"""The demo's portal is loaded through the doors of real use, and shows what it promises."""

from datetime import UTC, datetime

import pytest
from config.demo_pages import load_pages
from config.demo_portal import load_portal
from config.demo_study import load_study, plan_items
from config.demonstration import load_people, sign_in_cards

from content.portal.models import NoticePage, TopicPage, UnitPage
from members.accounts.models import User
from members.feedback.models import Feedback

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_has_a_portal_and_feedback_of_which_a_part_is_answered():
    load_people(60, now=NOW)
    items = plan_items(load_pages("柳湾学堂", now=NOW))
    load_study(items, now=NOW, so_far=lambda done, of: None)
    member, secretary, *_ = sign_in_cards(now=NOW)
    load_portal(now=NOW)
    assert [kind.objects.live().count() for kind in (TopicPage, NoticePage, UnitPage)] == [2, 5, 3]
    days = list(NoticePage.objects.newest_first().values_list("first_published_at", flat=True))
    assert (NOW - days[0]).days == 3
    led = Feedback.objects.led_by(User.objects.get(username=secretary.number))
    assert (led.open().count(), led.answered().count()) == (7, 5)
    assert led.overdue(NOW.date()).exists()
    assert User.objects.get(username=member.number).feedback.count() <= led.count()
