"""Feedback: a word about a page finds the unit that answers for it, gets a day and an answer, and its author only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from members.audit.models import AuditEvent
from members.feedback.about import SALT, About, AboutRefused, form_key, read_about, sign_about
from members.feedback.actions import MOST_AN_HOUR, TooMany, answer_feedback, send_feedback, write_back
from members.feedback.models import Feedback, FeedbackState
from members.organisation.rules import Rule
from members.roles.models import Role
from tests.factories import LONG_AGO, grant, make_account, make_leader, make_person, make_tree
from tests.learning.makers import THIS_YEAR, make_lesson

NOON = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def about(unit=None, *, nonce="n", path="/study/", title="学习") -> About:
    return About(path, title, unit.pk if unit else None, nonce)


@pytest.fixture
def tree(db):
    return make_tree()


def put(author, unit=None, *, text="字太小", now=NOON, nonce="n") -> Feedback:
    return send_feedback(author=author, text=text, about=about(unit, nonce=nonce), now=now)


# --- what a page says about itself ---------------------------------------------------
@given(path=st.text(min_size=1, max_size=600), title=st.text(max_size=300), unit=st.none() | st.integers(1, 10**9))
def test_what_a_page_signs_is_what_is_read(path, title, unit):
    said = read_about(
        sign_about(path=path, title=title, organisation_id=unit, now=NOON), now=NOON + timedelta(hours=23)
    )
    assert said.path == ("/" + path.lstrip("/"))[:500]
    assert said.title == title[:255]
    assert said.organisation_id == unit
    assert len(form_key(path)) <= 120


@given(st.text(max_size=200))
def test_what_was_not_signed_here_is_refused(sent):
    with pytest.raises(AboutRefused):
        read_about(sent, now=NOON)


def test_a_value_signed_for_something_else_is_refused():
    with pytest.raises(AboutRefused):
        read_about(signing.dumps(["/", "标题", 1, "n", 0], salt="another"), now=NOON)


def test_a_changed_value_is_refused():
    signed = sign_about(path="/", title="首页", organisation_id=1, now=NOON)
    other = signing.dumps(["/", "首页", 2, "n", int(NOON.timestamp())], salt=SALT)
    forged = other.split(":")[0] + ":" + signed.split(":", 1)[1]
    with pytest.raises(AboutRefused):
        read_about(forged, now=NOON)


def test_a_page_that_has_been_open_for_more_than_a_day_is_refused():
    signed = sign_about(path="/", title="首页", organisation_id=None, now=NOON)
    with pytest.raises(AboutRefused):
        read_about(signed, now=NOON + timedelta(hours=25))


# --- who answers, and by when -----------------------------------------------------------
def test_a_word_about_a_page_is_put_to_the_unit_of_the_page(tree):
    author, west = make_person(tree.branch), make_leader(tree.west, Role.ORGANISER)
    found = put(author, tree.far)
    assert (found.organisation, found.owner) == (tree.far, west), "the far branch has no secretary: the next above"
    secretary = make_leader(tree.far)
    assert put(author, tree.far, nonce="m").owner == secretary


def test_a_word_about_no_units_page_is_put_to_the_authors_branch(tree):
    secretary = make_leader(tree.branch)
    make_leader(tree.east, Role.ORGANISER)
    found = put(make_person(tree.branch))
    assert (found.organisation, found.owner) == (tree.branch, secretary)


def test_what_comes_from_a_group_is_put_to_its_branch(tree):
    secretary = make_leader(tree.branch)
    for found in (put(make_person(tree.group)), put(make_person(tree.far), tree.group, nonce="m")):
        assert (found.organisation, found.owner) == (tree.branch, secretary)


def test_nobody_answers_oneself(tree):
    secretary, organiser = make_leader(tree.branch), make_leader(tree.east, Role.ORGANISER)
    found = put(secretary)
    assert (found.organisation, found.owner) == (tree.branch, organiser)
    assert not Feedback.objects.led_by(secretary).exists()
    assert Feedback.objects.led_by(organiser).get() == found


def test_a_secretary_comes_before_an_organiser_of_the_same_unit(tree):
    grant(make_account(), Role.ORGANISER, tree.branch)
    secretary = make_leader(tree.branch)
    grant(make_account(), Role.EDITOR, tree.branch)
    assert put(make_person(tree.branch)).owner == secretary


def test_who_cannot_act_any_more_owns_nothing(tree):
    ended, gone, left = make_leader(tree.branch), make_leader(tree.branch), make_leader(tree.branch)
    ended.grants.update(until=NOON - timedelta(days=1))
    gone.is_active = False
    gone.save()
    left.member.ended_on, left.member.ended_kind = NOON.date(), "transferred"
    left.member.save()
    organiser = make_leader(tree.root, Role.ORGANISER)
    assert put(make_person(tree.branch)).owner == organiser


def test_staff_without_a_unit_reach_the_highest_one(tree):
    assert put(make_account()).organisation == tree.root


def test_the_day_to_answer_by_is_a_rule_of_the_unit(tree):
    rule = Rule.objects.get(key="feedback.answer_days")
    assert (rule.value, rule.source) == (7, "本平台默认")
    author = make_person(tree.branch)
    assert put(author).due_on.isoformat() == "2026-06-08"
    Rule.objects.create(
        key="feedback.answer_days", value=3, source="本支部", effective_from=LONG_AGO.date(), organisation=tree.branch
    )
    assert put(author, nonce="m").due_on.isoformat() == "2026-06-04"


# --- written once, however often it is sent -----------------------------------------------
def test_the_same_text_from_one_form_stands_once_and_another_text_is_another_word(tree):
    author = make_person(tree.branch)
    assert put(author) == put(author, now=NOON + timedelta(minutes=5))
    put(author, text="还有一件")
    put(author, nonce="another form")
    put(make_person(tree.branch))
    assert Feedback.objects.count() == 4


def test_who_writes_a_great_deal_is_asked_to_wait_and_can_write_later(tree):
    author = make_person(tree.branch)
    for number in range(MOST_AN_HOUR):
        put(author, nonce=str(number))
    with pytest.raises(TooMany):
        put(author, nonce="one more")
    assert put(author, nonce="0"), "what has arrived already is not refused"
    put(make_person(tree.branch), nonce="somebody else")
    put(author, nonce="one more", now=NOON + timedelta(minutes=61))


def test_an_answer_given_twice_stands_once_and_is_in_the_audit_log_once(tree):
    secretary = make_leader(tree.branch)
    found = put(make_person(tree.branch))
    for _ in range(2):
        answer_feedback(feedback=found, answerer=secretary, text="明天换", now=NOON)
    found.refresh_from_db()
    assert (found.state, found.replies.count()) == (FeedbackState.ANSWERED, 1)
    event = AuditEvent.objects.get(action="feedback.answered")
    assert (event.actor, event.organisation, event.object_id) == (secretary.pk, tree.branch.code, str(found.pk))


def test_writing_back_asks_for_another_answer_by_another_day(tree):
    secretary = make_leader(tree.branch)
    found = put(make_person(tree.branch))
    write_back(feedback=found, text="是第三页", now=NOON + timedelta(days=1))
    found.refresh_from_db()
    assert (found.state, found.due_on.isoformat()) == (FeedbackState.OPEN, "2026-06-08"), "the first day still holds"
    answer_feedback(feedback=found, answerer=secretary, text="明天换", now=NOON + timedelta(days=2))
    for _ in range(2):
        write_back(feedback=found, text="还没换", now=NOON + timedelta(days=5))
    found.refresh_from_db()
    assert (found.state, found.due_on.isoformat()) == (FeedbackState.OPEN, "2026-06-13")
    assert [reply.text for reply in found.replies.all()] == ["是第三页", "明天换", "还没换"]


def test_what_is_late_is_what_is_open_after_its_day(tree):
    found = put(make_person(tree.branch))
    assert not Feedback.objects.overdue(found.due_on).exists()
    assert Feedback.objects.overdue(found.due_on + timedelta(days=1)).get() == found


# --- as it is met in the browser -------------------------------------------------------------
def test_the_box_stands_on_a_page_and_what_is_sent_reaches_the_thread(client, tree):
    author = make_person(tree.branch)
    client.force_login(author)
    page = client.get("/study/").content.decode()
    signed = re.search(r'name="about" value="([^"]+)"', page)[1]
    assert f'data-keep="{form_key("/study/")}"' in page
    answer = client.post("/feedback/", {"about": signed, "text": "字太小\n<b>看不清</b>"}, follow=True)
    found = Feedback.objects.get()
    assert answer.redirect_chain == [(f"/feedback/{found.pk}/", 302)]
    assert (found.author, found.about_url, found.organisation) == (author, "/study/", tree.branch)
    assert found.about_title
    text = answer.content.decode()
    assert "字太小<br>&lt;b&gt;看不清&lt;/b&gt;" in text
    assert 'href="/study/"' in text
    client.post("/feedback/", {"about": signed, "text": "字太小\n<b>看不清</b>"})
    assert Feedback.objects.count() == 1


def test_a_visitor_is_shown_the_way_in_and_the_telephone_instead_of_a_form(client, tree):
    Rule.objects.create(key="installation.help_phone", value="6120 0137", source="test", effective_from=LONG_AGO.date())
    page = client.get("/notices/").content.decode()
    box = page[page.index('class="feedback-box"') : page.index("site-footer")]
    assert "/accounts/login/?next=/notices/" in box
    assert "6120 0137" in box
    assert "textarea" not in box
    assert client.post("/feedback/", {"text": "字太小"}).headers["Location"].startswith("/accounts/login/")
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/card/", "/no-such-page/", "/cms/"])
def test_pages_of_the_door_and_of_refusals_have_no_box(client, tree, path):
    client.force_login(make_person(tree.branch)) if path == "/cms/" else None
    assert "feedback-box" not in client.get(path).content.decode()


@pytest.mark.parametrize("sent", ["", "forged", None])
def test_a_refused_form_keeps_what_was_typed(client, tree, sent):
    client.force_login(make_person(tree.branch))
    old = sign_about(path="/", title="首页", organisation_id=None, now=datetime.now(UTC) - timedelta(days=3))
    answer = client.post("/feedback/", {"about": old if sent is None else sent, "text": "写了半天的话"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "写了半天的话" in page
    assert not Feedback.objects.exists()
    again = re.search(r'name="about" value="([^"]+)"', page)[1]
    assert client.post("/feedback/", {"about": again, "text": "写了半天的话"}).status_code == 302


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_nothing_and_too_much_are_refused_in_words(client, tree, text):
    client.force_login(make_person(tree.branch))
    answer = client.post(
        "/feedback/", {"about": sign_about(path="/", title="首页", organisation_id=None, now=NOON), "text": text}
    )
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.content.decode()


def test_too_many_words_are_refused_kindly_and_kept(client, tree):
    author = make_person(tree.branch)
    for number in range(MOST_AN_HOUR):
        put(author, nonce=str(number), now=datetime.now(UTC))
    client.force_login(author)
    signed = sign_about(path="/", title="首页", organisation_id=None, now=datetime.now(UTC))
    answer = client.post("/feedback/", {"about": signed, "text": "再说一句"})
    assert answer.status_code == 422
    assert "再说一句" in answer.content.decode()


def test_a_leader_answers_and_the_author_reads_it(client, tree):
    secretary, author = make_leader(tree.branch), make_person(tree.branch, name="周秀兰")
    found = put(author, text="楼道的灯不亮")
    client.force_login(secretary)
    queue = client.get("/branch/feedback/").content.decode()
    assert "楼道的灯不亮" in queue
    assert "周秀兰" not in queue, "the list names nobody"
    page = client.get(f"/branch/feedback/{found.pk}/").content.decode()
    assert "周秀兰" in page
    assert f'data-keep="answer:{found.pk}"' in page
    assert AuditEvent.objects.get(action="feedback.seen").actor == secretary.pk
    assert client.post(f"/branch/feedback/{found.pk}/", {"text": ""}).status_code == 422
    sent = client.post(f"/branch/feedback/{found.pk}/", {"text": "明天换\n一起看"})
    assert sent.headers["Location"] == "/branch/feedback/"
    assert "楼道的灯不亮" not in client.get("/branch/feedback/").content.decode()
    assert "楼道的灯不亮" in client.get("/branch/feedback/?show=answered").content.decode()
    client.force_login(author)
    assert "明天换<br>一起看" in client.get(f"/feedback/{found.pk}/").content.decode()
    assert client.post(f"/feedback/{found.pk}/", {"text": "好的"}).headers["Location"] == f"/feedback/{found.pk}/"
    found.refresh_from_db()
    assert found.state == FeedbackState.OPEN


def test_the_oldest_waits_first_and_the_day_is_named(client, tree):
    author = make_person(tree.branch)
    put(author, text="后来的", now=datetime.now(UTC), nonce="b")
    put(author, text="先来的", nonce="a")
    client.force_login(make_leader(tree.branch))
    page = client.get("/branch/feedback/").content.decode()
    assert page.index("先来的") < page.index("后来的")
    assert "6 月 8 日" in page
    for unsaid in ("逾期", "督办"):
        assert unsaid not in page


def test_others_and_the_far_ones_are_told_there_is_no_such_page(client, tree):
    author = make_person(tree.branch)
    found = put(author)
    for user in (make_person(tree.branch), make_leader(tree.far), make_leader(tree.west, Role.ORGANISER)):
        client.force_login(user)
        assert client.get(f"/feedback/{found.pk}/").status_code == 404
        assert client.post(f"/feedback/{found.pk}/", {"text": "x"}).status_code == 404
        assert client.get(f"/branch/feedback/{found.pk}/").status_code == 404
        assert client.post(f"/branch/feedback/{found.pk}/", {"text": "x"}).status_code == 404
    client.force_login(author)
    assert client.get(f"/branch/feedback/{found.pk}/").status_code == 404
    assert client.get("/branch/feedback/").status_code == 404
    secretary = make_leader(tree.branch)
    own = put(secretary, nonce="own")
    client.force_login(secretary)
    assert client.get(f"/branch/feedback/{own.pk}/").status_code == 404, "nobody answers oneself"
    assert client.get(f"/feedback/{found.pk}/").status_code == 404, "the leader's page is another one"
    assert not found.replies.exists()


@pytest.mark.parametrize(("path", "who"), [("/feedback/", "author"), ("/branch/feedback/", "secretary")])
def test_a_list_costs_the_same_whatever_it_holds(client, tree, django_assert_max_num_queries, path, who):
    people = {"author": make_person(tree.branch), "secretary": make_leader(tree.branch)}
    for number in range(25):
        put(people["author"], nonce=str(number), now=NOON + timedelta(hours=number))
    client.force_login(people[who])
    with django_assert_max_num_queries(9):
        page = client.get(path).content.decode()
    assert page.count('class="item-title"') == 20
    assert client.get(f"{path}?page=2").content.decode().count('class="item-title"') == 5


def test_a_page_about_a_person_hands_over_neither_name_nor_number(client, tree):
    person = make_person(tree.branch, name="周秀兰")
    lesson = make_lesson(tree.root)
    plan = make_plan(
        title="学习计划", organisation=tree.root, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=[lesson]
    )
    publish_plan(plan, now=NOON)
    client.force_login(make_leader(tree.branch))
    page = client.get(f"/organise/{tree.branch.code}/people/{person.username}/?plan={plan.pk}").content.decode()
    assert "周秀兰" in page
    found = read_about(re.search(r'name="about" value="([^"]+)"', page)[1], now=datetime.now(UTC))
    assert "周秀兰" not in found.title
    assert found.path == "/organise/"
