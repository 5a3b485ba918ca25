"""The demo's members who are away: a dozen times away, at every step of the way, through the actions of real use."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from members.accounts.models import Member
from members.checkins import actions
from members.checkins.models import ContactWay, MobileSpell, SpellReason
from members.checkins.people import team_of
from members.checkins.spell_steps import Step
from members.organisation.models import Organisation

PHONE, MESSAGE, IN_PERSON = ContactWay.PHONE, ContactWay.MESSAGE, ContactWay.IN_PERSON
WORK, STUDY, FAMILY, OTHER = SpellReason.WORK, SpellReason.STUDY, SpellReason.FAMILY, SpellReason.OTHER
# The card of the demo's member belongs to the first of this branch; those who are away follow behind.
SKIPPED = 2


@dataclass(frozen=True)
class Story:
    """One time away. Days are counted back from today; `steps` are taken one a day from the day after leaving."""

    home: str
    destination: str
    reason: str
    left: int
    back: int | None = None
    host: str = ""
    steps: tuple[Step, ...] = ()
    contacts: tuple[tuple[int, str, str], ...] = ()
    is_abroad: bool = False


ARRIVED, RECEIVED = (Step.ARRIVAL,), (Step.ARRIVAL, Step.CONFIRMED)
DECLINED = "这里是市场党支部，您住在居民区，请向渡口社区党委报到，那里离您近。"
STORIES = (
    Story("LW0101", "云溪市槐巷镇", WORK, left=-12, back=-200),
    Story("LW0101", "云溪市长堤区", WORK, left=25, back=-300),
    Story("LW0101", "云溪市渡口镇", FAMILY, left=40, host="LW0204", steps=(Step.ARRIVAL, Step.DECLINED)),
    Story("LW0101", "云溪市石桥区", WORK, left=20, back=-160, host="LW02", steps=ARRIVED),
    Story(
        "LW0101",
        "云溪市新园区",
        WORK,
        left=230,
        host="LW0503",
        steps=RECEIVED,
        contacts=((150, PHONE, "问了工作和住处，说了支部近来的安排"), (30, PHONE, "提到组织关系可以转到新园")),
    ),
    Story("LW0101", "云溪市渡口镇", STUDY, left=130, back=-60, host="LW0301", steps=RECEIVED),
    Story("LW0101", "南屿市", STUDY, left=170, back=-400, is_abroad=True, contacts=((60, MESSAGE, "寄了学习材料"),)),
    Story("LW0101", "云溪市石桥区", FAMILY, left=300, host="LW0201", steps=(*RECEIVED, Step.RETURNED)),
    Story("LW0102", "云溪市长堤区", OTHER, left=260, host="LW0601", steps=(*RECEIVED, Step.TRANSFERRED)),
    Story("LW0201", "云溪市柳荫区", WORK, left=6, back=-90, host="LW0101", steps=ARRIVED),
    Story("LW0301", "云溪市柳荫区", FAMILY, left=75, host="LW0101", steps=RECEIVED, contacts=((20, IN_PERSON, ""),)),
    Story("LW0501", "云溪市柳荫区", STUDY, left=9, back=-250, host="LW01", steps=ARRIVED),
)


def load_checkins(*, now: datetime) -> None:
    """Every story happens as it did on its days; where a small demo lacks a person or a unit, the story is left out."""
    units = Organisation.objects.in_bulk(field_name="code")
    told: dict[str, int] = defaultdict(lambda: SKIPPED)
    for story in STORIES:
        unit = units[story.home]
        people = Member.objects.present().counted().affiliated_under(unit).filter(posts=None).order_by("number")
        place, told[story.home] = told[story.home], told[story.home] + 1
        for member in people[place : place + 1]:
            _tell(story, member, unit, units.get(story.host), now=now)


def _tell(story: Story, member: Member, home: Organisation, host: Organisation | None, *, now: datetime) -> None:
    left = now - timedelta(days=story.left)
    begun = min(left, now - timedelta(days=2))
    team = team_of(member, home, on=timezone.localdate(now))
    details = actions.Details(
        destination=story.destination,
        is_abroad=story.is_abroad,
        reason=story.reason,
        leaves_on=timezone.localdate(left),
        returns_on=None if story.back is None else timezone.localdate(now - timedelta(days=story.back)),
        contact_person=team[0] if team else None,
    )
    spell = actions.register_spell(member=member, details=details, actor=member.user, now=begun)
    for number, step in enumerate(story.steps, start=1):
        _take(spell, step, host, now=_day_of(step, number, begun, now=now))
    for days, way, note in story.contacts:
        moment = now - timedelta(days=days)
        day = timezone.localdate(moment)
        actor = details.contact_person.user if details.contact_person else None
        actions.record_contact(spell=spell, way=way, happened_on=day, note=note, actor=actor, now=moment)


def _day_of(step: Step, number: int, begun: datetime, *, now: datetime) -> datetime:
    """Steps follow day by day; an end lies in the last weeks."""
    return now - timedelta(days=10) if step in (Step.RETURNED, Step.TRANSFERRED) else begun + timedelta(days=number)


def _take(spell: MobileSpell, step: Step, host: Organisation | None, *, now: datetime) -> None:
    if step in (Step.RETURNED, Step.TRANSFERRED):
        day = timezone.localdate(now)
        actions.end_spell(spell=spell, step=step, ended_on=day, actor=None, now=now)
    elif host is not None and step == Step.ARRIVAL:
        actions.report_in(spell=spell, host=host, actor=spell.member.user, now=now)
    elif host is not None and step == Step.CONFIRMED:
        actions.confirm_host(spell=spell, host=host, actor=None, now=now)
    elif host is not None:
        actions.decline_host(spell=spell, host=host, note=DECLINED, actor=None, now=now)
