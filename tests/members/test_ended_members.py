"""Nothing is ever sent to who has ended, and an end leaves nothing open for anybody to answer."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from members.accounts.membership import end_membership, reverse_end
from members.checkins.models import MobileSpell
from members.messages.actions import deliver_due, enqueue
from members.messages.models import Message, MessageState
from members.organisation.kinds import EndKind
from members.transfers.actions import propose_transfer
from members.transfers.models import Transfer
from tests.factories import make_person, make_tree
from tests.members.spells import make_spell

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)


def tell(member, *, dedupe: str = "a", now=NOW) -> None:
    said = {"title": "还有 2 项要学", "text": "还有 2 项", "why": "在计划里", "dedupe": dedupe}
    enqueue(to=member, topic=f"study.plan/{dedupe}", now=now, **said)


def end(member, now=NOW) -> None:
    end_membership(member=member, kind=EndKind.DECEASED, ended_on=now.date(), actor=None, now=now)


@pytest.mark.django_db
def test_what_was_queued_before_the_end_and_what_comes_after_it_is_never_sent():
    member = make_person(make_tree().branch).member
    tell(member)
    end(member)
    tell(member, dedupe="b", now=SOON)
    deliver_due(now=SOON)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.HELD}
    reverse_end(member=member, actor=None, now=SOON)
    deliver_due(now=SOON)
    assert not Message.objects.filter(state=MessageState.SENT).exists()
    tell(member, dedupe="c", now=SOON)
    deliver_due(now=SOON)
    assert Message.objects.get(state=MessageState.SENT).dedupe_key == "c"


@pytest.mark.django_db
def test_contacts_hosts_and_transfers_wait_for_nobody_who_has_ended():
    tree = make_tree()
    member = make_person(tree.branch).member
    make_spell(member, host=tree.far)
    propose_transfer(member=member, receiving=tree.far, actor=None, now=NOW)
    end(member)
    far_away = NOW.date() + timedelta(days=900)
    assert not MobileSpell.objects.contact_due(far_away).exists()
    assert not MobileSpell.objects.open().present().exists()
    assert not Transfer.objects.open().exists()


@pytest.mark.django_db(transaction=True)
def test_an_end_at_the_moment_of_sending_comes_before_it_or_after_it():
    member = make_person(make_tree().branch).member
    for number in range(5):
        tell(member, dedupe=str(number))
    start, sent_at_the_end = Barrier(2), []

    def send() -> None:
        start.wait()
        deliver_due(now=SOON)
        connection.close()

    def stop() -> None:
        start.wait()
        end(member)
        sent_at_the_end.append(Message.objects.filter(state=MessageState.SENT).count())
        connection.close()

    threads = [Thread(target=send), Thread(target=stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Message.objects.filter(state=MessageState.SENT).count() == sent_at_the_end[0]
    assert not Message.objects.filter(state=MessageState.DUE).exists()
