"""Every address, who asks, what each is answered: held against the URLconf and really asked."""

import logging
from collections import Counter

import pytest

from members.roles.models import ADMINISTRATORS
from tests.authorization import FILE, METHODS, NOT_ASKED, ROLES, ask, patterns, rows, suggested
from tests.authorization_world import CANARY, make_world, with_second_step
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
PARTS = 4  # so that no worker has all of it
DOORS = ("accounts/login/", "accounts/card/")
REPORTED_TO = "/branch/hosted/"  # the member has reported in to the other side, whose leaders are to receive them
# What a GET may write: the session, and who looked at people. In the CMS also what Wagtail notes while showing.
TRACES = {"django_session", "members_auditevent"}
CMS_TRACES = TRACES | {
    "content_indexchange",  # an image that is shown for the first time learns the size of its file, and is saved
    "wagtailadmin_editingsession",
    "wagtailcore_pagesubscription",
    "wagtailimages_image",
    "wagtailimages_rendition",
    "wagtailusers_userprofile",
}


@pytest.fixture
def world(caplog):
    caplog.set_level(logging.CRITICAL, "django.request")  # refusals are what is asked for here
    return make_world()


def test_every_address_has_its_line(world):
    known = {row.pattern for row in rows()}
    missing = [pattern for pattern in dict.fromkeys(patterns()) if pattern not in known]
    lines = "\n".join(str(row) for pattern in missing for row in suggested(world, pattern))
    assert not missing, f"Judge each status, then add to {FILE.name} (what is answered now stands here):\n{lines}"


def test_no_line_is_stale():
    stale = {row.pattern for row in rows()} - set(patterns())
    assert not stale, f"No such address any more; take these lines out of {FILE.name}: {sorted(stale)}"


def test_every_address_is_asked_by_every_method_once_at_least():
    asked = Counter((row.pattern, row.method) for row in rows())
    missing = [(pattern, method) for pattern in set(patterns()) for method in METHODS if not asked[pattern, method]]
    assert not missing
    assert not [row for row in rows() if row.method not in METHODS or not row.path.startswith("/")]


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_is_answered_as_the_matrix_says(world, part):
    wrong, written = [], []
    for row in rows()[part::PARTS]:
        for role in ROLES:
            if row.expected[role] == NOT_ASKED:
                continue
            answer = ask(world, role, row.method, world.fill(row.path))
            if str(answer.status) != row.expected[role]:
                wrong.append(f"{row.method} {row.path} for {role}: {answer.status}, not {row.expected[role]}")
            unexpected = set(answer.writes) - (CMS_TRACES if row.path.startswith("/cms/") else TRACES)
            if row.method == "GET" and unexpected:
                written.append(f"GET {row.path} by {role} writes {sorted(unexpected)}")
    assert not wrong, "\n".join(["Judge, then change the code or the line:", *wrong])
    assert not written, "\n".join(written)


def test_nothing_breaks_unless_it_is_known_why():
    broken = [row for row in rows() if any(status.startswith("5") for status in row.expected.values())]
    assert not [f"{row.method} {row.path}" for row in broken if not row.why]


def test_no_line_lets_the_far_ones_see_what_the_near_ones_see_of_a_unit():
    about_a_unit = [row for row in rows() if "{unit}" in row.path or "{person}" in row.path]
    assert about_a_unit
    for row in about_a_unit:
        for role in ("member", "editor", "sibling_secretary", "far_secretary", "far_organiser", *ADMINISTRATORS):
            assert row.expected[role] in ("404", "405"), row


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_no_page_shows_the_people_of_one_side_to_the_leaders_of_the_other(caplog, is_mirrored):
    """Every address with the ids of the other side, asked by its staff: no name from there, whatever the status."""
    caplog.set_level(logging.CRITICAL, "django.request")
    world, shown = make_world(is_mirrored=is_mirrored), []
    seen_at_home = 0
    for row in rows():
        if row.method != "GET" or row.path.startswith("/cms/") or row.path == REPORTED_TO:
            continue
        seen_at_home += CANARY in ask(world, "secretary", "GET", world.fill(row.path)).body.decode(errors="ignore")
        for role in ("far_secretary", "far_organiser", "sibling_secretary"):
            body = ask(world, role, "GET", world.fill(row.path)).body.decode(errors="ignore")
            if CANARY in body:
                shown.append(f"{row.path} to {role}")
    assert seen_at_home > 10
    assert not shown


@pytest.mark.parametrize("has_two_steps", [False, True])
def test_no_side_door_opens_a_session(world, has_two_steps):
    user = world.people["secretary"]
    if has_two_steps:
        with_second_step(user)
    opened = set()
    names = ("username", "login", "user", "email", "auth-username")
    data = dict.fromkeys(names, user.username) | dict.fromkeys(("password", "auth-password", "code"), PASSWORD)
    for row in rows():
        if row.method == "POST" and ask(world, "anonymous", "POST", world.fill(row.path), data).session:
            opened.add(row.pattern)
    assert opened == (set() if has_two_steps else set(DOORS))
