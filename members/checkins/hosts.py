"""Where a member who is away can report in. Of a unit nothing is shown but its name and its superior's."""

from dataclasses import dataclass

from django.db.models import Q

from members.checkins.place_words import place_words
from members.organisation.kinds import OrganisationKind
from members.organisation.models import Organisation, OrganisationQuerySet

# To receive somebody is a duty: functional units, building groups and hubs have none (DOMAIN §3), a group acts through
# its branch, and the working committee through the organisations under it.
HOSTING_KINDS = (
    OrganisationKind.COMMITTEE,
    OrganisationKind.GENERAL_BRANCH,
    OrganisationKind.BRANCH,
    OrganisationKind.JOINT_BRANCH,
    OrganisationKind.TEMPORARY_BRANCH,
    OrganisationKind.MOBILE_BRANCH,
)
AT_MOST = 12


@dataclass(frozen=True)
class Host:
    code: str
    name: str
    superior: str


def hosting_units() -> OrganisationQuerySet:
    """Open units whose duty it is to receive somebody who has come."""
    return Organisation.objects.open().filter(kind__in=HOSTING_KINDS, is_functional=False)


def hosts_for(home: Organisation | None) -> OrganisationQuerySet:
    """Open units that can receive somebody from there: neither home itself nor what stands above or under it."""
    units = hosting_units()
    if home is None:
        return units
    return units.exclude(path__startswith=home.path).exclude(path__in=home.get_ancestors().values("path"))


def posters_of(user, text: str) -> list[Organisation]:
    """The led units that can put up a poster, by code: those named, or all; one more than is shown."""
    units = hosting_units().filter(path__in=Organisation.objects.led_by(user).values("path"))
    if text:
        units = units.filter(Q(name__icontains=text) | Q(code__iexact=text))
    return _some(units)


def find_hosts(text: str, home: Organisation | None) -> list[Host]:
    """A short list by code: by name, code or sector as typed, else by the narrowest place named; one more than is shown
    says that there are more."""
    text, units = text.strip(), hosts_for(home)
    if not text:
        return []
    found = _some(units.filter(Q(name__icontains=text) | Q(sector__icontains=text) | Q(code__iexact=text)))
    for word in place_words(text):
        found = found or _some(units.filter(name__icontains=word))
    superiors = dict(Organisation.objects.filter(path__in={_above(unit) for unit in found}).values_list("path", "name"))
    return [Host(unit.code, unit.name, superiors.get(_above(unit), "")) for unit in found]


def _some(units: OrganisationQuerySet) -> list[Organisation]:
    return list(units.in_order()[: AT_MOST + 1])


def _above(unit: Organisation) -> str:
    return unit.path[: -Organisation.steplen]
