"""Who is in a plan, where each stands, and that the numbers are those of the raw tables."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from learning.board.figures import exact_counts
from learning.completion.actions import publish_plan, settle
from learning.completion.models import Completion, Delta, Enrolment, Tally
from learning.completion.recount import wrong_tallies
from learning.completion.standing import Standing
from learning.completion.tallies import fold_deltas, rebuild_tallies
from learning.plans.actions import make_plan
from learning.progress.models import Progress
from members.accounts.models import Member, MemberStatus, StudyWay
from members.events import Move, affiliation_changed
from members.organisation.models import Affiliation, Organisation
from tests.factories import make_member, make_person, make_tree
from tests.learning.makers import NOON, THIS_YEAR, Viewing, make_course, make_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def lessons(tree):
    course = make_course(tree.root)
    return [make_lesson(tree.root, title=title, course=course, seconds=60) for title in ("第一课", "第二课")]


def plan_for(unit, lessons, **rest):
    plan = make_plan(
        title="2026 年基本学习计划", organisation=unit, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1], items=lessons
    )
    publish_plan(plan, now=rest.get("now", NOON))
    return plan


def move(member, to):
    """What the register does when a member belongs elsewhere."""
    now = NOON + timedelta(days=1)
    before = Affiliation.objects.open().filter(member=member).first()
    if before:
        before.until = now
        before.save()
    if to:
        Affiliation.objects.create(member=member, organisation=to, since=now)
    step = Move(member.pk, before.organisation_id if before else None, to.pk if to else None)
    affiliation_changed.send(sender=Affiliation, moves=[step], now=now)


def counts(plan, unit):
    return exact_counts(plan, [Organisation.objects.get(pk=unit.pk)])[unit.pk]


def standing(plan, member):
    return Enrolment.objects.get(plan=plan, member=member).standing


def test_a_plan_takes_in_everybody_under_its_unit_who_counts_as_a_member(tree, lessons):
    make_member(tree.group)
    make_member(tree.far)
    make_member(tree.branch, status=MemberStatus.ACTIVIST)
    plan = plan_for(tree.east, lessons)
    assert counts(plan, tree.east).members == 1
    assert counts(plan, tree.west).members == 0


def test_watching_closes_the_plan_item_and_then_the_plan(tree, lessons):
    person = make_person(tree.branch)
    plan = plan_for(tree.root, lessons)
    assert standing(plan, person.member) == Standing.TODO
    Viewing(person.member, lessons[0]).watch(0, 30)
    assert standing(plan, person.member) == Standing.DOING
    for lesson in lessons:
        viewing = Viewing(person.member, lesson)
        viewing.watch(0, 30)
        viewing.watch(30, 60)
    assert standing(plan, person.member) == Standing.DONE
    assert counts(plan, tree.branch).done == 1


def test_what_was_studied_before_the_plan_was_made_is_not_asked_again(tree, lessons):
    person = make_person(tree.branch)
    Viewing(person.member, lessons[0]).watch(0, 60)
    plan = plan_for(tree.root, lessons)
    enrolment = Enrolment.objects.get(plan=plan, member=person.member)
    assert (enrolment.items_done, enrolment.standing) == (1, Standing.DOING)


def test_who_studies_on_paper_counts_but_is_never_called_not_started(tree, lessons):
    make_member(tree.branch, study_way=StudyWay.PAPER)
    make_member(tree.branch, flexible_study=True)
    plan = plan_for(tree.root, lessons)
    seen = counts(plan, tree.branch)
    assert (seen.by_branch, seen.not_required, seen.todo) == (1, 1, 0)
    assert (seen.members, seen.expected) == (2, 1)


def test_who_moves_is_counted_in_the_new_unit_from_that_day(tree, lessons):
    person = make_person(tree.branch)
    plan = plan_for(tree.root, lessons)
    fold_deltas()
    move(person.member, tree.far)
    assert (counts(plan, tree.east).members, counts(plan, tree.west).members) == (0, 1)


def test_who_leaves_the_units_of_a_plan_leaves_the_plan_and_may_come_back(tree, lessons):
    person = make_person(tree.branch)
    plan = plan_for(tree.east, lessons)
    Viewing(person.member, lessons[0]).watch(0, 60)
    move(person.member, tree.far)
    assert counts(plan, tree.east).members == 0
    move(person.member, tree.sibling)
    assert counts(plan, tree.sibling).doing == 1


def test_who_joins_later_is_taken_in_and_counted_from_then(tree, lessons):
    plan = plan_for(tree.root, lessons)
    newcomer = make_member()
    move(newcomer, tree.group)
    enrolment = Enrolment.objects.get(plan=plan, member=newcomer)
    assert enrolment.counts_from.isoformat() == "2026-06-02"
    assert Completion.objects.filter(enrolment=enrolment).count() == 2


def test_publishing_twice_changes_nothing(tree, lessons):
    make_member(tree.branch)
    plan = plan_for(tree.root, lessons)
    deltas = Delta.objects.count()
    publish_plan(plan, now=NOON)
    assert (Enrolment.objects.count(), Delta.objects.count()) == (1, deltas)


def test_folding_changes_no_number_and_folding_twice_neither(tree, lessons):
    for unit in (tree.branch, tree.group, tree.far):
        make_member(unit)
    plan = plan_for(tree.root, lessons)
    before = counts(plan, tree.root).by_standing
    assert fold_deltas(limit=4) == 4
    assert counts(plan, tree.root).by_standing == before
    while fold_deltas():
        pass
    assert counts(plan, tree.root).by_standing == before
    assert fold_deltas() == 0
    assert wrong_tallies() == []


def test_every_number_of_the_board_is_that_of_the_raw_tables(tree, lessons):
    """A year at random: studying, moving, leaving, changing the way of study, folding now and then."""
    chance = random.Random(7)
    units = [tree.branch, tree.group, tree.sibling, tree.far]
    people = [make_person(chance.choice(units)) for _ in range(12)]
    plan = plan_for(tree.root, lessons)
    for _ in range(60):
        member = chance.choice(people).member
        deed = chance.choice(["watch", "watch", "move", "leave", "way", "fold"])
        if deed == "watch":
            start = chance.randrange(0, 40, 20)
            Viewing(member, chance.choice(lessons)).watch(start, start + 40)
        elif deed in ("move", "leave"):
            move(member, chance.choice(units) if deed == "move" else None)
        elif deed == "way":
            member.study_way = chance.choice(StudyWay.values)
            member.save()
            settle(member_ids=[member.pk], now=NOON)
        else:
            fold_deltas(limit=chance.randint(1, 9))
        assert wrong_tallies() == []
    for unit in Organisation.objects.all():
        raw = Enrolment.objects.filter(plan=plan, left_on=None, organisation__path__startswith=unit.path)
        for each in Standing:
            assert counts(plan, unit).by_standing[each] == raw.filter(standing=each).count()


def test_a_wrong_tally_is_seen_and_mended(tree, lessons):
    make_member(tree.branch)
    plan_for(tree.root, lessons)
    fold_deltas()
    Tally.objects.filter(organisation=tree.root, plan_item=None).update(members=99)
    assert len(wrong_tallies()) == 1
    assert rebuild_tallies() == 1
    assert wrong_tallies() == []


def test_settling_asks_no_more_queries_for_more_lessons(tree, lessons, django_assert_max_num_queries):
    person = make_person(tree.branch)
    plan_for(tree.root, lessons)
    viewing = Viewing(person.member, lessons[0])
    viewing.watch(0, 10)
    with django_assert_max_num_queries(9):
        viewing.watch(10, 20)
    assert Progress.objects.get().covered_seconds == 20


# --- the day set for an item --------------------------------------------------------------
@pytest.fixture
def mine(client, tree, lessons, monkeypatch):
    """My plan with a day for its first lesson; `shown` is what /study/ says of it on a day in June."""
    person = make_person(tree.branch)
    plan = plan_for(tree.root, lessons)
    plan.items.filter(item=lessons[0]).update(due_on=NOON.date())
    client.force_login(person)

    def shown(*, days: int = 0) -> str:
        monkeypatch.setattr(timezone, "now", lambda: NOON + timedelta(days=days))
        html = client.get("/study/").content.decode()
        monkeypatch.undo()
        return html

    return person.member, shown


def test_the_day_set_for_an_item_stands_beside_it_and_after_it_that_it_can_be_made_up_for(mine):
    _, shown = mine
    assert shown().count("<b>6 月 1 日前</b>") == 1
    late = shown(days=1)
    assert late.count("<b>已过期限，可补学</b>") == 1
    assert "6 月 1 日前" not in late


def test_no_day_is_set_for_what_has_been_studied_or_withdrawn(mine, lessons):
    member, shown = mine
    Viewing(member, lessons[0]).watch(0, 60)
    assert "可补学</b>" not in shown(days=1)
    Progress.objects.all().delete()
    lessons[0].withdrawn_at = NOON
    lessons[0].save()
    assert "可补学</b>" not in shown(days=1)


@pytest.mark.parametrize("how", [{"flexible_study": True}, {"study_way": StudyWay.GROUP}])
def test_no_day_presses_who_is_not_asked_or_studies_with_the_branch(mine, how):
    member, shown = mine
    Member.objects.filter(pk=member.pk).update(**how)
    Enrolment.objects.update(standing="not_required" if "flexible_study" in how else "by_branch")
    assert "6 月 1 日前" not in shown()
    assert "可补学</b>" not in shown(days=1)
