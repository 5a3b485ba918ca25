"""Hours by hand, targets, questions and what was studied together: the pages and what they set going."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from learning.claims.actions import AlreadyDecided, Said, approve_claim, decline_claim, propose_hours
from learning.claims.models import HoursClaim
from learning.completion.actions import publish_plan
from learning.hours.models import HoursEntry, HoursQuestion, HoursTarget
from learning.hours.queries import hours_of
from learning.hours.questions import open_questions
from learning.hours.setting import set_target
from learning.hours.targets import hours_asked
from learning.plans.actions import make_plan
from learning.progress.group_study import GroupStudy
from learning.years.questions import open_things_about_hours
from members.audit.models import AuditEvent
from members.feedback.actions import answer_feedback
from members.feedback.models import Feedback
from members.handovers.kinds import open_things
from members.messages.models import Message
from members.organisation.models import Affiliation, Post
from members.roles.models import Role
from tests.factories import make_leader, make_member, make_organisation, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_article, make_lesson, make_portal
from tests.learning.test_ledger_truth import enter
from tests.members.gatherings import EVENING, accept, make_activity, submit, tick_all

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


@pytest.fixture
def tree():
    make_portal()
    return make_tree()


@pytest.fixture
def person(tree):
    return make_person(tree.branch, name="林小满")


@pytest.fixture
def secretary(tree):
    return make_leader(tree.branch, name="石书记")


@pytest.fixture
def organiser(tree):
    return make_leader(tree.east, Role.ORGANISER, name="何组织")


@pytest.fixture(autouse=True)
def this_year(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: LATER)


def page(client, user, path: str) -> str:
    client.force_login(user)
    return client.get(path).content.decode()


def post(client, user, path: str, **said):
    client.force_login(user)
    return client.post(path, said)


# --- entered by hand ----------------------------------------------------------------
CLAIM = {"title": "党校培训", "category": "training", "hours": "4", "held_on": "2026-05-20", "note": ""}


def test_a_secretarys_entry_counts_once_an_organiser_above_has_approved_it(client, person, secretary, organiser):
    assert post(client, secretary, "/branch/hours/new/", who="林小满", once="a", **CLAIM).status_code == 302
    post(client, secretary, "/branch/hours/new/", who="林小满", once="a", **CLAIM)
    claim = HoursClaim.objects.get()
    assert not HoursEntry.objects.exists()
    assert post(client, secretary, f"/branch/hours/{claim.pk}/", deed="approve").status_code == 404
    assert "有 1 笔补录等您审核" in page(client, organiser, "/branch/hours/")
    for _ in range(2):
        assert post(client, organiser, f"/branch/hours/{claim.pk}/", deed="approve").status_code == 302
    line = HoursEntry.objects.get()
    assert (line.member, line.hours, line.category, line.source) == (person.member, 4, "training", "by_hand")
    assert (line.year, line.recorded_by, line.approved_by) == (2026, secretary, organiser)
    assert Message.objects.get(to=person.member).title == "记入 4 学时"
    assert {"hours.proposed", "hours.approved"} <= set(AuditEvent.objects.values_list("action", flat=True))
    assert "人工补录，由何组织审核" in page(client, person, "/study/hours/")


def test_what_is_declined_is_not_recorded_and_whoever_proposed_it_reads_why(client, person, secretary, organiser):
    post(client, secretary, "/branch/hours/new/", who=person.member.number, once="a", **CLAIM)
    claim = HoursClaim.objects.get()
    refused = post(client, organiser, f"/branch/hours/{claim.pk}/", deed="decline", reason="")
    assert refused.status_code == 422
    assert "请写明原因" in refused.content.decode()
    post(client, organiser, f"/branch/hours/{claim.pk}/", deed="decline", reason="已经记过了")
    assert not HoursEntry.objects.exists()
    told = Message.objects.get(to=secretary.member)
    assert "已经记过了" in told.text
    assert person.member.name not in told.text
    with pytest.raises(AlreadyDecided):
        approve_claim(claim=claim, actor=organiser, now=LATER)
    assert "没有记入" in page(client, secretary, "/branch/hours/")


def test_an_organisers_own_entry_counts_at_once_and_says_so_but_not_for_themselves(client, person, organiser):
    post(client, organiser, "/branch/hours/new/", who=person.member.number, once="a", **CLAIM)
    claim = HoursClaim.objects.get()
    assert (claim.state, HoursEntry.objects.get().approved_by) == ("approved", organiser)
    assert "组织员本人录入，直接记入" in page(client, organiser, f"/branch/hours/{claim.pk}/")
    post(client, organiser, "/branch/hours/new/", who=organiser.member.number, once="b", **CLAIM)
    own = HoursClaim.objects.get(member=organiser.member)
    assert own.state == "proposed"
    assert post(client, organiser, f"/branch/hours/{own.pk}/", deed="approve").status_code == 404


def test_an_approved_entry_is_not_declined_any_more(person, secretary, organiser):
    said = Said("党校培训", "training", Decimal(4), date(2026, 5, 20))
    claim = propose_hours(member=person.member, said=said, actor=secretary, may_judge=False, now=NOON)
    approve_claim(claim=claim, actor=organiser, now=NOON)
    with pytest.raises(AlreadyDecided):
        decline_claim(claim=claim, reason="x", actor=organiser, now=NOON)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"hours": "1.3"}, "0.25 为一档"),
        ({"held_on": "2026-12-01"}, "还没有到"),
        ({"held_on": "2024-12-31"}, "今年和去年"),
        ({"who": "西边的人"}, "没有这个姓名或编号"),
        ({"who": "同名"}, "请写党员编号"),
        ({"title": ""}, "请写学了什么"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(client, tree, person, secretary, said, words):
    make_person(tree.far, name="西边的人")
    for _ in range(2):
        make_member(tree.branch, name="同名")
    answer = post(client, secretary, "/branch/hours/new/", once="a", **({"who": person.member.number} | CLAIM | said))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert said.get("title") == "" or "党校培训" in html
    assert not HoursClaim.objects.exists()


def test_another_organisations_entries_are_not_there(client, tree, person, secretary):
    said = Said("党校培训", "training", Decimal(4), date(2026, 5, 20))
    claim = propose_hours(member=person.member, said=said, actor=secretary, may_judge=False, now=NOON)
    for stranger in (make_leader(tree.far), make_leader(tree.west, Role.ORGANISER)):
        client.force_login(stranger)
        assert client.get(f"/branch/hours/{claim.pk}/").status_code == 404
        assert "党校培训" not in client.get("/branch/hours/").content.decode()


def test_what_waits_is_handed_over_and_found_among_what_is_open(tree, person, secretary):
    said = Said("党校培训", "training", Decimal(4), date(2026, 5, 20))
    propose_hours(member=person.member, said=said, actor=secretary, may_judge=False, now=NOON)
    assert [each.about for each in open_things_about_hours(tree.branch, 2026)] == ["党校培训"]
    [thing] = [each for each in open_things([tree.branch.path], now=NOON) if each.kind == "hours"]
    assert (thing.title, thing.about) == ("林小满，4 学时", "党校培训")
    assert not [each for each in open_things([tree.west.path], now=NOON) if each.kind == "hours"]


def test_more_entries_cost_no_more_queries(
    client, tree, secretary, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(secretary)

    def enter_one():
        said = Said("党校培训", "training", Decimal(4), date(2026, 5, 20))
        propose_hours(member=make_member(tree.branch), said=said, actor=secretary, may_judge=False, now=NOON)

    enter_one()
    client.get("/branch/hours/")
    with django_assert_max_num_queries(14) as few:
        client.get("/branch/hours/")
    for _ in range(4):
        enter_one()
    with django_assert_num_queries(len(few)):
        client.get("/branch/hours/")


# --- targets --------------------------------------------------------------------------
def asked(member, *, now=NOON, **rest):
    return hours_of(member, HoursEntry.objects.all(), now=now, **rest)


def test_a_member_is_asked_for_what_the_rule_says_and_reads_which_rule(client, person):
    view = asked(person.member)
    assert (view.required, view.why) == (32, "依据：党员教育管理工作条例（2019）第二十条")
    assert "党员教育管理工作条例（2019）第二十条" in page(client, person, "/study/")


def test_who_sits_on_the_committee_is_asked_for_more_and_for_a_training(client, tree, person):
    post_held = Post.objects.create(
        member=person.member, organisation=tree.branch, kind="deputy_secretary", since=date(2026, 1, 1)
    )
    view = asked(person.member)
    assert (view.required, view.trainings_owed) == (56, 1)
    assert "班子成员" in view.why
    assert "今年还要参加 1 次集中培训" in page(client, person, "/study/")
    enter(person.member, "2", category="training")
    assert asked(person.member).trainings_owed == 0
    assert asked(person.member, year=2025).required == 32
    post_held.until = date(2026, 3, 1)
    post_held.save()
    assert asked(person.member).required == 32


def test_a_post_in_a_group_or_in_a_functional_unit_asks_for_no_more(tree, person):
    area = make_organisation("片区党支部", parent=tree.east, kind="functional_branch")
    for unit, kind in ((tree.group, "group_leader"), (area, "secretary")):
        Post.objects.create(member=person.member, organisation=unit, kind=kind, since=date(2026, 1, 1))
    assert asked(person.member).required == 32


def test_of_who_is_no_party_member_nothing_is_asked(tree):
    activist = make_member(tree.branch, status="activist")
    view = asked(activist)
    assert (view.required, view.is_flexible, view.owed) == (0, True, 0)


def test_an_organiser_sets_a_target_and_the_member_reads_it(client, person, organiser):
    address = f"/branch/people/{person.member.number}/hours/"
    assert post(client, organiser, address, hours="20.5", reason="7 月转入").status_code == 302
    post(client, organiser, address, hours="20.5", reason="7 月转入")
    view = asked(person.member)
    assert (view.required, view.why) == (Decimal("20.5"), "个人目标：7 月转入。由何组织审核")
    assert asked(person.member, year=2025).required == 32
    assert Message.objects.filter(to=person.member).count() == 1
    assert AuditEvent.objects.filter(action="hours.target_set").count() == 1
    assert "今年还差" in page(client, person, "/study/")
    post(client, organiser, address, drop="1")
    assert not HoursTarget.objects.exists()
    assert asked(person.member).required == 32


def test_a_target_lies_in_quarters_and_says_why_and_no_secretary_sets_it(client, tree, person, organiser, secretary):
    address = f"/branch/people/{person.member.number}/hours/"
    answer = post(client, organiser, address, hours="20.1", reason="")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "0.25 为一档" in html
    assert "请写一句简短的原因" in html
    assert 'value="20.1"' in html
    for stranger in (secretary, make_leader(tree.west, Role.ORGANISER), person):
        assert post(client, stranger, address, hours="20", reason="x").status_code == 404
    assert address in page(client, organiser, f"/branch/people/{person.member.number}/")
    assert address not in page(client, secretary, f"/branch/people/{person.member.number}/")


def test_who_came_in_the_middle_of_the_year_is_asked_for_all_of_it_and_told_so(client, tree, person):
    late = make_person(tree.branch)
    Affiliation.objects.filter(member=late.member).update(since=NOON)
    assert asked(late.member).required == 32
    assert "中途加入" in page(client, late, "/study/")
    assert "中途加入" not in page(client, person, "/study/")


def test_who_studies_with_the_branch_reads_so(client, person):
    person.member.study_way = "group"
    person.member.save()
    assert "由支部组织学习" in page(client, person, "/study/")


def test_of_many_at_once_the_same_is_asked_as_of_each(tree, person, organiser):
    flexible, activist = make_member(tree.branch, flexible_study=True), make_member(tree.branch, status="activist")
    own, deputy = make_member(tree.branch), make_member(tree.branch)
    set_target(member=own, year=2026, hours=Decimal("20.5"), reason="7 月转入", actor=organiser, now=NOON)
    Post.objects.create(member=deputy, organisation=tree.branch, kind="deputy_secretary", since=date(2026, 1, 1))
    everybody = [person.member, flexible, activist, own, deputy]
    found = hours_asked(dict.fromkeys(everybody, tree.branch.path), on=date(2026, 6, 1))
    alone = {each.pk: asked(each).required for each in everybody if not asked(each).is_flexible}
    assert found == alone == {person.member.pk: 32, own.pk: Decimal("20.5"), deputy.pk: 56}


# --- I have a question ------------------------------------------------------------------
def test_a_question_has_an_owner_a_day_and_an_answer_that_stands_at_the_line(client, tree, person, secretary):
    line = enter(person.member, "1.5", reason="区里的培训")
    address = f"/study/hours/{line.pk}/"
    assert f'href="{address}"' in page(client, person, "/study/hours/")
    html = page(client, person, address)
    about = html.partition('name="about" value="')[2].partition('"')[0]
    for _ in range(2):
        assert post(client, person, address, text="怎么是 1.5？", about=about).status_code == 302
    asked_about = HoursQuestion.objects.get()
    assert (asked_about.entry, asked_about.feedback.owner) == (line, secretary)
    assert "已提问，7 月 8 日前答复" in page(client, person, "/study/hours/")
    assert list(open_questions(2026, tree.east)) == [asked_about]
    assert [each.who for each in open_things_about_hours(tree.east, 2026)] == [tree.branch.name]
    assert not open_questions(2025, tree.east) | open_questions(2026, tree.west)
    told = page(client, secretary, f"/branch/feedback/{asked_about.feedback_id}/")
    assert "学时明细：2026 年 6 月 1 日《区里的培训》1.5 学时" in told
    assert "林小满" in page(client, secretary, address)
    answer_feedback(feedback=asked_about.feedback, answerer=secretary, text="一个半小时", now=LATER)
    assert "已答复，看答复" in page(client, person, "/study/hours/")
    assert not open_questions(2026, tree.east)


def test_a_question_that_cannot_be_sent_keeps_its_words(client, person):
    line = enter(person.member, "1.5", reason="区里的培训")
    answer = post(client, person, f"/study/hours/{line.pk}/", text="怎么是 1.5？", about="unsigned")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "怎么是 1.5？" in html
    assert not Feedback.objects.exists()
    assert post(client, person, f"/study/hours/{line.pk}/", text="", about="").status_code == 422


def test_a_line_of_somebody_else_is_not_there(client, tree, person, secretary):
    line = enter(person.member, "1.5")
    for stranger in (make_person(tree.branch), make_leader(tree.far)):
        client.force_login(stranger)
        assert client.get(f"/study/hours/{line.pk}/").status_code == 404
    assert post(client, secretary, f"/study/hours/{line.pk}/", text="x", about="").status_code == 404


# --- what was studied together ---------------------------------------------------------------
@pytest.fixture
def gathering(tree, secretary):
    return make_activity(tree.branch, actor=secretary, topic="一起读")


def test_a_secretary_chooses_from_the_plans_first_and_then_finds(client, tree, secretary, gathering):
    planned, other = make_lesson(tree.root, title="计划里的课"), make_article(tree.root, title="另外的文章")
    period = {"starts_on": THIS_YEAR[0], "ends_on": THIS_YEAR[1]}
    publish_plan(make_plan(title="计划", organisation=tree.root, items=[planned], **period), now=NOON)
    address = f"/branch/activities/{gathering.pk}/studied/"
    assert address in page(client, secretary, f"/branch/activities/{gathering.pk}/")
    html = page(client, secretary, address)
    assert "计划里的课" in html
    assert "另外的文章" not in html
    found = post(client, secretary, address, item=[planned.pk], q="文章", find="1")
    assert "另外的文章" in client.get(found.url.partition("#")[0]).content.decode()
    post(client, secretary, address, item=[planned.pk, other.pk, 99999])
    assert set(GroupStudy.objects.values_list("item_id", flat=True)) == {planned.pk, other.pk}
    post(client, secretary, address, item=[other.pk])
    assert GroupStudy.objects.get().item == other


def test_once_submitted_it_is_read_and_not_changed_any_more(client, tree, person, secretary, organiser, gathering):
    lesson = make_lesson(tree.root, title="一起学的课")
    address = f"/branch/activities/{gathering.pk}/studied/"
    post(client, secretary, address, item=[lesson.pk])
    tick_all(gathering)
    submit(gathering)
    post(client, secretary, address, item=[])
    assert GroupStudy.objects.get().item == lesson
    html = page(client, organiser, address)
    assert "一起学的课" in html
    assert "<form class=" not in html.partition("<main")[2].partition("feedback-box")[0]
    client.force_login(make_leader(tree.far))
    assert client.get(address).status_code == 404
    accept(gathering, now=EVENING + timedelta(hours=1))
    shown = page(client, person, lesson.page.get_url())
    assert "今年已在《一起读》里集体学习" in shown
    assert "其中学习：《一起学的课》" in page(client, person, "/study/hours/")


def test_a_quiz_and_what_the_unit_may_not_see_cannot_be_chosen(client, tree, secretary, gathering):
    far = make_article(tree.far, title="别处的文章", audience="subtree")
    post(client, secretary, f"/branch/activities/{gathering.pk}/studied/", item=[far.pk, "x"], q="别处")
    assert not GroupStudy.objects.exists()
    assert "别处的文章" not in page(client, secretary, f"/branch/activities/{gathering.pk}/studied/?q=别处")
