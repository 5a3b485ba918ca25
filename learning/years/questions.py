"""Questions and claims about study hours that wait for somebody: the one place where the closing of a year asks."""

from dataclasses import dataclass

from members.organisation.models import Organisation


@dataclass(frozen=True)
class OpenThing:
    """Something that waits for an answer, in words that name nobody."""

    title: str
    about: str
    who: str
    url: str


def open_things_about_hours(unit: Organisation, year: int) -> list[OpenThing]:
    """What members of the unit asked or claimed about hours of that year and nobody has answered."""
    return []
