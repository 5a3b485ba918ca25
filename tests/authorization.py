"""The authorization matrix: every address of the house, who asks, and what each is answered.

`authorization.tsv` is data that people judge. A line is one address and one method:

    pattern  method  path  (a column for each of ROLES)  why

`path` names things of the world below in braces. In the columns stands the status, or «-» where it is not asked
(under /cms/ one leader is enough of a proof that no leader enters). The things belong to a branch of the east: its
secretary leads it, the group's one a unit under it, the sibling's one a unit beside it, the organiser the committee
above it and the root's organiser everything; the far ones lead units of the west. `why` explains what surprises.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, connections, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver

from tests.authorization_world import World

FILE = Path(__file__).with_name("authorization.tsv")
ROLES = (
    "anonymous",
    "member",
    "group_secretary",
    "secretary",
    "sibling_secretary",
    "organiser",
    "root_organiser",
    "editor",
    "far_secretary",
    "far_organiser",
    "system_admin",
    "security_admin",
    "audit_admin",
)
IN_CMS = ("anonymous", "secretary", "editor")
METHODS = ("GET", "POST")
NOT_ASKED = "-"


@dataclass(frozen=True)
class Row:
    pattern: str
    method: str
    path: str
    expected: dict[str, str]
    why: str

    def __str__(self) -> str:
        return "\t".join([self.pattern, self.method, self.path, *(self.expected[role] for role in ROLES), self.why])


@dataclass
class Answer:
    status: int
    writes: list[str]
    session: bool
    body: bytes


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Every pattern of the URLconf as one string, also those that another one stands before."""
    for entry in (resolver or get_resolver()).url_patterns:
        whole = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, whole)
        else:
            yield whole


def rows() -> list[Row]:
    with FILE.open(newline="") as file:
        return [
            Row(line["pattern"], line["method"], line["path"], {role: line[role] for role in ROLES}, line["why"] or "")
            for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def ask(world: World, role: str, method: str, path: str, data: dict | None = None) -> Answer:
    """One request by that role; whatever it changes is taken back."""
    client = Client(raise_request_exception=False)
    cookies = world.cookies.get(role)
    if cookies:
        client.cookies.load(cookies)
    reset_queries()
    with transaction.atomic(), transaction.atomic(using="cache"), CaptureQueriesContext(connection) as asked:
        response = client.generic(method, path) if data is None else client.post(path, data)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        answer = Answer(response.status_code, _writes(asked), "_auth_user_id" in client.session, body)
        transaction.set_rollback(True)
        connections["cache"].set_rollback(True)
    return answer


def _writes(asked: CaptureQueriesContext) -> list[str]:
    found = [re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', query["sql"]) for query in asked.captured_queries]
    return [match[1] for match in found if match]


def suggested(world: World, pattern: str) -> list[Row]:
    """The lines that a new pattern would get, as the house answers now: to be judged before they are pasted."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: world.sample(part[1]), pattern.replace("^", "")).rstrip("$")
    roles = IN_CMS if path.startswith("/cms/") else ROLES
    found = []
    for method in METHODS:
        seen = {role: str(ask(world, role, method, world.fill(path)).status) for role in roles}
        found.append(Row(pattern, method, path, {role: seen.get(role, NOT_ASKED) for role in ROLES}, ""))
    return found
