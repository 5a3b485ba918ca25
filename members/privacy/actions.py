from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member, User
from members.audit.actions import record_event
from members.organisation.models import Organisation
from members.organisation.rules import Rule
from members.privacy.erasing import erase_member, erase_surplus
from members.privacy.models import DataRequest, RequestKind, RequestState
from members.roles.policies import nearest_leader


class AlreadyAsked(Exception):
    """There is an open request of this kind; it is answered first."""


class AlreadyAnswered(Exception):
    """A sentence: somebody has answered this request meanwhile."""


def ask_about_data(*, member: Member, kind: RequestKind, text: str, now: datetime) -> DataRequest:
    """Puts a request to whoever leads the member, with a day to answer by. Sent twice it stands once."""
    unit, today = member.organisation_now(), timezone.localdate(now)
    days = Rule.objects.value("privacy.answer_days", on=today, organisation=unit)
    owner = nearest_leader(unit.path, now=now, apart_from=member.user_id) if unit else None
    put = {"organisation": unit, "owner_id": owner, "due_on": today + timedelta(days=days)}
    try:
        with transaction.atomic():
            made = DataRequest.objects.create(member=member, kind=kind, text=text, sent_at=now, **put)
            record_event("data.asked", now=now, actor=member.user, organisation=_code(unit), about=made)
    except IntegrityError:
        open_one = DataRequest.objects.open().get(member=member, kind=kind)
        if open_one.text == text:
            return open_one
        raise AlreadyAsked from None
    return made


@transaction.atomic
def answer_request(
    *, request: DataRequest, is_done: bool, answer: str, actor: User | None, now: datetime
) -> DataRequest:
    """The visible answer. An erasure that is agreed to is done with it; what stays by rule is written beside.

    While the membership goes on, what it needs stays until it has ended; then the sweep erases the rest.
    Raises AlreadyAnswered, NotErased.
    """
    locked = DataRequest.objects.select_for_update(of=("self",))
    held = locked.select_related("member__user", "organisation").get(pk=request.pk)
    if held.state != RequestState.OPEN:
        raise AlreadyAnswered(_("This request has been answered meanwhile."))
    held.state = RequestState.DONE if is_done else RequestState.REFUSED
    held.answer, held.answered_at, held.answered_by = answer, now, actor
    held.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record_event(f"data.{held.state}", now=now, actor=actor, organisation=_code(held.organisation), about=held)
    if is_done and held.kind == RequestKind.ERASE:
        held.kept = _erase(held.member, actor=actor, now=now)
        DataRequest.objects.filter(pk=held.pk).update(kept=held.kept)
    return held


def _erase(member: Member, *, actor: User | None, now: datetime) -> list[dict]:
    erase = erase_surplus if member.ended_on is None else erase_member
    return erase(member=member, actor=actor, now=now)


def _code(unit: Organisation | None) -> str:
    return unit.code if unit else ""
