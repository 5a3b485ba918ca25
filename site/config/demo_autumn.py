"""A plan of one community that began two months ago and was studied week by week: something to see as of a past day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from config.demo_messages import COMMITTEE
from config.demo_study import study
from learning.courses.models import StudyItem
from learning.planning.actions import send_plan
from learning.plans.actions import make_plan
from learning.study.reading import pace_of
from members.accounts.models import Member, User
from members.organisation.models import Organisation

TITLE = "秋季专题学习：把会开好，把事办好"
BEGUN, LASTS = timedelta(days=60), timedelta(days=75)
PEOPLE = 60
OF_SEVEN = (5, 3)  # people, so many read the first article, and so many the second


def load_autumn(*, now: datetime) -> None:
    """Published on its first day; then one reads this week, another next week, each on a day of their own."""
    begun, organiser = now - BEGUN, User.objects.get(username="zuzhiyuan")
    unit = Organisation.objects.get(code=COMMITTEE)
    texts = StudyItem.objects.live().filter(kind="article", published_at__lt=begun, plan_items=None)
    articles = list(texts.select_related("organisation").order_by("-published_at", "pk")[: len(OF_SEVEN)])
    first = timezone.localdate(begun)
    days = {"starts_on": first, "ends_on": first + LASTS}
    plan = make_plan(title=TITLE, organisation=unit, items=articles, made_by=organiser, **days)
    send_plan(plan=plan, actor=organiser, now=begun)
    paces = {item.pk: pace_of(item, on=first) for item in articles}
    for at, member, item in sorted(_readings(unit, articles, now=now), key=lambda reading: reading[0]):
        study(member, item, 1, pace=paces[item.pk], now=at)


def _readings(
    unit: Organisation, articles: list[StudyItem], *, now: datetime
) -> Iterator[tuple[datetime, Member, StudyItem]]:
    people = Member.objects.recorded().affiliated_under(unit).filter(flexible_study=False).order_by("number")
    for place, member in enumerate(people[:PEOPLE]):
        for number, item in enumerate(articles):
            if place % 7 < OF_SEVEN[number]:
                yield now - BEGUN + timedelta(days=2 + (place * 5 + number * 17) % 55, hours=place % 6), member, item
