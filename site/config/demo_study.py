"""The demo's plan and who has studied how much of it: beats as honest players and readers would have sent them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from wagtail.models import Page

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.completion.standing import Standing
from learning.courses.models import StudyItem
from learning.plans.actions import make_plan
from learning.plans.shape import ItemShape
from learning.progress.pace import Pace
from learning.study.actions import confirm_by_hand, record_beat
from learning.study.beats import Beat
from learning.study.reading import pace_of
from learning.study.visits import open_visit, read_visit
from members.accounts.models import Member, User
from members.organisation.models import Organisation

# Two articles, three videos, two sounds and a text.
PLAN = ["welcome", "lesson-1", "lesson-2", "lesson-3", "together", "lesson-7", "lesson-8", "lesson-9"]
# Of each nine people online: how much of each item of the plan they have seen; what is not named has not begun.
ALL = (1,) * len(PLAN)
SHARES = [ALL, (1,), (), (0.4,), (1, 0.6), (1, 1, 0.6), (1, 1, 1, 1, 0.3), (), (1, 1)]
DUE, DUE_DAYS = 4, 14  # which item of the plan is due before the others, and in how many days
LONGEST_AGO = 60  # days since the last visit


def plan_items(pages: dict[str, Page]) -> list[StudyItem]:
    items = StudyItem.objects.in_bulk([pages[key].pk for key in PLAN], field_name="page_id")
    return [items[pages[key].pk] for key in PLAN]


def load_plan(items: list[StudyItem], *, now: datetime) -> None:
    """Published when much has been studied already: it counts, and nothing has to be settled beat by beat.

    One item has a day of its own, and the last one is only offered.
    """
    today = timezone.localdate(now)
    year, last = today.year, items[-1]
    due = {items[DUE].pk: min(today + timedelta(days=DUE_DAYS), date(today.year, 12, 31))}
    plan = make_plan(
        title=f"{year} 年基本学习计划",
        organisation=Organisation.objects.get(code="LW"),
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        items=[ItemShape(item.pk, is_required=item != last, due_on=due.get(item.pk)) for item in items],
    )
    publish_plan(plan, now=now)


def load_study(items: list[StudyItem], *, now: datetime, so_far: Callable[[int, int], None]) -> None:
    """What was studied in the weeks before: some finish, some do not begin. `so_far(done, of)` hears of each member."""
    paces = {item.pk: pace_of(item, on=timezone.localdate(now)) for item in items}
    online = _with_accounts(Member.objects.present().filter(study_way="online", flexible_study=False).order_by("pk"))
    for place, member in enumerate(online):
        studied = list(zip(items, SHARES[place % len(SHARES)], strict=False))
        last = now - timedelta(days=1 + place * 7 % LONGEST_AGO, hours=place % 9)
        for number, (item, share) in enumerate(studied, start=1):
            at = last - timedelta(days=2 * (len(studied) - number))
            study(member, item, share, pace=paces[item.pk], now=at)
        so_far(place + 1, len(online))


def _with_accounts(members) -> list[Member]:
    """Accounts for all of them; nobody knows their passwords, since hashing a thousand takes minutes."""
    found, password = list(members), make_password(None)
    agreed = {"consent_version": 1, "has_consented": True}
    User.objects.bulk_create(
        User(username=each.number, display_name=each.name, password=password, **agreed) for each in found
    )
    accounts = User.objects.in_bulk(field_name="username")
    for member in found:
        member.user = accounts[member.number]
    Member.objects.bulk_update(found, ["user"], batch_size=500)
    return found


def study(member: Member, item: StudyItem, share: float, *, pace: Pace, now: datetime) -> None:
    """One visit as long as what is seen, and one beat at its end."""
    seconds = round(item.length_seconds * share, 1)
    signed = open_visit(member_id=member.pk, item_id=item.pk, pace=pace, now=now - timedelta(seconds=seconds))
    record_beat(read_visit(signed, now=now), Beat(seq=1, spans=[(0, seconds)], position=seconds), now=now)


def load_confirmation(secretary: User, *, now: datetime) -> None:
    """What the first on the secretary's board has read on paper is confirmed."""
    behind = Enrolment.objects.led_by(secretary).exclude(standing=Standing.DONE).exclude(member__user=secretary)
    first = behind.select_related("member").order_by("member__name_sound", "member__number").first()
    still = first and first.completions.exclude(standing=Standing.DONE).order_by("plan_item__order").first()
    if still:
        said = {"reason": "在支部读过纸质材料，一起讨论了", "by": secretary, "now": now}
        confirm_by_hand(member=first.member, item=still.plan_item.item, **said)
