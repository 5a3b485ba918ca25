"""The audit log outlives attacks on its end, its retention, and a long list of wrong passwords."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as house
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from members.accounts.failures import MOST_ACCOUNTS, note_failure
from members.accounts.log import Wanted
from members.audit.actions import record_event
from members.audit.heads import kept_heads, note_head
from members.audit.models import AuditEvent, AuditHorizon
from members.audit.queries import broken_links
from members.audit.trimming import trim_log
from members.privacy.retention import drop_what_is_over
from tests.factories import PASSWORD, make_account, make_person, make_tree

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def happened(number: int, *, at: datetime = NOW) -> list[AuditEvent]:
    return [record_event("test.happened", now=at, detail={"n": each}) for each in range(number)]


def without_guard(statement: str, *values) -> None:
    """As somebody with the database in hand would do it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE members_auditevent DISABLE TRIGGER USER")
        else:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER audit_event_no_{verb}")
        cursor.execute(statement, values)


def test_missing_last_rows_are_found_by_the_head_that_was_noted_elsewhere():
    events = happened(4)
    assert note_head(now=NOW)
    without_guard("DELETE FROM members_auditevent WHERE id >= %s", events[2].pk)
    assert broken_links() == [events[3].pk]


def test_a_log_written_anew_from_its_beginning_is_found_too():
    (event,) = happened(1)
    note_head(now=NOW)
    without_guard("DELETE FROM members_auditevent")
    forged = AuditEvent(pk=event.pk, at=NOW, action="test.nothing", previous_hash="0" * 64)
    forged.hash = forged.sealed()
    forged.save(force_insert=True)
    assert broken_links() == [event.pk]


def test_a_missing_row_and_two_rows_that_changed_places_are_found():
    events = happened(5)
    without_guard("DELETE FROM members_auditevent WHERE id = %s", events[1].pk)
    assert broken_links() == [events[2].pk]
    AuditEvent.objects.filter(pk=events[3].pk).update(id=events[4].pk + 1)
    assert set(broken_links()) == {events[2].pk, events[4].pk, events[4].pk + 1}


def test_a_head_is_noted_once_an_hour_and_a_torn_line_is_none():
    happened(1)
    assert note_head(now=NOW)
    happened(1)
    assert not note_head(now=NOW + timedelta(minutes=30))
    assert note_head(now=NOW + timedelta(hours=1))
    with Path(house.AUDIT_HEADS_FILE).open("a") as file:
        file.write('{"id": 7, "ha')
    assert len(kept_heads()) == 2
    assert broken_links() == []


def test_old_events_go_by_the_rule_and_the_chain_still_proves_itself():
    happened(7, at=NOW - timedelta(days=400))
    kept = happened(2)
    note_head(now=NOW)
    assert trim_log(older_than=NOW - timedelta(days=200), now=NOW) == 7
    told = AuditEvent.objects.get(action="audit.trimmed")
    assert list(AuditEvent.objects.order_by("pk")) == [*kept, told]
    assert told.detail["dropped"] == 7
    assert broken_links() == []
    assert trim_log(older_than=NOW - timedelta(days=200), now=NOW) == 0
    happened(1)
    assert broken_links() == []


def test_after_a_trim_that_was_cut_off_the_next_one_goes_on(monkeypatch):
    happened(6, at=NOW - timedelta(days=400))
    happened(1)
    monkeypatch.setattr("members.audit.trimming._drop_below_horizon", lambda: 0)
    trim_log(older_than=NOW - timedelta(days=200), now=NOW)
    assert broken_links() == []
    monkeypatch.undo()
    assert trim_log(older_than=NOW - timedelta(days=200), now=NOW) == 6
    assert AuditHorizon.objects.count() == 1
    assert broken_links() == []


def test_everything_old_may_go_and_the_event_that_tells_of_it_stays():
    happened(3, at=NOW - timedelta(days=400))
    trim_log(older_than=NOW, now=NOW)
    assert [event.action for event in AuditEvent.objects.all()] == ["audit.trimmed"]
    assert broken_links() == []


def test_the_database_lets_go_of_nothing_above_the_horizon_and_of_no_horizon():
    happened(2, at=NOW - timedelta(days=400))
    happened(1)
    trim_log(older_than=NOW - timedelta(days=200), now=NOW)
    for attack in (
        AuditEvent.objects.all().delete,
        AuditHorizon.objects.all().delete,
        lambda: AuditHorizon.objects.update(last_id=10**9),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()
    assert broken_links() == []


def test_a_horizon_that_nobody_told_of_is_found():
    events = happened(5)
    AuditHorizon.objects.create(last_id=events[3].pk, last_hash=events[3].hash, dropped=4, trimmed_at=NOW)
    AuditEvent.objects.filter(pk__lte=events[3].pk).delete()
    assert broken_links() == [events[3].pk]


@pytest.mark.postgres
def test_postgresql_does_not_truncate_the_log():
    happened(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_auditevent")
    assert AuditEvent.objects.count() == 1


def test_the_sweep_keeps_at_least_six_months():
    happened(1, at=NOW - timedelta(days=210))
    happened(1, at=NOW - timedelta(days=170))
    drop_what_is_over(now=NOW)
    assert AuditEvent.objects.filter(action="test.happened").count() == 1
    assert broken_links() == []


def test_signing_in_and_failing_to_are_written_down_without_what_was_typed():
    user = make_person(make_tree().branch)
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": "不对的密码"})
    client.post("/accounts/login/", {"login": "没有这个人", "password": "不对的密码"})
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    failed = AuditEvent.objects.filter(action="account.sign_in_failed").order_by("pk")
    assert [(event.object_id, event.detail) for event in failed] == [(str(user.pk), {"tries": 1}), ("", {"tries": 1})]
    assert AuditEvent.objects.filter(action="account.signed_in", actor=user.pk).count() == 1


def test_a_long_attack_leaves_a_few_lines_an_hour():
    user = make_account()
    for _ in range(120):
        note_failure(user, now=NOW)
        note_failure(None, now=NOW)
    tries = [event.detail["tries"] for event in AuditEvent.objects.filter(object_id=str(user.pk)).order_by("pk")]
    assert tries == [1, 5, 10, 100]
    assert AuditEvent.objects.count() == 8


def test_an_attack_on_all_accounts_gets_lines_for_some_of_them():
    cache.set(f"sign-in-failed:accounts:{NOW:%Y%m%d%H}", MOST_ACCOUNTS, 60)
    note_failure(make_account(), now=NOW)
    assert AuditEvent.objects.get().object_id == ""


def test_the_log_is_looked_through_by_days_unit_and_who_acted():
    user = make_account(username="shenji")
    for days in range(4):
        record_event("test.happened", now=NOW - timedelta(days=days), actor=user, organisation="LW")
    record_event("test.happened", now=NOW)

    def found(**asked) -> int:
        return Wanted.read(asked).within(AuditEvent.objects.all()).count()

    assert found(since="2026-11-21", until="2026-11-22") == 2
    assert found(actor="shenji") == found(actor=f"#{user.pk}") == found(unit="LW") == 4
    assert found(actor="没有") == found(actor="#x") == 0
    assert found(since="0001-01-01", until="9999-12-31") == 5


def test_what_was_looked_for_is_noted_without_a_name():
    noted = Wanted.read({"unit": "鹮鹬鸻", "about": "鹮鹬鸻", "actor": "鹮鹬鸻", "action": "鹮鹬鸻"}).noted()
    assert "鹮鹬鸻" not in json.dumps(noted, ensure_ascii=False)
    assert Wanted.read({"about": "members.Member:12", "action": "audit.read"}).noted() == {
        "about": "members.Member:12",
        "action": "audit.read",
    }


def test_drafts_and_messages_go_when_their_time_is_over():
    from members.accounts.draft_keeping import keep_draft
    from members.accounts.drafts import Draft
    from members.messages.actions import deliver_due, enqueue
    from members.messages.models import Message

    user, now = make_person(make_tree().branch), timezone.now()
    keep_draft(user_id=user.pk, form_key="a", fields={"text": ["写"]}, now=now - timedelta(days=91))
    said = {"topic": "t", "title": "题", "text": "文", "why": "因", "dedupe": "old"}
    enqueue(to=user.member, now=now - timedelta(days=740), **said)
    deliver_due(now=now - timedelta(days=740))
    enqueue(to=user.member, now=now, **(said | {"dedupe": "new"}))
    drop_what_is_over(now=now)
    assert not Draft.objects.exists()
    assert [row.dedupe_key for row in Message.objects.all()] == ["new"]
