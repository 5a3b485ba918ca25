"""A member is asked once before studying online; who declines studies on paper, without disadvantage."""

import pytest
from django.test import Client
from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.plans.actions import make_plan
from learning.progress.models import Progress
from learning.study.admission import NotAdmitted
from members.accounts.consent import Consent, ConsentText
from members.accounts.consenting import answer_consent, issue_text, must_be_asked, text_in_force
from members.accounts.models import StudyWay, User
from members.audit.models import AuditEvent
from members.roles.models import Role
from tests.factories import PASSWORD, grant, make_account, make_leader, make_member, make_person, make_tree
from tests.learning.makers import THIS_YEAR, Viewing, make_article, make_lesson
from tests.learning.quiz_makers import make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def newcomer(tree):
    return make_account(make_member(tree.branch), consent_version=0, has_consented=False)


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(client: Client, said: str, **rest):
    return client.post("/me/consent/", {"version": text_in_force().version, "answer": said, **rest})


def test_the_first_page_the_study_page_a_lesson_and_a_quiz_ask_first(tree, newcomer):
    lesson, article, client = make_lesson(tree.root), make_article(tree.root), browser(newcomer)
    quiz = make_quiz(tree.root)
    for path in ("/", "/study/", f"/quizzes/{quiz.pk}/", lesson.page.get_url(), article.page.get_url()):
        asked = client.get(path)
        assert asked.status_code == 302
        assert asked.url.startswith("/me/consent/?next="), path
    assert "请看一看" in client.get("/me/consent/").content.decode()


@pytest.mark.parametrize(
    "path", ["/me/", "/me/data.json", "/accounts/help/", "/activities/", "/checkins/", "/feedback/"]
)
def test_nothing_else_waits_for_the_answer(newcomer, path):
    assert browser(newcomer).get(path).status_code == 200


def test_signing_out_and_the_version_for_elders_do_not_wait_either(newcomer):
    client = browser(newcomer)
    assert client.post("/accounts/mode/", {"elder": "1", "next": "/me/"}).url == "/me/"
    assert client.post("/accounts/logout/").url == "/"
    assert client.get("/").status_code == 200


def test_agreeing_leads_back_and_is_asked_once(newcomer):
    client = browser(newcomer)
    assert answer(client, "yes", next="/study/").url == "/study/"
    assert client.get("/study/").status_code == 200
    kept = Consent.objects.get()
    assert (kept.user, kept.is_given, kept.text.version) == (newcomer, True, 1)
    assert newcomer.member.study_way == StudyWay.ONLINE
    answer(client, "yes")
    assert Consent.objects.count() == 1
    assert AuditEvent.objects.filter(action="consent.given").count() == 1


def test_who_declines_studies_by_the_branch_and_nothing_is_recorded(tree, newcomer):
    lesson = make_lesson(tree.root)
    plan = make_plan(title="计", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[lesson])
    publish_plan(plan, now=timezone.now())
    client = browser(newcomer)
    assert answer(client, "no").url == "/me/"
    newcomer.member.refresh_from_db()
    assert newcomer.member.study_way == StudyWay.PAPER
    assert Enrolment.objects.get(member=newcomer.member).standing == "by_branch"
    assert client.get("/study/").status_code == 200
    page = client.get(lesson.page.get_url())
    assert page.status_code == 200
    assert not page.context["lesson"].player.visit
    with pytest.raises(NotAdmitted):
        Viewing(newcomer.member, lesson).watch(0, 10)
    assert not Progress.objects.filter(member=newcomer.member).exists()
    assert client.post(f"/quizzes/{make_quiz(tree.root).pk}/begin/").url.startswith("/me/consent/")


def test_a_leader_does_not_set_somebody_to_online_study_who_did_not_agree(tree, newcomer):
    answer(browser(newcomer), "no")
    leader = browser(make_leader(tree.branch))
    at = f"/branch/people/{newcomer.member.number}/study/"
    assert "没有同意网上学习" in leader.post(at, {"study_way": "online"}, follow=True).content.decode()
    newcomer.member.refresh_from_db()
    assert newcomer.member.study_way == StudyWay.PAPER
    leader.post(at, {"study_way": "group"})
    newcomer.member.refresh_from_db()
    assert newcomer.member.study_way == StudyWay.GROUP


def test_a_mind_can_be_changed_at_any_time(newcomer):
    client = browser(newcomer)
    for said, way in (("no", StudyWay.PAPER), ("yes", StudyWay.ONLINE), ("no", StudyWay.PAPER)):
        answer(client, said)
        newcomer.member.refresh_from_db()
        assert newcomer.member.study_way == way
    assert [each.is_given for each in Consent.objects.all()] == [False, True, False]


def test_agreeing_leaves_a_way_of_study_that_was_arranged_for_other_reasons(tree):
    user = make_account(make_member(tree.branch, study_way=StudyWay.GROUP), consent_version=0, has_consented=False)
    answer_consent(user=user, text=text_in_force(), is_given=True, now=timezone.now())
    user.member.refresh_from_db()
    assert user.member.study_way == StudyWay.GROUP


def test_a_new_version_is_asked_of_everybody_once_and_meanwhile_study_goes_on(tree):
    user, admin = make_person(tree.branch), make_account(username="weihu")
    lesson, client = make_lesson(tree.root), browser(user)
    assert client.get("/study/").status_code == 200
    issued = issue_text(text="新的一版。\n第二段。", actor=admin, now=timezone.now())
    assert issued.version == 2
    assert issued.paragraphs == ["新的一版。", "第二段。"]
    assert client.get("/study/").url.startswith("/me/consent/")
    Viewing(user.member, lesson).watch(0, 10)
    assert "第二段" in client.get("/me/consent/").content.decode()
    answer(client, "yes")
    assert client.get("/study/").status_code == 200


def test_an_answer_counts_for_the_version_that_was_read(newcomer):
    client = browser(newcomer)
    issue_text(text="另一版", actor=None, now=timezone.now())
    assert client.post("/me/consent/", {"version": "1", "answer": "yes"}).url == "/me/consent/"
    assert not Consent.objects.exists()
    for nonsense in ({"version": "x", "answer": "yes"}, {"version": "2", "answer": "maybe"}, {}):
        assert client.post("/me/consent/", nonsense).status_code == 404


def test_staff_who_are_no_members_are_not_asked(tree):
    staff = make_account(username="bianji")
    assert not must_be_asked(User.objects.get(pk=staff.pk))
    assert browser(staff).get("/study/").status_code == 200
    assert browser(staff).get("/me/consent/").status_code == 404


def test_the_system_administrator_issues_a_version_and_the_same_text_is_none(tree, settings):
    settings.MFA_SUPPORTED_TYPES = ["totp"]
    admin = make_account(username="weihu")
    grant(admin, Role.SYSTEM_ADMIN, None)
    same = text_in_force().text
    assert issue_text(text=same + "\n", actor=admin, now=timezone.now()).version == 1
    assert ConsentText.objects.count() == 1
    assert browser(make_person(tree.branch)).get("/accounts/consent/").status_code == 403


def test_who_signs_in_for_the_first_time_is_asked_on_the_way_to_the_first_page(newcomer):
    client = Client()
    arrived = client.post("/accounts/login/", {"login": newcomer.username, "password": PASSWORD}, follow=True)
    assert arrived.request["PATH_INFO"] == "/me/consent/"
