import json
from datetime import timedelta

import pytest
from config.health import WORKER_SEEN
from config.installation import found_portal
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from content.search.models import IndexChange
from members.roles.models import ADMINISTRATORS, Role, RoleGrant
from tests.factories import grant, make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_sound_house(settings, tmp_path):
    settings.VAR, settings.STATIC_ROOT, settings.SEARCH_INDEX_DIR = tmp_path, tmp_path / "static", tmp_path / "index"
    for folder in ("keys", "static", "index"):
        (tmp_path / folder).mkdir()
    (tmp_path / "keys" / "secret").touch(mode=0o600)
    (tmp_path / "static" / "staticfiles.json").touch()
    (tmp_path / "index" / "pages").touch()
    cache.set(WORKER_SEEN, timezone.now().timestamp())
    return tmp_path


def states(capsys) -> dict[str, str]:
    exit_code = 0
    try:
        call_command("doctor", as_json=True)
    except SystemExit as end:
        exit_code = end.code
    found = {finding["subject"].split()[-1]: finding["state"] for finding in json.loads(capsys.readouterr().out)}
    assert exit_code == ("bad" in found.values())
    return found


def test_a_sound_house_has_nothing_bad(a_sound_house, capsys):
    assert {subject for subject, state in states(capsys).items() if state == "bad"} == set()


def test_a_key_that_others_can_read_is_bad(a_sound_house, capsys):
    (a_sound_house / "keys" / "secret").chmod(0o644)
    assert states(capsys)["keys"] == "bad"


def test_a_worker_that_is_silent_is_bad(a_sound_house, capsys):
    cache.delete(WORKER_SEEN)
    assert states(capsys)["worker"] == "bad"


def test_a_search_index_that_is_behind_is_bad(a_sound_house, capsys):
    long_ago = timezone.now() - timedelta(hours=1)
    IndexChange.objects.create(root="wagtailcore.page", object_pk="1", created_at=long_ago)
    assert states(capsys)["search"] == "bad"


def test_a_question_that_cannot_be_asked_is_bad_and_the_others_are_asked(a_sound_house, capsys, monkeypatch):
    monkeypatch.setattr("config.diagnosis.QUESTIONS", {"one": lambda: 1 / 0, "two": lambda: ("good", "")})
    assert states(capsys) == {"one": "bad", "two": "good"}


def test_a_job_of_the_three_administrators_that_nobody_holds_is_bad(a_sound_house, capsys):
    assert states(capsys)["administrators"] == "note", "nothing has begun"
    found_portal("柳湾学堂")
    assert states(capsys)["administrators"] == "bad"
    for role in ADMINISTRATORS:
        grant(make_account(), role, None)
    assert states(capsys)["administrators"] == "good"
    RoleGrant.objects.filter(role=Role.AUDIT_ADMIN).update(until=timezone.now())
    assert states(capsys)["administrators"] == "bad", "its term is over"
