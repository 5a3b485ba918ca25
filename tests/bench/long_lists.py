"""Every list page of the house, by who opens it, and what each asks."""

import re

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.organisation.rules import Rule
from tests.bench.big_house import SINCE, BigHouse

# What holds a transaction together, and the turn at the audit log, ask for nothing.
NO_QUESTION = re.compile(r"SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SELECT pg_advisory", re.IGNORECASE)
FRAME = "/accounts/help/"  # lists nothing: what every page asks about who is there, the help telephone, kept drafts
LEADERS = (
    "/branch/units/",
    "/branch/units/?under={committee}",
    "/branch/units/?q=5",
    "/branch/units/?q=dyd",
    "/branch/units/{unit}/",
    "/branch/units/{unit}/?q=wang",
    "/branch/",
    "/branch/people/",
    "/branch/people/?unit={unit}",
    "/branch/people/?unit={unit}&q=wl",
    "/branch/people/?unit={unit}&page=3",
    "/branch/people/ended/?unit={unit}",
    "/branch/away/",
    "/branch/hosted/",
    "/branch/activities/",
    "/branch/activities/?page=4",
    "/branch/feedback/",
    "/branch/feedback/?show=answered",
    "/activities/",
    "/me/messages/",
    "/feedback/",
)
ORGANISERS = (*LEADERS, "/organise/", "/organise/{unit}/", "/organise/imports/", "/organise/plans/")
LISTS = {
    "root_organiser": ORGANISERS,
    "organiser": ORGANISERS,
    "secretary": (*(path for path in LEADERS if "committee" not in path), "/organise/"),
    "system_admin": ("/accounts/people/", "/accounts/people/?q=s"),
    "security_admin": ("/accounts/roles/", "/accounts/roles/?page=20"),
    "audit_admin": ("/accounts/audit/",),
}


def asked(client: Client, path: str) -> tuple[list[str], HttpResponse]:
    """What one page asks the database, and its answer."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    return [query["sql"] for query in captured.captured_queries if not NO_QUESTION.match(query["sql"])], response


def cookies_of(house: BigHouse) -> dict[str, str]:
    """Everybody signed in, in a house where administrators need one step."""
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=SINCE.date())
    return {who: _signed_in(user) for who, user in house.people.items()}


def _signed_in(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies.output(header="", sep=";")
