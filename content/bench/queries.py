"""What a leader finds on the bench: what to do, what is coming, what waits for a decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils import timezone

from learning.completion.models import HelpNote
from members.activities.kinds import ActivityState
from members.activities.models import Activity, Holding
from members.activities.queries import Row, give_facts, own_unit, record_rows
from members.checkins.models import MobileSpell
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Organisation
from members.roles.policies import led_paths, under

AT_MOST = 20
SOON = timedelta(hours=2)


@dataclass(frozen=True)
class Bench:
    unit: Organisation
    units: list[Organisation]
    at_hand: Activity | None  # under way or about to begin: its code can be shown
    open_rows: list[Row]
    coming_rows: list[Row]
    waiting_rows: list[Row]
    is_judge: bool
    contacts_due: int
    in_need: int  # members who need help, each once


def bench_of(user, *, now: datetime) -> Bench | None:
    """The bench of one leader; nothing for who leads no unit."""
    unit = own_unit(user)
    if unit is None:
        return None
    led = Activity.objects.led_by(user)
    own = led.filter(pk__in=_held_by(user).values("activity_id"))
    coming = list(own.coming(now).filter(state__in=(ActivityState.ANNOUNCED, ActivityState.RECORDING))[:AT_MOST])
    waiting = list(led.judged_by(user).awaiting_acceptance()[:AT_MOST])
    unfinished = list(_unfinished(own, now=now)[:AT_MOST])
    give_facts([*coming, *waiting, *unfinished])
    return Bench(
        unit=unit,
        units=_granted(user),
        at_hand=next((each for each in coming if each.starts_at <= now + SOON), None),
        open_rows=record_rows(unfinished, now=now, names_units=False),
        coming_rows=record_rows(coming, now=now, names_units=False),
        waiting_rows=record_rows(waiting, now=now),
        is_judge=unit.kind not in BRANCH_KINDS,
        contacts_due=MobileSpell.objects.led_by(user).contact_due(timezone.localdate(now)).count(),
        in_need=HelpNote.objects.open().led_by(user).count(),
    )


def _unfinished(own: QuerySet, *, now: datetime) -> QuerySet:
    """Returned ones first: somebody waits for them."""
    over = Q(ends_at__lt=now, state__in=(ActivityState.ANNOUNCED, ActivityState.RECORDING))
    turn = Case(
        When(state=ActivityState.RETURNED, then=Value(0)),
        When(state=ActivityState.SUBMITTED, then=Value(2)),
        default=Value(1),
    )
    with_unit = Q(state__in=(ActivityState.RETURNED, ActivityState.SUBMITTED))
    return own.filter(over | with_unit).order_by(turn, "-starts_at", "-pk")


def _granted(user) -> list[Organisation]:
    return list(Organisation.objects.led_by(user).open().filter(path__in=led_paths(user)).in_order())


def _held_by(user) -> QuerySet[Holding]:
    """Of a branch with its groups everything; of a committee only what it holds itself, not what its branches hold."""
    units = _granted(user)
    whole = under("organisation__path", [unit.path for unit in units if unit.kind in BRANCH_KINDS])
    return Holding.objects.filter(whole | Q(organisation__in=units))
