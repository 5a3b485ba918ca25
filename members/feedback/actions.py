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
from members.roles.policies import nearest_leader, nearest_lecturer, superior_paths

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
    owner_id = owner_for(unit, author.pk, now, is_study=about.is_study)
    put = {"organisation": unit, "owner_id": owner_id, "due_on": _due_on(unit, now), "is_about_study": about.is_study}
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
def hand_on_feedback(*, feedback: Feedback, owner: Any, actor: Any, now: datetime) -> bool:
    """Somebody else answers it from now on, or whoever leads there where they wrote it themselves; False for nobody."""
    locked = Feedback.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=feedback.pk)
    if locked.state != FeedbackState.OPEN:
        return False
    owner_id = owner.pk
    if owner_id == locked.author_id:
        owner_id = owner_for(locked.organisation, owner_id, now, is_study=locked.is_about_study)
    if owner_id is None:
        return False
    locked.owner_id = owner_id
    locked.save(update_fields=["owner"])
    code = locked.organisation.code if locked.organisation else ""
    record_event("feedback.handed_on", now=now, actor=actor, organisation=code, about=locked)
    return True


@transaction.atomic
def write_back(*, feedback: Feedback, text: str, now: datetime) -> Reply:
    """A further word of the author; where an answer stood already, another one is due."""
    locked = Feedback.objects.select_for_update().get(pk=feedback.pk)
    reply, is_new = _say(locked, text, by=locked.author_id, now=now)
    if is_new and locked.state == FeedbackState.ANSWERED:
        locked.state, locked.due_on = FeedbackState.OPEN, _due_on(locked.organisation, now)
        locked.owner_id = owner_for(locked.organisation, locked.author_id, now, is_study=locked.is_about_study)
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


def owner_for(unit: Organisation | None, author_id: int | None, now: datetime, *, is_study: bool) -> int | None:
    """A lecturer for what is taught; a leader for all else, and where nobody teaches."""
    if unit is None:
        return None
    lecturer = nearest_lecturer(unit.path, now=now, apart_from=author_id) if is_study else None
    return lecturer or nearest_leader(unit.path, now=now, apart_from=author_id)


def _due_on(unit: Organisation | None, now: datetime) -> date:
    today = timezone.localdate(now)
    return today + timedelta(days=Rule.objects.value("feedback.answer_days", on=today, organisation=unit))
