from dataclasses import dataclass

from members.accounts.models import Member
from members.privacy.registry import about_people, fate_of, person_at


@dataclass(frozen=True)
class Outlook:
    """What an erasure would leave of a member, and whether it can be whole yet."""

    is_whole: bool
    kept: list[dict]


def outlook_of(member: Member) -> Outlook:
    """Named before anybody decides: the kinds of things that a rule keeps."""
    kept = []
    for model, way in about_people():
        person, fate = person_at(model, way, user=member.user, member=member), fate_of(model)
        if person is None or fate.deed == "delete":
            continue
        if model._default_manager.filter(**{way: person}).exists():
            kept.append({"what": model._meta.label, "reason": fate.reason, "term": fate.term})
    return Outlook(member.ended_on is not None, sorted(kept, key=lambda each: each["what"]))
