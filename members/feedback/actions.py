from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.audit.actions import record_event
from members.feedback.about import About
from members.feedback.models import Feedback, FeedbackState, Reply
from members.organisation.kinds import OrganisationKind
from members.organisation.models import Organisation
from members.organisation.rules import Rule
from members.roles.policies import nearest_leader, superior_paths

MOST_AN_HOUR = 10
GROUPS = (OrganisationKind.GROUP, OrganisationKind.BUILDING_GROUP, OrganisationKind.HOUSEHOLD_HUB)


class TooMany(Exception):
    """This person has written a great deal within the last hour."""


@transaction.atomic
def send_feedback(*, author: Any, text: str, about: About, now: datetime) -> Feedback:
    """Puts a word about a page to the unit that answers for it, with a day to answer by; raises TooMany.

    Sent twice from one showing of the box, the same text stands once.
    """
    key = sha256(f"{author.pk}~{about.nonce}~{text}".encode()).hexdigest()
    known = Feedback.objects.filter(dedupe_key=key).first()
    if known is not None:
        return known
    if Feedback.objects.filter(author=author, sent_at__gt=now - timedelta(hours=1)).count() >= MOST_AN_HOUR:
        raise TooMany
    unit = _unit_for(author, about)
    said = {"author": author, "text": text, "about_title": about.title, "about_url": about.path}
    put = {"organisation": unit, "owner_id": owner_id(unit, author.pk, now), "due_on": _due_on(unit, now)}
    return Feedback.objects.get_or_create(dedupe_key=key, defaults={**said, **put, "sent_at": now})[0]


@transaction.atomic
def answer_feedback(*, feedback: Feedback, answerer: Any, text: str, now: datetime) -> Reply:
    """A visible answer; the same one given twice stands once."""
    locked = Feedback.objects.select_for_update().get(pk=feedback.pk)
    reply, is_new = _say(locked, text, by=answerer.pk, now=now)
    if is_new:
        locked.state, locked.owner_id = FeedbackState.ANSWERED, answerer.pk
        locked.save(update_fields=["state", "owner"])
        code = locked.organisation.code if locked.organisation else ""
        record_event("feedback.answered", now=now, actor=answerer, organisation=code, about=locked)
    return reply


@transaction.atomic
def write_back(*, feedback: Feedback, text: str, now: datetime) -> Reply:
    """A further word of the author; where an answer stood already, another one is due."""
    locked = Feedback.objects.select_for_update().get(pk=feedback.pk)
    reply, is_new = _say(locked, text, by=locked.author_id, now=now)
    if is_new and locked.state == FeedbackState.ANSWERED:
        locked.state, locked.due_on = FeedbackState.OPEN, _due_on(locked.organisation, now)
        locked.owner_id = owner_id(locked.organisation, locked.author_id, now)
        locked.save(update_fields=["state", "due_on", "owner"])
    return reply


def _say(feedback: Feedback, text: str, *, by: int | None, now: datetime) -> tuple[Reply, bool]:
    last = feedback.replies.order_by("written_at", "pk").last()
    if last is not None and (last.text, last.written_by_id) == (text, by):
        return last, False
    return feedback.replies.create(text=text, written_by_id=by, written_at=now), True


def _unit_for(author: Any, about: About) -> Organisation | None:
    """The unit of the page; else the author's own; else the highest one, so that nothing is put to nobody."""
    units = Organisation.objects.open()
    named = units.filter(pk=about.organisation_id).first()
    own = units.filter(affiliations__member__user_id=author.pk, affiliations__until=None)
    unit = named or own.first() or units.first()
    return answering_unit(unit) if unit else None


def answering_unit(unit: Organisation) -> Organisation:
    """A group has nobody to answer: the branch to which it belongs does."""
    at_or_above = Organisation.objects.open().filter(path__in=superior_paths(unit.path))
    return at_or_above.exclude(kind__in=GROUPS).order_by("-path").first() or unit


def owner_id(unit: Organisation | None, author_id: int | None, now: datetime) -> int | None:
    """Whose account is to answer: whoever leads the unit or the nearest one above, but never the author."""
    return nearest_leader(unit.path, now=now, apart_from=author_id) if unit else None


def _due_on(unit: Organisation | None, now: datetime) -> date:
    today = timezone.localdate(now)
    return today + timedelta(days=Rule.objects.value("feedback.answer_days", on=today, organisation=unit))
