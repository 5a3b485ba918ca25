"""Whoever asks to be erased is gone from every table, file and log; counted figures do not move."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.completion.models import Completion, Tally
from learning.completion.recount import wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.progress.models import Progress
from learning.quizzes.models import Answer, Attempt
from members.accounts.draft_keeping import keep_draft
from members.accounts.membership import end_membership
from members.accounts.models import Member, User
from members.activities.models import Attendance
from members.audit.models import AuditEvent
from members.audit.queries import broken_links
from members.feedback.about import About
from members.feedback.actions import send_feedback, write_back
from members.feedback.models import Feedback
from members.imports.kinds import ListKind
from members.imports.models import ListStep
from members.messages.actions import enqueue
from members.organisation.models import ImportBatch, Participation, Post
from members.privacy.actions import answer_request, ask_about_data
from members.privacy.erasing import NotErased, erase_member, forget_on_disk
from members.privacy.models import DataRequest, RequestKind
from members.privacy.registry import about_people
from members.privacy.retention import erase_the_gone
from members.roles.models import Role
from tests.factories import LONG_AGO, PASSWORD, grant, make_leader, make_person, make_tree
from tests.learning.makers import THIS_YEAR, Viewing, make_lesson
from tests.learning.quiz_makers import make_quiz, take
from tests.members.gatherings import accept, make_activity, tick_all
from tests.members.lists_in_hand import list_in_hand
from tests.members.spells import make_spell
from tests.members.test_accounts import with_phone
from tests.members.workbooks import sheet_of

NAME, NUMBER, PHONE, MAIL = "鹮鹬鸻", "77012345", "13877012345", "canary@example.org"
CANARIES = (NAME, NUMBER, PHONE, MAIL)


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def person(tree):
    """Somebody of whom every corner of the house holds something."""
    user = make_person(tree.branch, name=NAME, number=NUMBER, email=MAIL)
    member, now = with_phone(user.member, PHONE), timezone.now()
    _studied(tree, member)
    activity = make_activity(tree.branch)
    tick_all(activity)
    accept(activity)
    make_spell(member)
    Participation.objects.create(member=member, organisation=tree.sibling, since=LONG_AGO)
    Post.objects.create(member=member, organisation=tree.branch, kind="secretary", since=LONG_AGO.date())
    _said(user, now=now)
    _imported(member, now=now)
    Client().post("/accounts/login/", {"login": NUMBER, "password": PASSWORD})
    Client().post("/accounts/login/", {"login": PHONE, "password": "错的密码-2026"})
    Client().post("/accounts/login/", {"login": NAME, "password": "错的密码-2026"})
    return User.objects.select_related("member").get(pk=user.pk)


def _studied(tree, member) -> None:
    item = make_lesson(tree.root)
    plan = make_plan(title="计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[item])
    publish_plan(plan, now=timezone.now())
    Viewing(member, item).watch(0, 100)
    take(make_quiz(tree.root), member, right=4)
    while fold_deltas():
        pass


def _said(user, *, now) -> None:
    about = About(path="/study/", title="学习", organisation_id=None, nonce="n")
    written = send_feedback(author=user, text=f"我是{NAME}，字太小", about=about, now=now)
    write_back(feedback=written, text=f"{NAME}，电话 {PHONE}", now=now)
    keep_draft(user_id=user.pk, form_key="feedback:new", fields={"text": [f"{NAME}写的"]}, now=now)
    said = {"topic": "t", "title": f"{NAME}同志", "text": "还有一项", "why": "在计划里", "dedupe": "m"}
    enqueue(to=user.member, now=now, **said)
    ask_about_data(member=user.member, kind=RequestKind.CORRECT, text=f"{NAME}的名字写错了", now=now)


def _imported(member, *, now) -> None:
    before = {"name": NAME, "phone_cipher": member.phone_cipher, "phone_key": member.phone_key}
    changed = [{"pk": member.pk, "before": before}]
    batch = {"kind": "members", "file_name": "名单.xlsx", "sha256": "0", "imported_at": now, "changed": changed}
    ImportBatch.objects.create(**batch)
    sender = make_person(member.organisation_now())
    sheet = sheet_of((NUMBER, NAME, PHONE, "U", "正式党员", "", ""))
    list_in_hand(sheet, ListKind.MEMBERS, sender, ListStep.SHOW)


def found_in_tables() -> set[str]:
    """Every table of both databases, read whole; sessions opened."""
    found = set()
    for alias in ("default", "cache"):
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                rows = json.dumps([[_text(cell) for cell in row] for row in cursor.fetchall()], ensure_ascii=False)
                found |= {table for canary in CANARIES if canary in rows}
    sessions = [json.dumps(each.get_decoded()) for each in apps.get_model("sessions.Session").objects.all()]
    return found | {"sessions" for canary in CANARIES if canary in "".join(sessions)}


def _text(cell) -> str:
    """JSON columns hold Chinese as escapes."""
    text = str(cell)
    return text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text


def found_in_files() -> set[str]:
    """Whatever lies in var/, apart from the databases: lists that wait, uploads, the search index, logs."""
    words = [form for canary in CANARIES for form in (canary.encode(), json.dumps(canary).strip('"').encode())]
    found = set()
    for path in Path(settings.VAR).rglob("*"):
        if path.is_file() and "sqlite3" not in path.name:
            held = path.read_bytes()
            found |= {str(path.relative_to(settings.VAR)) for word in words if word in held}
    return found


def end(member: Member, leader) -> None:
    Post.objects.filter(member=member, until=None).update(until=timezone.localdate())
    end_membership(member=member, kind="transferred", ended_on=timezone.localdate(), actor=leader, now=timezone.now())
    member.refresh_from_db()


@pytest.mark.django_db
def test_an_erased_person_is_found_nowhere_any_more(tree, person, caplog):
    leader = make_leader(tree.branch)
    assert {"members_member", "members_user", "members_feedback", "members_reply", "members_message"} <= (
        found_in_tables()
    )
    assert {"members_draft", "members_importbatch", "members_datarequest", "sessions"} <= found_in_tables()
    assert "members_auditevent" not in found_in_tables()
    assert any(name.startswith("imports/") for name in found_in_files())
    end(person.member, leader)
    kept = erase_member(member=person.member, actor=leader, now=timezone.now())
    assert found_in_tables() == set()
    assert found_in_files() == set()
    assert not [canary for canary in CANARIES if canary in caplog.text]
    assert {"members.Attendance", "learning.HoursEntry"} <= {each["what"] for each in kept}
    assert broken_links() == []


@pytest.mark.django_db
def test_counted_figures_stay_exactly_as_they_were(tree, person):
    leader = make_leader(tree.branch)
    end(person.member, leader)
    while fold_deltas():
        pass

    def figures() -> list:
        hours = [str(each) for each in HoursEntry.objects.order_by("pk").values_list("hours", "category", "member_id")]
        attended = list(Attendance.objects.order_by("pk").values_list("activity_id", "state"))
        tallies = list(Tally.objects.order_by("pk").values_list("organisation_id", "plan_id", "standing", "members"))
        standing = list(Completion.objects.order_by("pk").values_list("standing", "completed_at"))
        return [hours, attended, tallies, standing]

    before = figures()
    assert all(before)
    erase_member(member=person.member, actor=leader, now=timezone.now())
    assert figures() == before
    assert wrong_tallies() == []


@pytest.mark.django_db
def test_how_something_was_studied_goes_and_that_it_was_stays(tree, person):
    end(person.member, None)
    erase_member(member=person.member, actor=None, now=timezone.now())
    studied = Progress.objects.filter(member=person.member)
    assert {(row.state, str(row.spans), str(row.evidence)) for row in studied} == {("completed", "[]", "{}")}
    assert not Answer.objects.filter(attempt__member=person.member).exists()
    assert Attempt.objects.filter(member=person.member, is_passed=True, points=None).exists()


@pytest.mark.django_db
def test_nobody_signs_in_with_what_is_left_and_erasing_twice_is_erasing_once(tree, person):
    end(person.member, None)
    for _ in range(2):
        erase_member(member=person.member, actor=None, now=timezone.now())
    assert AuditEvent.objects.filter(action="member.erased").count() == 1
    user = User.objects.get(pk=person.pk)
    assert not user.is_active
    assert not user.has_usable_password()
    assert Client().post("/accounts/login/", {"login": user.username, "password": PASSWORD}).status_code == 200
    leader = make_leader(tree.branch)
    assert not Member.objects.led_by(leader, with_ended=True).filter(pk=person.member.pk).exists()


@pytest.mark.django_db
def test_whoever_belongs_here_holds_a_post_or_a_role_is_not_erased_yet(tree, person):
    def refused() -> str:
        with pytest.raises(NotErased) as refusal:
            erase_member(member=person.member, actor=None, now=timezone.now())
        return str(refusal.value)

    assert "还在这里" in refused()
    end(person.member, None)
    grant(person, Role.SECRETARY, tree.branch)
    assert "角色" in refused()
    person.member.refresh_from_db()
    assert person.member.name == NAME


@pytest.mark.django_db
def test_while_the_membership_goes_on_only_what_it_needs_stays_and_the_rest_goes_when_it_ends(tree, person):
    leader = make_leader(tree.branch)
    Post.objects.filter(member=person.member).delete()
    asked = ask_about_data(member=person.member, kind=RequestKind.ERASE, text="", now=timezone.now())
    answered = answer_request(request=asked, is_done=True, answer="已删除", actor=leader, now=timezone.now())
    person.member.refresh_from_db()
    assert (person.member.phone_cipher, person.member.email, person.member.name) == ("", "", NAME)
    assert "members.Member" in {each["what"] for each in answered.kept}
    assert not Feedback.objects.exclude(author=None).exists()
    assert person.is_active
    assert not erase_the_gone(now=timezone.now())
    end(person.member, leader)
    assert erase_the_gone(now=timezone.now()) == 1
    assert found_in_tables() == set()


@pytest.mark.django_db
def test_who_left_long_ago_is_erased_when_the_retention_is_over(tree, person):
    end(person.member, None)
    assert not erase_the_gone(now=timezone.now() + timedelta(days=5 * 365 - 10))
    assert erase_the_gone(now=timezone.now() + timedelta(days=5 * 366 + 10)) == 1
    person.member.refresh_from_db()
    assert person.member.name == "已删除"


@pytest.mark.django_db
def test_another_person_of_the_same_branch_loses_nothing(tree, person):
    other = make_person(tree.branch, name="裴秋实")
    written = send_feedback(author=other, text="字太小", about=About("/study/", "学习", None, "o"), now=timezone.now())
    end(person.member, None)
    erase_member(member=person.member, actor=None, now=timezone.now())
    other.member.refresh_from_db()
    assert other.member.name == "裴秋实"
    assert Feedback.objects.get(pk=written.pk).author == other


@pytest.mark.django_db
def test_every_model_about_people_can_be_erased(tree, person):
    """A model that somebody adds is deleted with the person, or says what stays: nothing stands in the way."""
    end(person.member, None)
    erase_member(member=person.member, actor=None, now=timezone.now())
    assert len(list(about_people())) > 20
    assert DataRequest.objects.get(member=person.member).text == ""


def held_by(file: Path) -> bytes:
    """The file and its journal."""
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


@pytest.mark.django_db(transaction=True)
def test_the_bytes_of_the_database_file_hold_nothing_either():
    if connection.vendor != "sqlite":
        return
    tree = make_tree()
    member = with_phone(make_person(tree.branch, name=NAME, number=NUMBER).member, PHONE)
    end(member, None)
    file = Path(connection.settings_dict["NAME"])
    assert NAME.encode() in held_by(file)
    erase_member(member=member, actor=None, now=timezone.now())
    forget_on_disk(since=timezone.now() - timedelta(hours=1))
    held = held_by(file)
    assert NAME.encode() not in held
    assert NUMBER.encode() not in held
    cache.clear()
