"""The audit log tells what happened, in order, and nobody can tell it otherwise."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.audit.actions import record_event
from members.audit.models import AuditEvent
from members.audit.queries import broken_links
from tests.factories import make_member, make_organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 8, 30, 15, 123456, tzinfo=UTC)


def test_events_follow_one_another_in_an_unbroken_chain():
    member = make_member(make_organisation())
    for number in range(5):
        record_event("test.happened", now=NOW, about=member, detail={"第几次": number})
    assert broken_links() == []
    hashes = list(AuditEvent.objects.order_by("pk").values_list("hash", flat=True))
    assert list(AuditEvent.objects.order_by("pk").values_list("previous_hash", flat=True)) == ["0" * 64, *hashes[:-1]]


def falsify(event: AuditEvent) -> None:
    event.action = "test.nothing"
    event.save()


ATTACKS = {
    "update": lambda event: AuditEvent.objects.update(action="test.nothing"),
    "delete": lambda event: AuditEvent.objects.all().delete(),
    "save": falsify,
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses_to_change_or_delete_an_event(attack):
    event = record_event("test.happened", now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        attack(event)
    assert AuditEvent.objects.get().action == "test.happened"


def test_a_forged_event_is_found_even_where_the_guard_was_taken_away(capsys):
    events = [record_event("test.happened", now=NOW, detail={"n": number}) for number in range(3)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE members_auditevent DISABLE TRIGGER audit_event_insert_only")
        else:
            cursor.execute("DROP TRIGGER audit_event_no_UPDATE")
    AuditEvent.objects.filter(pk=events[1].pk).update(actor=7)
    assert broken_links() == [events[1].pk]
    with pytest.raises(CommandError, match=str(events[1].pk)):
        call_command("verify_audit")


def test_verify_audit_is_content_with_a_whole_chain(capsys):
    record_event("test.happened", now=NOW)
    call_command("verify_audit")
    assert "1" in capsys.readouterr().out


@transaction.atomic
def happens_and_is_taken_back() -> None:
    record_event("test.happened", now=NOW)
    raise LookupError


def test_an_event_stands_exactly_if_what_it_tells_of_stands():
    with pytest.raises(LookupError):
        happens_and_is_taken_back()
    assert not AuditEvent.objects.exists()


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc组织", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    detail=st.dictionaries(st.text("abc学时", max_size=5), json, max_size=4),
    moment=st.datetimes(timezones=st.just(UTC)),
)
def test_whatever_is_told_reads_back_as_it_was_sealed(detail, moment):
    record_event("test.happened", now=moment, detail=detail)
    assert broken_links() == []
