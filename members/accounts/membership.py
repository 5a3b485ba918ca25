"""What a leader decides about a member of the unit: how they study, and that a membership here ends."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.homes import hold_member
from members.accounts.models import Member, StudyWay, User
from members.audit.actions import record_event
from members.events import Move, affiliation_changed, standing_changed
from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.organisation.placing import hold_units


class NotEnded(Exception):
    """A sentence: why a membership cannot end so, or cannot be taken up again."""


class NotArranged(Exception):
    """A sentence: why a member cannot study so."""


@transaction.atomic
def arrange_study(
    *, member: Member, study_way: StudyWay, flexible_study: bool, actor: User | None, now: datetime
) -> bool:
    """How this member studies from now on, without a reason; their plans follow. False where nothing changes.

    Whoever did not agree to studying online is not set to it by others; raises NotArranged.
    """
    if study_way == StudyWay.ONLINE and member.user is not None and member.user.has_declined:
        raise NotArranged(_("This member did not agree to studying online. They can change their mind under “Mine”."))
    if (member.study_way, member.flexible_study) == (study_way, flexible_study):
        return False
    member.study_way, member.flexible_study = study_way, flexible_study
    member.save(update_fields=["study_way", "flexible_study"])
    _record("member.study_arranged", member, actor, now)
    standing_changed.send(sender=Member, member_ids=[member.pk], now=now)
    return True


@transaction.atomic
def end_membership(*, member: Member, kind: EndKind, ended_on: date, actor: User | None, now: datetime) -> None:
    """The membership here has ended: no sign-in, no open session, no future plan item; the past stays as it is.

    What waits for the member (messages, contacts, a transfer) is asked of nobody any more until a reversal.
    """
    member.ended_on = hold_member(member).ended_on
    if member.ended_on is not None:
        raise NotEnded(_("This membership has ended already."))
    if ended_on > timezone.localdate(now):
        raise NotEnded(_("The day lies in the future. Please come back on that day."))
    _record("member.ended", member, actor, now)
    member.ended_on, member.ended_kind = ended_on, kind
    member.save(update_fields=["ended_on", "ended_kind"])
    homes = Affiliation.objects.open().filter(member=member)
    home, moment = homes.first(), homes.end_of(now)
    homes.update(until=moment)
    Participation.objects.filter(member=member, until=None).update(until=moment)
    Post.objects.filter(member=member, until=None).update(until=ended_on)
    if home is not None:
        moves = [Move(member.pk, home.organisation_id, None)]
        affiliation_changed.send(sender=Affiliation, moves=moves, now=now)


@transaction.atomic
def reverse_end(*, member: Member, actor: User | None, now: datetime) -> None:
    """The end was written by mistake: the member belongs where they belonged, with all that ended with it.

    Where that unit was merged into another one meanwhile, to that one, from now on.
    """
    home = Affiliation.objects.select_related("organisation").filter(member=member).order_by("-since", "-pk").first()
    unit = _unit_to_return_to(home.organisation) if home else None  # units are held before people, as everywhere
    member.ended_on = hold_member(member).ended_on
    if member.ended_on is None:
        raise NotEnded(_("This membership has not ended."))
    if home is None:
        raise NotEnded(_("It is not known where this member belonged. Please enter them by a workbook."))
    home.refresh_from_db(fields=["until"])  # it was read before the member was held
    if unit is None:
        raise NotEnded(_("The unit of this member has been closed. Please enter them by a workbook."))
    if unit.pk == home.organisation_id:
        Affiliation.objects.filter(pk=home.pk).update(until=None)
    else:
        Affiliation.objects.create(member=member, organisation=unit, since=max(now, home.until))
    still = Organisation.objects.open()
    Post.objects.filter(member=member, until=member.ended_on, organisation__in=still).update(until=None)
    Participation.objects.filter(member=member, until=home.until, organisation__in=still).update(until=None)
    member.ended_on, member.ended_kind = None, ""
    member.save(update_fields=["ended_on", "ended_kind"])
    _record("member.end_reversed", member, actor, now)
    affiliation_changed.send(sender=Affiliation, moves=[Move(member.pk, None, unit.pk)], now=now)


def _unit_to_return_to(unit: Organisation) -> Organisation | None:
    """The unit itself while it is open, else the one into which it was merged."""
    held = hold_units([each for each in (unit, unit.successor) if each])
    return next((each for each in (held[unit.pk], held.get(unit.successor_id)) if each and not each.closed_on), None)


def _record(action: str, member: Member, actor: User | None, now: datetime) -> None:
    unit = member.organisation_now()
    record_event(action, now=now, actor=actor, about=member, organisation=unit.code if unit else "")
