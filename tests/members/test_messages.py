"""Messages: the row is the queue, each says why it was sent or held, and only its reader reads it."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from members.messages.actions import Notice, deliver_due, enqueue, enqueue_all, mark_read, mute, unmute
from members.messages.limits import Held
from members.messages.models import Message, MessageState, Mute
from members.messages.queries import held_of, newest_unread
from members.tasks import turn_cranks
from tests.factories import make_leader, make_member, make_organisation, make_person

NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
TOPIC = "study.plan/7"


@pytest.fixture
def unit(db):
    return make_organisation()


@pytest.fixture
def reader(unit):
    return make_person(unit, name="顾文竹")


def tell(member, *, dedupe="a", topic=TOPIC, now=NOW, **rest) -> bool:
    said = {"title": "还有 2 项要学", "text": "“年度计划”还有 2 项。", "why": "您在计划里。", "link": "/study/"}
    return enqueue(to=member, topic=topic, dedupe=dedupe, now=now, **said | rest)


def sent_to(user) -> list[Message]:
    return list(Message.objects.visible_to(user))


def test_a_message_waits_in_its_row_until_the_crank_turns(reader):
    assert tell(reader.member)
    assert sent_to(reader) == []
    assert deliver_due(now=NOW) == 1
    [message] = sent_to(reader)
    assert (message.sent_at, message.why, message.held_because) == (NOW, "您在计划里。", "")
    assert deliver_due(now=NOW) == 0


def test_the_sweep_turns_this_crank_too(reader):
    tell(reader.member, now=timezone.now())
    turn_cranks()
    assert len(sent_to(reader)) == 1


def test_a_key_is_taken_once(reader):
    assert tell(reader.member)
    assert not tell(reader.member, text="一句别的话")
    assert Message.objects.get().text == "“年度计划”还有 2 项。"


def test_keys_that_come_twice_in_one_go_are_one_message(reader):
    notice = Notice(to=reader.member, topic=TOPIC, title="t", text="t", why="w", dedupe="same")
    assert enqueue_all([notice, notice], now=NOW) == 1


def test_two_of_a_topic_in_a_week_are_one_and_the_other_says_why(reader):
    tell(reader.member, dedupe="a")
    tell(reader.member, dedupe="b")
    deliver_due(now=NOW)
    tell(reader.member, dedupe="c", now=NOW + timedelta(days=6))
    deliver_due(now=NOW + timedelta(days=6))
    tell(reader.member, dedupe="d", now=NOW + timedelta(days=7))
    deliver_due(now=NOW + timedelta(days=7))
    told = dict(Message.objects.values_list("dedupe_key", "held_because"))
    assert told == {"a": "", "b": Held.THIS_WEEK, "c": Held.THIS_WEEK, "d": ""}


def test_another_topic_is_another_matter(reader):
    tell(reader.member, dedupe="a")
    tell(reader.member, dedupe="b", topic="study.plan/8")
    deliver_due(now=NOW)
    assert len(sent_to(reader)) == 2


def test_who_switched_a_kind_off_gets_none_of_it_until_it_is_on_again(reader):
    mute(member=reader.member, topic=TOPIC, now=NOW)
    mute(member=reader.member, topic=TOPIC, now=NOW)
    tell(reader.member, dedupe="a", topic="study.plan/9")
    tell(reader.member, dedupe="b", topic="activity/1")
    deliver_due(now=NOW)
    assert [message.topic for message in sent_to(reader)] == ["activity/1"]
    assert Message.objects.get(dedupe_key="a").held_because == Held.MUTED
    unmute(member=reader.member, topic=TOPIC)
    tell(reader.member, dedupe="c")
    deliver_due(now=NOW)
    assert len(sent_to(reader)) == 2


def test_without_an_open_account_or_membership_nothing_goes_out(unit):
    nobody, closed, ended = make_member(unit), make_person(unit, name="甲"), make_person(unit, name="乙")
    closed.is_active = False
    closed.save()
    ended.member.ended_on, ended.member.ended_kind = NOW.date(), "transferred"
    ended.member.save()
    for number, member in enumerate((nobody, closed.member, ended.member)):
        tell(member, dedupe=str(number))
    deliver_due(now=NOW)
    assert set(Message.objects.values_list("state", "held_because")) == {(MessageState.HELD, Held.NO_ACCOUNT)}


def test_what_would_be_held_is_known_beforehand_and_what_waits_counts(reader, unit):
    other = make_person(unit)
    tell(reader.member)
    assert held_of([reader.member.pk, other.member.pk], topic=TOPIC, now=NOW) == {reader.member.pk: Held.THIS_WEEK}
    assert held_of([reader.member.pk], topic="study.plan/8", now=NOW) == {}


def test_knowing_who_is_held_asks_no_more_queries_for_more_people(unit, django_assert_num_queries):
    people = [make_person(unit).member.pk for _ in range(12)]
    for number in (1, 12):
        with django_assert_num_queries(3):
            held_of(people[:number], topic=TOPIC, now=NOW)


def test_delivering_many_asks_no_more_queries_than_delivering_one(unit, django_assert_max_num_queries):
    for place in range(20):
        tell(make_person(unit).member, dedupe=str(place))
    with django_assert_max_num_queries(9):
        assert deliver_due(now=NOW) == 20


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_send_one_message_each():
    people = [make_person(make_organisation()).member for _ in range(5)]
    start, new = Barrier(2), []

    def press(at: datetime) -> None:
        start.wait()
        notices = [
            Notice(to=member, topic=TOPIC, title="t", text="t", why="w", dedupe=f"{member.pk}") for member in people
        ]
        new.append(enqueue_all(notices, now=at))
        deliver_due(now=at + timedelta(seconds=1))
        connection.close()

    threads = [Thread(target=press, args=[NOW + timedelta(microseconds=n)]) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 5
    assert Message.objects.filter(state=MessageState.SENT).count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_cranks_at_once_never_send_two_of_a_topic():
    member = make_person(make_organisation()).member
    for place in range(6):
        tell(member, dedupe=str(place))
    start = Barrier(3)

    def turn() -> None:
        start.wait()
        deliver_due(now=NOW, limit=2)
        connection.close()

    threads = [Thread(target=turn) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Message.objects.filter(state=MessageState.SENT).count() == 1


# --- the member's pages ---------------------------------------------------------
@pytest.fixture
def message(reader) -> Message:
    tell(reader.member)
    deliver_due(now=NOW)
    return Message.objects.get()


def test_unread_messages_stand_first_and_the_newest_on_the_front(reader, message, client):
    tell(reader.member, dedupe="b", topic="study.plan/8", title="第二件事", now=NOW + timedelta(hours=1))
    deliver_due(now=NOW + timedelta(hours=1))
    newer = Message.objects.get(dedupe_key="b")
    assert newest_unread(reader) == newer
    mark_read([newer], now=NOW)
    client.force_login(reader)
    said = client.get("/me/messages/").content.decode()
    assert said.index("还有 2 项要学") < said.index("第二件事")
    assert newest_unread(reader) == message


def test_looking_writes_nothing_and_the_button_says_that_it_was_read(reader, message, client):
    client.force_login(reader)
    said = client.get(f"/me/messages/{message.pk}/").content.decode()
    assert "您在计划里。" in said
    message.refresh_from_db()
    assert message.read_at is None
    assert client.post(f"/me/messages/{message.pk}/", {"go": "1"}).url == "/study/"
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    assert client.post(f"/me/messages/{message.pk}/").url == "/me/messages/"
    message.refresh_from_db()
    assert message.read_at == first


def test_a_link_never_leads_out_of_the_house(reader, client):
    tell(reader.member, link="//elsewhere.example/")
    deliver_due(now=NOW)
    client.force_login(reader)
    assert client.post(f"/me/messages/{Message.objects.get().pk}/", {"go": "1"}).url == "/me/messages/"


def test_a_kind_is_switched_off_and_on_from_the_message(reader, message, client):
    client.force_login(reader)
    address = f"/me/messages/{message.pk}/"
    client.post(f"{address}mute/")
    assert Mute.objects.get().topic == "study.plan"
    assert 'name="again"' in client.get(address).content.decode()
    client.post(f"{address}mute/", {"again": "1"})
    assert not Mute.objects.exists()


def test_nobody_reads_or_answers_for_another(reader, message, unit, client):
    address = f"/me/messages/{message.pk}/"
    for other in (make_person(unit), make_leader(unit)):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
        assert client.post(f"{address}mute/").status_code == 404
        assert "还有 2 项要学" not in client.get("/me/messages/").content.decode()


def test_what_was_held_is_shown_to_nobody(reader, client):
    mute(member=reader.member, topic=TOPIC, now=NOW)
    tell(reader.member)
    deliver_due(now=NOW)
    client.force_login(reader)
    assert client.get(f"/me/messages/{Message.objects.get().pk}/").status_code == 404


def test_the_list_asks_no_more_queries_for_more_messages(reader, message, client, django_assert_num_queries):
    client.force_login(reader)
    client.get("/me/messages/")
    with django_assert_num_queries(3) as few:
        client.get("/me/messages/")
    for place in range(10):
        tell(reader.member, dedupe=f"n{place}", topic=f"study.plan/{100 + place}")
    deliver_due(now=NOW)
    with django_assert_num_queries(len(few)):
        client.get("/me/messages/")
