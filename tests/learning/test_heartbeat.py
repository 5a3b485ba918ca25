"""The route of the heartbeat: what it takes, what it refuses, and what it says."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from learning.courses.models import CompletionRule, StudyItem
from learning.progress.models import Progress
from learning.study.visits import _signer, open_visit, read_visit
from tests.factories import make_person, make_tree
from tests.learning.makers import PACE, make_lesson

pytestmark = pytest.mark.django_db
URL = "/study/heartbeat/"


@pytest.fixture
def person():
    return make_person(make_tree().branch)


@pytest.fixture
def item(person):
    return make_lesson(person.member.organisation_now(), seconds=100)


@pytest.fixture
def visit(person, item):
    opened = timezone.now() - timedelta(seconds=60)
    return open_visit(member_id=person.member.pk, item_id=item.pk, pace=PACE, now=opened)


def beat(client, visit, **said):
    body = {"visit": visit, "seq": 1, "spans": [[0, 40]], "position": 40, "at": 60000, **said}
    return client.post(URL, json.dumps(body), content_type="text/plain")


def test_a_beat_answers_what_is_missing_in_one_sentence(client, visit):
    answer = beat(client, visit).json()
    seen = {"covered": 40, "needed": 100, "gaps": [[40, 100]]}
    assert answer == {"state": "studying", **seen, "closed": False, "say": "还差 1 分"}


def test_a_beat_needs_no_session_and_reads_no_cookie(client, visit, django_assert_num_queries):
    client.cookies["sessionid"] = "whatever"
    answer = beat(client, visit)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
    assert not answer.cookies


@pytest.mark.parametrize("rule", [CompletionRule.COVERED, CompletionRule.BOTH])
def test_a_beat_is_one_read_and_one_write_with_or_without_a_quiz(client, visit, item, rule):
    StudyItem.objects.filter(pk=item.pk).update(completion_rule=rule, pass_percent=60)
    beat(client, visit)
    with CaptureQueriesContext(connection) as asked:
        beat(client, visit, seq=2, spans=[[40, 45]])
    assert [said["sql"].split()[0] for said in asked if "SAVEPOINT" not in said["sql"]] == ["SELECT", "INSERT"]


def test_a_beat_after_the_end_is_one_read(client, visit):
    beat(client, visit, spans=[[0, 100]])
    with CaptureQueriesContext(connection) as asked:
        assert beat(client, visit, seq=2).json()["state"] == "completed"
    assert [said["sql"].split()[0] for said in asked if "SAVEPOINT" not in said["sql"]] == ["SELECT"]


def test_the_last_beat_completes(client, visit, item, person):
    beat(client, visit, spans=[[0, 100]])
    assert beat(client, visit, seq=2, spans=[[0, 100]]).json()["state"] in ("studying", "completed")
    assert Progress.objects.get(member=person.member, item=item).covered_seconds == 100
    assert beat(client, visit, seq=3, spans=[]).json()["say"] == "已学完"


@pytest.mark.parametrize(
    "spans",
    ["all", [[0]], [["a", "b"]], [[0, float("nan")]], [[0, float("inf")]], [[0, 1]] * 501, None, {"0": 1}],
    ids=str,
)
def test_unreadable_beats_are_refused_and_change_nothing(client, visit, spans):
    assert beat(client, visit, spans=spans).status_code == 400
    assert not Progress.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"visit": 1}', b"x" * 70_000])
def test_a_body_that_is_no_beat_is_refused(client, body):
    assert client.post(URL, body, content_type="application/json").status_code in (400, 403)


def test_a_visit_of_another_cannot_be_made_up(client, visit):
    forged = visit.replace(visit.split("~")[0], "1", 1) + "x"
    assert beat(client, forged).status_code == 403


def test_a_visit_is_good_for_twelve_hours(client, person, item):
    old = open_visit(
        member_id=person.member.pk, item_id=item.pk, pace=PACE, now=timezone.now() - timedelta(hours=12, seconds=1)
    )
    assert beat(client, old).status_code == 403


def test_a_deactivated_member_is_told_so(client, visit, person):
    person.is_active = False
    person.save()
    answer = beat(client, visit)
    assert answer.status_code == 403
    assert not Progress.objects.exists()


def test_only_posting_is_a_beat(client):
    assert client.get(URL).status_code == 405


def test_a_silent_broker_does_not_lose_a_beat(client, visit, settings, monkeypatch):
    from kombu.exceptions import OperationalError

    from learning import tasks

    def refuse(*args, **kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.fold, "apply_async", refuse)
    assert beat(client, visit, spans=[[0, 100]]).status_code == 200


def test_a_visit_signed_before_there_was_a_bank_is_still_good(client, person, item):
    now = timezone.now()
    signed = open_visit(member_id=person.member.pk, item_id=item.pk, pace=PACE, now=now - timedelta(seconds=60))
    older = _signer().sign(signed.rpartition(":")[0].rpartition("~")[0])
    assert beat(client, older).status_code == 200
    assert read_visit(older, now=now).pace.bank_seconds == 12 * 3600
    assert read_visit(signed, now=now).pace == PACE
