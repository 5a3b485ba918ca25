"""Who looked at, exported or changed what is held about one person: by day and duty, from the audit log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.log_words import ACTIONS
from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Affiliation, Organisation
from members.privacy.registry import about_people, person_at
from members.roles.models import RoleGrant
from members.roles.policies import superior_paths

AT_ONCE = 300  # events that one page looks through
LOOKED, TAKEN = (".seen", ".people_seen"), (".exported",)
NOT_OF_ALL = {"away.seen", "hosted.seen"}  # lists on which few people of a unit stand
LISTS = ("", "learning.StudyPlan", "members.Organisation")  # what an event about a list may be about
APART = ("audit.", "grants.", "account", "own_data.", "consent.")


@dataclass(frozen=True)
class Sighting:
    """Something that people of one duty did on one day."""

    on: date
    who: str
    what: str


def sightings_of(user: User, *, before: int | None = None) -> tuple[list[Sighting], int | None]:
    """The latest first, each day and duty once; and the number before which the next page begins."""
    found = _events_about(user).exclude(actor=user.pk)
    if before is not None:
        found = found.filter(pk__lt=before)
    events = list(found.order_by("-pk")[: AT_ONCE + 1])
    shown = events[:AT_ONCE]
    duties = _duties_of(shown)
    lines = dict.fromkeys(_sighting(event, duties) for event in shown)
    return list(lines), shown[-1].pk if len(events) > AT_ONCE else None


def _events_about(user: User):
    """What names the person or a row of theirs; lists of units in which they stood on that day."""
    member = Member.objects.visible_to(user).first()
    named = Q(object_type=User._meta.label, object_id=str(user.pk))
    if member is None:
        return AuditEvent.objects.filter(named)
    named |= Q(object_type=Member._meta.label, object_id=str(member.pk))
    for model, way in about_people():
        person = person_at(model, way, user=user, member=member)
        keys = model._default_manager.filter(**{way: person}).values_list("pk", flat=True)[:AT_ONCE]
        if keys := [str(key) for key in keys]:
            named |= Q(object_type=model._meta.label, object_id__in=keys)
    return AuditEvent.objects.filter(named | _activities(member) | _lists(member))


def _activities(member: Member) -> Q:
    """Lists of an activity in which the person stands."""
    keys = [str(key) for key in member.attendances.values_list("activity_id", flat=True)[:AT_ONCE]]
    return Q(object_type="members.Activity", object_id__in=keys, action__in=_deeds(*LOOKED, *TAKEN))


def _lists(member: Member) -> Q:
    """A list shows a branch with its groups, or those of a larger unit itself; an export a unit with all under it."""
    found, seen = Q(pk__in=[]), set(_deeds(*LOOKED)) - NOT_OF_ALL
    if member.spells.exists():
        seen.add("away.seen")
    homes = Affiliation.objects.filter(member=member).select_related("organisation")
    for home in homes.order_by("-since", "-pk")[:20]:
        above = Organisation.objects.filter(path__in=superior_paths(home.organisation.path))
        codes = dict(above.values_list("code", "kind"))
        near = [code for code, kind in codes.items() if code == home.organisation.code or kind in BRANCH_KINDS]
        period = Q(at__gte=home.since) & (Q(at__lt=home.until) if home.until else Q())
        found |= period & Q(organisation__in=near, action__in=seen, object_type__in=LISTS)
        found |= period & Q(organisation__in=list(codes), action__in=_deeds(*TAKEN))
    return found


def _deeds(*ends: str) -> list[str]:
    return [deed for deed in ACTIONS if deed.endswith(ends) and not deed.startswith(APART)]


def _sighting(event: AuditEvent, duties: dict[int, list[RoleGrant]]) -> Sighting:
    return Sighting(
        on=timezone.localdate(event.at),
        who=_who(event, duties),
        what=str(ACTIONS.get(event.action, event.action)),
    )


def _who(event: AuditEvent, duties: dict[int, list[RoleGrant]]) -> str:
    """The duty that the person had on that day and where; never a name."""
    if event.actor is None:
        return _("the house itself")
    held = [grant for grant in duties.get(event.actor, []) if _is_live(grant, event.at)]
    if not held:
        return _("somebody whose duty is not known any more")
    unit = next((grant for grant in held if grant.organisation and grant.organisation.code == event.organisation), None)
    grant = unit or held[0]
    role = str(grant.get_role_display())
    return _("%(unit)s, %(role)s") % {"unit": grant.organisation.name, "role": role} if grant.organisation else role


def _is_live(grant: RoleGrant, at: datetime) -> bool:
    """On that day: what was granted or ended the same day counts."""
    return grant.since - timedelta(days=1) <= at and (grant.until is None or at <= grant.until + timedelta(days=1))


def _duties_of(events: Iterable[AuditEvent]) -> dict[int, list[RoleGrant]]:
    actors = {event.actor for event in events if event.actor}
    found: dict[int, list[RoleGrant]] = {}
    grants = RoleGrant.objects.filter(user_id__in=actors).select_related("organisation")
    for grant in grants.order_by("-organisation__path", "pk"):
        found.setdefault(grant.user_id, []).append(grant)
    return found
