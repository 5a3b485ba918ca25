from dataclasses import dataclass

from members.accounts.models import Member
from members.activities.models import Minutes
from members.audit.models import AuditEvent
from members.privacy.registry import Fate, about_people, fate_of, person_at

# Nobody's rows, and yet they may tell of a person: what others wrote, and the log with its bare numbers.
BESIDE = (Minutes, AuditEvent)


@dataclass(frozen=True)
class Outlook:
    """What an erasure would leave of a member, and whether it can be whole yet."""

    is_whole: bool
    kept: list[dict]


def outlook_of(member: Member) -> Outlook:
    """Named before anybody decides, and written beside the answer: the kinds of things that a rule keeps."""
    kept = [_kept(model._meta.label, fate_of(model)) for model in BESIDE]
    for model, way in about_people():
        person, fate = person_at(model, way, user=member.user, member=member), fate_of(model)
        if person is None or fate.deed == "delete":
            continue
        if model._default_manager.filter(**{way: person}).exists():
            kept.append(_kept(model._meta.label, fate))
    is_whole = member.ended_on is not None
    if not is_whole:
        kept.append(_kept(Member._meta.label, Fate("keep", (), "the membership here goes on", "until it has ended")))
    return Outlook(is_whole, sorted(kept, key=lambda each: each["what"]))


def _kept(label: str, fate: Fate) -> dict:
    return {"what": label, "reason": fate.reason, "term": fate.term}
