"""Keeping in touch: a due date for the contact person, told at most once a week, recorded in two taps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from members.accounts.membership import end_membership
from members.audit.models import AuditEvent
from members.checkins.actions import end_spell, hand_on_contact, record_contact
from members.checkins.models import ContactWay, MobileSpell
from members.checkins.reminding import TOPIC, remind_contact_persons
from members.checkins.spell_steps import Step
from members.messages.actions import deliver_due, mute
from members.messages.models import Message, MessageState
from members.organisation.kinds import EndKind
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.members.spells import REGISTERED, make_spell

pytestmark = pytest.mark.django_db
JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)  # three months and a month after the registration


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def keeper(tree):
    return make_person(tree.branch, name="联系人甲")


def away(tree, keeper, **rest) -> MobileSpell:
    return make_spell(make_member(tree.branch, **rest), contact_person=keeper.member)


def told() -> list[Message]:
    return list(Message.objects.filter(topic=TOPIC, state=MessageState.SENT))


def remind(now) -> int:
    number = remind_contact_persons(now=now)
    deliver_due(now=now)
    return number


# --- the reminder ---------------------------------------------------------------------------
def test_the_contact_person_is_told_once_a_week_for_as_long_as_a_day_has_come(tree, keeper):
    spells = [away(tree, keeper, name=f"远行人{n}") for n in range(2)]
    assert remind(REGISTERED + timedelta(days=30)) == 0
    assert remind(JULY) == 1
    for hours in (1, 24, 24 * 6):
        assert remind(JULY + timedelta(hours=hours)) == 0
    assert remind(JULY + timedelta(days=7, minutes=1)) == 1
    message = told()[0]
    assert (message.to, message.link) == (keeper.member, "/checkins/contacts/")
    assert "2 位" in message.title
    assert "联系人" in message.why
    assert not any(name in message.title + message.text + message.why for name in ("远行人0", "远行人1"))
    for spell in spells:
        record_contact(spell=spell, way=ContactWay.PHONE, happened_on=date(2026, 7, 8), actor=keeper, now=JULY)
    assert remind(JULY + timedelta(days=20)) == 0


def test_the_member_who_is_away_is_told_nothing(tree, keeper):
    spell = make_spell(make_person(tree.branch).member, contact_person=keeper.member)
    remind(JULY)
    assert not Message.objects.filter(to=spell.member).exists()


def test_nothing_goes_to_an_ended_contact_person_and_nothing_about_an_ended_member(tree, keeper):
    gone = away(tree, keeper)
    end_membership(member=gone.member, kind=EndKind.DECEASED, ended_on=date(2026, 6, 1), actor=None, now=JULY)
    ended_keeper = make_person(tree.branch)
    away(tree, ended_keeper)
    end_membership(
        member=ended_keeper.member, kind=EndKind.TRANSFERRED, ended_on=date(2026, 6, 1), actor=None, now=JULY
    )
    back = away(tree, keeper)
    end_spell(spell=back, step=Step.RETURNED, ended_on=date(2026, 6, 1), actor=None, now=JULY)
    assert remind(JULY) == 0
    assert not Message.objects.exists()


def test_who_wants_no_such_message_or_has_no_account_gets_none(tree, keeper):
    mute(member=keeper.member, topic=TOPIC, now=JULY)
    away(tree, keeper)
    make_spell(make_member(tree.branch), contact_person=make_member(tree.branch))
    assert remind(JULY) == 0


def test_reminding_costs_the_same_for_one_and_for_many(tree, django_assert_max_num_queries):
    for _ in range(12):
        away(tree, make_person(tree.branch))
    with django_assert_max_num_queries(14):
        assert remind_contact_persons(now=JULY) == 12


def test_another_contact_person_is_named_in_the_log_and_never_the_member_themselves(tree, keeper):
    spell = away(tree, keeper)
    other = make_member(tree.branch)
    assert hand_on_contact(spell=spell, contact_person=other, actor=keeper, now=JULY)
    assert not hand_on_contact(spell=spell, contact_person=spell.member, actor=keeper, now=JULY)
    spell.refresh_from_db()
    assert spell.contact_person == other
    assert AuditEvent.objects.filter(action="spell.changed").count() == 1


# --- the pages -------------------------------------------------------------------------------
def overdue(tree, keeper, **rest) -> MobileSpell:
    spell = away(tree, keeper, **rest)
    MobileSpell.objects.filter(pk=spell.pk).update(contact_due_on=timezone.localdate() - timedelta(days=3))
    return spell


def test_what_is_due_is_a_list_by_name_with_unit_and_number_for_who_leads_the_unit(client, tree, keeper):
    for name in ("周一", "安二", "安二"):
        overdue(tree, keeper, name=name)
    away_later = away(tree, keeper, name="未到日子")
    MobileSpell.objects.filter(pk=away_later.pk).update(contact_due_on=timezone.localdate() + timedelta(days=3))
    client.force_login(make_leader(tree.branch))
    page = client.get("/branch/away/due/").content.decode()
    assert page.index("安二") < page.index("周一")
    assert page.count("编号尾号") == 3
    assert "联系人 联系人甲" in page
    assert "未到日子" not in page
    assert "/branch/away/due/" in client.get("/branch/").content.decode()
    assert AuditEvent.objects.filter(action="contacts.seen").count() == 1
    client.force_login(make_leader(tree.far))
    assert "安二" not in client.get("/branch/away/due/").content.decode()


def test_the_contact_person_records_a_contact_by_one_button_and_comes_back_to_the_list(client, tree, keeper):
    spell = overdue(tree, keeper, name="远行人")
    client.force_login(keeper)
    assert f"/checkins/contacts/{spell.pk}/" in client.get("/checkins/contacts/").content.decode()
    page = client.get(f"/checkins/contacts/{spell.pk}/").content.decode()
    assert page.count('name="way"') == 3
    assert client.post(f"/checkins/contacts/{spell.pk}/", {"way": "phone"}).url == "/checkins/contacts/"
    spell.refresh_from_db()
    assert spell.contact_due_on > timezone.localdate()
    assert spell.check_ins.get(kind=Step.CONTACT).recorded_by == keeper


def test_a_leader_who_came_from_the_list_of_the_unit_goes_back_there(client, tree, keeper):
    spell = overdue(tree, keeper)
    client.force_login(make_leader(tree.branch))
    assert client.post(f"/checkins/contacts/{spell.pk}/?back=due", {"way": "message"}).url == "/branch/away/due/"


def test_only_the_contact_person_and_leaders_see_and_record_it(client, tree, keeper):
    spell = overdue(tree, keeper)
    for stranger in (make_person(tree.branch), make_leader(tree.far), make_leader(tree.sibling)):
        client.force_login(stranger)
        assert client.get(f"/checkins/contacts/{spell.pk}/").status_code == 404
        assert client.post(f"/checkins/contacts/{spell.pk}/", {"way": "phone"}).status_code == 404
        assert client.get(f"/checkins/contacts/{spell.pk}/phone/").status_code == 404
    hand_on_contact(spell=spell, contact_person=make_member(tree.branch), actor=None, now=timezone.now())
    client.force_login(keeper)
    assert client.get(f"/checkins/contacts/{spell.pk}/").status_code == 404
    assert "您现在不是谁的联系人" in client.get("/checkins/contacts/").content.decode()


def test_the_lists_cost_the_same_for_one_and_for_forty(client, tree, keeper, django_assert_max_num_queries):
    for _ in range(40):
        overdue(tree, keeper)
    client.force_login(make_leader(tree.branch))
    with django_assert_max_num_queries(16):
        client.get("/branch/away/due/")
    client.force_login(keeper)
    with django_assert_max_num_queries(16):
        client.get("/checkins/contacts/")
