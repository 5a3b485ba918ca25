"""The pages about activities: who may open them, what the buttons do, and that nobody's ids open another's doors."""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from docx import Document

from learning.hours.models import HoursEntry
from members.activities.actions import add_unit, mark_attendance, write_minutes
from members.activities.decisions import return_activity
from members.activities.forms import usual_facts
from members.activities.models import Activity, Attendance, SignInCode
from members.activities.record_template import FILE, make_template
from members.activities.roster import roster_of
from members.activities.rotation import digits, step_at
from members.activities.sign_in import open_code
from members.audit.models import AuditEvent
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_person, make_tree
from tests.members.gatherings import accept, make_activity, submit, tick_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_guessed_yet():
    cache.clear()


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def secretary(tree, client):
    user = make_leader(tree.branch)
    client.force_login(user)
    return user


@pytest.fixture
def held(tree, secretary, now):
    """Held an hour ago by the secretary's branch, for the secretary and one more member."""
    make_member(tree.branch, name="周秀兰")
    return make_activity(tree.branch, actor=secretary, starts_at=now - timedelta(hours=2), minutes=60, now=now)


def at(name: str, activity=None) -> str:
    return reverse(f"activities:{name}", args=[activity.pk] if activity else [])


def facts(**rest) -> dict:
    today = timezone.localdate().isoformat()
    said = {"kinds": ["theme_day"], "topic": "清理河边小路", "day": today, "begins": "00:00", "minutes": "90"}
    return {**said, "hours_category": "group", "place": "", "hours": "", **rest}


def text(response) -> str:
    return response.content.decode()


# --- recording, in few steps -------------------------------------------------------
@pytest.mark.parametrize(
    ("opened", "day", "begins"),
    [
        ("2026-11-24 15:40", "2026-11-24", "14:00"),
        ("2026-11-25 00:10", "2026-11-24", "22:00"),
        ("2026-11-25 01:20", "2026-11-24", "23:00"),
        ("2026-11-25 01:30", "2026-11-25", "00:00"),
    ],
)
def test_the_form_begins_with_an_activity_just_over_also_after_midnight(tree, opened, day, begins):
    usual = usual_facts(tree.branch, now=timezone.make_aware(datetime.fromisoformat(opened)))
    assert (f"{usual['day']}", f"{usual['begins']:%H:%M}") == (day, begins)


def test_a_secretary_records_twenty_people_with_three_buttons(tree, client, secretary):
    for _ in range(19):
        make_member(tree.branch)
    page = client.get(at("facts_new"))
    assert f'value="{usual_facts(tree.branch, now=timezone.now())["day"]}"' in text(page)
    made = client.post(at("facts_new"), facts(lead=tree.branch.code))
    activity = Activity.objects.get()
    assert made.url == at("record", activity)
    page = text(client.get(made.url))
    assert page.count('name="present"') == 20
    assert page.count(" checked>") == 20
    present = [line.member.pk for line in _lines(activity)]
    done = client.post(
        made.url, {"deed": "submit", "present": present[:18], "leave": present[18:19], "minutes": "议了"}
    )
    assert done.url == reverse("content:branch")
    states = sorted(Attendance.objects.values_list("state", flat=True))
    assert states == ["absent", "leave", *["present"] * 18]
    assert Activity.objects.get().state == "submitted"
    assert (
        client.post(made.url, {"deed": "submit", "present": present[:18], "leave": present[18:19]}).status_code == 302
    )


def _lines(activity):
    return roster_of(activity).lines


def test_a_refused_form_keeps_what_was_typed(client, secretary, tree):
    refused = client.post(at("facts_new"), facts(lead=tree.branch.code, kinds=[], place="河边的亭子"))
    assert refused.status_code == 422
    assert "河边的亭子" in text(refused)
    assert not Activity.objects.exists()


def test_all_were_there_by_one_button_but_who_is_on_leave(client, held, now):
    away = Attendance.objects.create(activity=held, member=make_member(held.lead), state="leave", marked_at=now)
    client.post(at("record", held), {"deed": "everybody", "minutes": "第一稿"})
    assert Attendance.objects.filter(state="present").count() == 2
    assert Attendance.objects.get(pk=away.pk).state == "leave"
    assert held.minutes.get().text == "第一稿"


def test_what_is_submitted_without_anybody_present_is_kept_and_said(client, held):
    refused = client.post(at("record", held), {"deed": "submit", "minutes": "写了很久的记录"})
    assert refused.status_code == 422
    assert "写了很久的记录" in text(refused)
    assert held.minutes.get().text == "写了很久的记录"
    assert Activity.objects.get().state == "recording"


def test_who_came_in_by_code_meanwhile_is_not_taken_out_by_an_old_page(client, held, now):
    shown_at = timezone.now().isoformat()
    member = make_member(held.lead)
    Attendance.objects.create(activity=held, member=member, state="present", is_by_code=True, marked_at=timezone.now())
    client.post(at("record", held), {"deed": "save", "at": shown_at})
    assert Attendance.objects.get(member=member).state == "present"
    client.post(at("record", held), {"deed": "save", "at": timezone.now().isoformat()})
    assert Attendance.objects.get(member=member).state == "absent"


def test_late_counts_only_with_a_tick_and_leave_only_without(client, held):
    first, second = (line.member.pk for line in _lines(held))
    client.post(at("record", held), {"deed": "save", "present": [first], "late": [first, second], "leave": [first]})
    assert dict(Attendance.objects.values_list("member_id", "state")) == {first: "late", second: "absent"}


def test_a_guest_is_added_and_taken_away_and_a_wrong_number_says_so(client, held, tree):
    guest = make_member(tree.far, name="西边来的", number="70010001")
    asked = {"deed": "guest", "guest_number": "70010001", "guest_name": "别的名字", "minutes": "写着"}
    refused = client.post(at("record", held), asked)
    assert refused.status_code == 422
    assert "写着" in text(refused)
    assert "西边来的" not in text(refused)
    client.post(at("record", held), asked | {"guest_name": "西边来的"})
    assert Attendance.objects.get(member=guest).state == "present"
    client.post(at("record", held), {"deed": f"drop:{guest.pk}"})
    assert not Attendance.objects.filter(member=guest).exists()


def test_other_units_are_found_by_name_and_do_not_show_their_people(client, held, tree):
    hidden = make_member(tree.far, name="西边的党员")
    assert tree.far.name in text(client.get(at("units", held), {"q": "西社区 第一"}))
    client.post(at("units", held), {"code": tree.far.code})
    assert hidden.name not in text(client.get(at("record", held)))
    client.force_login(make_leader(tree.far))
    page = text(client.get(at("record", held)))
    assert hidden.name in page
    assert "周秀兰" not in page
    client.post(at("record", held), {"deed": "submit", "present": [hidden.pk], "minutes": "别人的记录"})
    assert Attendance.objects.get(member=hidden).state == "present"
    assert Activity.objects.get().state == "recording"
    assert not held.minutes.exists()


def test_another_unit_ticks_its_own_people_and_leaves_those_of_the_unit_that_leads_alone(client, held, tree):
    add_unit(activity=held, organisation=tree.far, actor=None, now=timezone.now())
    tick_all(held)
    far = make_leader(tree.far)
    client.force_login(far)
    page = text(client.get(at("record", held)))
    assert page.count('name="present"') == 1
    client.post(at("record", held), {"deed": "save"})
    states = dict(Attendance.objects.values_list("member__name", "state"))
    assert states["周秀兰"] == "present"
    assert states[far.member.name] == "absent"


# --- far away -------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["member", "far_secretary", "far_organiser"])
def test_nobody_else_opens_a_record_or_anything_of_it(client, held, tree, role):
    user = {
        "member": lambda: make_person(tree.branch),
        "far_secretary": lambda: make_leader(tree.far),
        "far_organiser": lambda: make_leader(tree.west, Role.ORGANISER),
    }[role]()
    client.force_login(user)
    for name in ("record", "facts", "units", "code", "record_docx"):
        assert client.get(at(name, held)).status_code == 404, name
    for name in ("record", "facts", "units", "code", "judge"):
        assert client.post(at(name, held), {"deed": "accept"}).status_code == 404, name
    assert Activity.objects.get().state == "recording"


def test_a_far_secretary_replaying_ids_marks_nobody(client, held, tree):
    stranger = make_member(tree.branch, name="不归他管")
    far = make_leader(tree.far)
    own = make_activity(tree.far, actor=far, starts_at=held.starts_at, minutes=60)
    client.force_login(far)
    client.post(at("record", own), {"deed": "save", "present": [stranger.pk, far.member.pk]})
    assert set(Attendance.objects.values_list("member_id", flat=True)) == {far.member.pk}
    client.post(at("record", own), {"deed": "save", "host": stranger.pk})
    assert Activity.objects.get(pk=own.pk).host is None


def test_a_unit_that_is_not_led_cannot_be_made_to_hold_an_activity(client, secretary, tree):
    assert client.post(at("facts_new"), facts(lead=tree.far.code)).status_code == 422
    assert not Activity.objects.exists()


def test_a_secretary_does_not_judge_their_own_record(client, held):
    tick_all(held)
    seen = submit(held, now=timezone.now())
    assert client.post(at("judge", held), {"deed": "accept", "seen": seen.isoformat()}).status_code == 404


# --- judging ------------------------------------------------------------------------------------
@pytest.fixture
def submitted(held, tree, client):
    tick_all(held)
    submit(held, now=timezone.now())
    client.force_login(make_leader(tree.east, Role.ORGANISER))
    return Activity.objects.get()


def test_the_organiser_accepts_what_was_seen_and_twice_is_once(client, submitted):
    assert reverse("activities:judge", args=[submitted.pk]) in text(client.get(at("record", submitted)))
    said = {"deed": "accept", "seen": submitted.submitted_at.isoformat()}
    for _ in range(2):
        assert client.post(at("judge", submitted), said).url == reverse("content:branch")
    assert Activity.objects.get().state == "accepted"
    assert HoursEntry.objects.count() == 2


def test_what_changed_meanwhile_is_not_accepted(client, submitted):
    said = {"deed": "accept", "seen": (submitted.submitted_at - timedelta(seconds=1)).isoformat()}
    assert client.post(at("judge", submitted), said).url == at("record", submitted)
    assert client.post(at("judge", submitted), {"deed": "accept", "seen": "nonsense"}).url == at("record", submitted)
    assert Activity.objects.get().state == "submitted"


def test_a_return_needs_a_reason_and_the_branch_reads_it(client, submitted, secretary):
    assert client.post(at("judge", submitted), {"deed": "return", "reason": " "}).status_code == 422
    client.post(at("judge", submitted), {"deed": "return", "reason": "请补上到会人数"})
    client.force_login(secretary)
    assert "请补上到会人数" in text(client.get(at("record", submitted)))
    assert "请补上到会人数" in text(client.get(reverse("content:branch")))


def test_an_accepted_record_is_opened_again_by_the_committee_only(client, submitted, secretary):
    client.post(at("judge", submitted), {"deed": "accept", "seen": submitted.submitted_at.isoformat()})
    client.force_login(secretary)
    assert client.post(at("judge", submitted), {"deed": "reopen", "reason": "改"}).status_code == 404
    client.post(at("record", submitted), {"deed": "save", "minutes": "改"})
    assert not submitted.minutes.exists()
    client.force_login(make_leader(submitted.lead.get_parent(), Role.ORGANISER))
    client.post(at("judge", submitted), {"deed": "reopen", "reason": "有一位没有到"})
    assert Activity.objects.get().state == "returned"
    assert sum(HoursEntry.objects.values_list("hours", flat=True)) == 0


def test_looking_and_exporting_are_in_the_audit_log(client, held, secretary):
    client.get(at("record", held))
    client.get(at("record_docx", held))
    said = AuditEvent.objects.filter(actor=secretary.pk).values_list("action", flat=True)
    assert {"activity.people_seen", "activity.exported"} <= set(said)


# --- the document ------------------------------------------------------------------------------------
def test_the_document_says_who_was_there_and_shows_every_sign_as_typed(client, held, tree):
    odd = make_member(tree.branch, name="<&{{ 7*7 }}>{_{x}_}\x0b")
    marks = {line.member.pk: "present" for line in _lines(held)} | {odd.pk: "late"}
    mark_attendance(activity=held, marks=marks, actor=None, now=timezone.now())
    words = "第一行 {% if %} <b>\n\n第二行 & {{ topic }}"
    write_minutes(activity=held, text=words, host=odd, recorder=None, actor=None, now=timezone.now())
    document = Document(BytesIO(b"".join(client.get(at("record_docx", held)).streaming_content)))
    cells = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == "清理河边小路"
    assert cells["活动类型"] == "主题党日"
    assert cells["主办党组织"] == tree.branch.name
    assert "周秀兰" in cells["到会"]
    assert cells["迟到"].replace("\u200b", "") == "<&{{ 7*7 }}>{_{x}_}"
    assert "第一行 {% if %} <b>" in lines
    assert "第二行 & {{ topic }}" in lines
    assert "学时记录用于学习安排与提醒，不作为考评依据。" in lines


def test_the_committed_template_is_what_its_maker_writes(tmp_path):
    make_template(tmp_path / "again.docx")
    written = [Document(str(path)).element.xml for path in (FILE, tmp_path / "again.docx")]
    assert written[0] == written[1]


# --- for members ------------------------------------------------------------------------------------------
def test_a_member_sees_what_comes_and_how_they_took_part(client, tree, now):
    person = make_person(tree.branch)
    past = make_activity(tree.branch, topic="上次的党课", starts_at=now - timedelta(days=3), now=now)
    make_activity(tree.branch, topic="下次的主题党日", starts_at=now + timedelta(days=3), now=now)
    make_activity(tree.far, topic="别处的活动", starts_at=now + timedelta(days=3), now=now)
    tick_all(past)
    client.force_login(person)
    page = text(client.get(at("activities")))
    assert "上次的党课" in page
    assert "到会" in page
    assert "下次的主题党日" in page
    assert "别处的活动" not in page


def test_leave_is_asked_and_taken_back_on_the_page(client, tree, now):
    person = make_person(tree.branch)
    ahead = make_activity(tree.branch, starts_at=now + timedelta(days=3), now=now)
    client.force_login(person)
    client.post(at("leave", ahead), {"deed": "ask"})
    assert Attendance.objects.get().state == "leave"
    assert "您已请假" in text(client.get(at("activity", ahead)))
    client.post(at("leave", ahead), {"deed": "withdraw"})
    assert not Attendance.objects.exists()
    begun = make_activity(tree.branch, starts_at=now - timedelta(hours=1), now=now)
    client.post(at("leave", begun), {"deed": "ask"})
    assert not Attendance.objects.exists()
    assert client.post(at("leave", make_activity(tree.far)), {"deed": "ask"}).status_code == 404


def test_accepted_minutes_are_read_by_the_branch_and_confined_ones_by_those_who_were_there(client, tree, now):
    came, away = make_person(tree.branch), make_person(tree.branch)
    for kind, is_open in (("theme_day", True), ("org_life_meeting", False)):
        activity = make_activity(tree.branch, kinds=[kind], starts_at=now - timedelta(hours=3), now=now)
        mark_attendance(activity=activity, marks={came.member.pk: "present"}, actor=None, now=now)
        write_minutes(activity=activity, text="议了三件事", host=None, recorder=None, actor=None, now=now)
        client.force_login(came)
        assert "议了三件事" not in text(client.get(at("activity", activity)))
        accept(activity, now=now)
        assert "议了三件事" in text(client.get(at("activity", activity)))
        client.force_login(away)
        assert ("议了三件事" in text(client.get(at("activity", activity)))) is is_open


# --- signing in at the activity ------------------------------------------------------------------------------
@pytest.fixture
def hall(held, secretary):
    open_code(activity=held, actor=secretary, now=timezone.now())
    return held


def scanned(activity, *, code: str = "") -> str:
    secret = SignInCode.objects.get(activity=activity).secret
    return f"{at('sign_in')}?activity={activity.pk}&code={code or digits(secret, activity.pk, step_at(timezone.now()))}"


def test_from_the_scan_it_is_one_button_to_a_row(client, hall, tree):
    person = make_person(tree.branch)
    client.force_login(person)
    assert hall.topic in text(client.get(scanned(hall)))
    assert not Attendance.objects.exists()
    done = client.post(at("sign_in"), follow=True)
    assert "活动签到好了" in text(done)
    assert Attendance.objects.get().member == person.member
    client.get(scanned(hall))
    assert "一次就够了" in text(client.post(at("sign_in"), follow=True))
    assert Attendance.objects.count() == 1


def test_who_has_to_sign_in_first_need_not_scan_again(client, hall, tree):
    person = make_person(tree.branch)
    client.logout()
    assert "/accounts/login/" in client.get(scanned(hall)).url
    client.force_login(person)
    assert hall.topic in text(client.get(at("sign_in")))


def test_a_wrong_code_names_no_activity_and_writes_nothing(client, hall, tree):
    client.force_login(make_person(tree.branch))
    assert hall.topic not in text(client.get(scanned(hall, code="abc")))
    refused = client.post(at("sign_in"))
    assert refused.status_code == 422
    assert "没有记上" in text(refused) or "已经换了" in text(refused)
    assert not Attendance.objects.exists()


def test_the_digits_can_be_typed_and_ten_wrong_ones_are_enough(client, hall, tree):
    client.force_login(make_person(tree.branch))
    right = scanned(hall).rpartition("=")[2]
    for _ in range(10):
        assert client.post(at("sign_in"), {"code": "x"}).status_code == 422
    assert client.post(at("sign_in"), {"code": right}).status_code == 422
    client.force_login(make_person(tree.branch))
    assert client.post(at("sign_in"), {"code": scanned(hall).rpartition("=")[2]}).status_code == 302
    assert Attendance.objects.count() == 1


def test_who_is_not_on_the_list_is_told_so(client, hall, tree):
    client.force_login(make_person(tree.far))
    client.get(scanned(hall))
    refused = client.post(at("sign_in"))
    assert refused.status_code == 422
    assert "您不在" in text(refused)
    assert not Attendance.objects.exists()


def test_the_hall_sees_the_code_only_while_it_is_open(client, held):
    assert 'class="qr"' not in text(client.get(at("code", held)))
    client.post(at("code", held), {"deed": "open"})
    page = text(client.get(at("code", held)))
    assert digits(SignInCode.objects.get().secret, held.pk, step_at(timezone.now())) in page
    assert '<noscript><meta http-equiv="refresh"' in page
    client.post(at("code", held), {"deed": "close"})
    assert 'class="digits"' not in text(client.get(at("code", held)))


# --- figures ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "most"), [("activities:activities", 24), ("activities:records", 18)])
def test_a_list_costs_the_same_for_one_activity_and_for_twenty(
    client, tree, now, django_assert_max_num_queries, name, most
):
    user = make_leader(tree.branch)
    client.force_login(user)
    for place in range(20):
        activity = make_activity(tree.branch, starts_at=now - timedelta(days=place, hours=3), now=now)
        add_unit(activity=activity, organisation=tree.sibling, actor=None, now=now)
        tick_all(activity)
    with django_assert_max_num_queries(most):
        client.get(reverse(name))


def test_the_record_costs_the_same_for_two_people_and_for_forty(client, held, tree, django_assert_max_num_queries):
    for _ in range(40):
        make_member(tree.branch)
    with django_assert_max_num_queries(32):
        client.get(at("record", held))


def test_a_returned_record_is_submitted_again(client, held, tree, secretary):
    tick_all(held)
    submit(held, now=timezone.now())
    return_activity(activity=held, reason="补", actor=None, now=timezone.now())
    present = [line.member.pk for line in _lines(held)]
    client.post(at("record", held), {"deed": "submit", "present": present})
    assert Activity.objects.get().state == "submitted"


def test_an_activity_from_its_announcement_to_the_hours_of_who_was_there(client, tree, secretary, now):
    """The whole way: arranged, leave asked, signed in by code, ticked, written down, submitted, accepted, counted."""
    came, away = make_person(tree.branch), make_person(tree.group)
    soon = timezone.localtime(now + timedelta(hours=1))
    day = {"day": soon.date().isoformat(), "begins": f"{soon:%H:%M}", "lead": tree.branch.code}
    client.post(at("facts_new"), facts(topic="一起读：居民议事的规矩", **day))
    activity = Activity.objects.get()

    client.force_login(away)
    client.post(at("leave", activity), {"deed": "ask"})

    client.force_login(secretary)
    client.post(at("code", activity), {"deed": "open"})
    client.force_login(came)
    client.get(scanned(activity))
    client.post(at("sign_in"))

    Activity.objects.update(starts_at=now - timedelta(minutes=90), ends_at=now)
    client.force_login(secretary)
    said = {"present": [came.member.pk, secretary.member.pk], "leave": [away.member.pk], "minutes": "归纳三条"}
    client.post(at("record", activity), {"deed": "submit", **said})

    client.force_login(make_leader(tree.east, Role.ORGANISER))
    seen = Activity.objects.get().submitted_at.isoformat()
    client.post(at("judge", activity), {"deed": "accept", "seen": seen})

    hours = dict(HoursEntry.objects.values_list("member_id", "hours"))
    assert hours == dict.fromkeys((came.member.pk, secretary.member.pk), Decimal("1.5"))
    client.force_login(came)
    assert "归纳三条" in text(client.get(at("activity", activity)))
    assert "1.5" in text(client.get(reverse("learning:study")))
