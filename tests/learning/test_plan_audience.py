"""Whom a plan concerns: read aloud, asked of the database, and followed as people move."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.completion.models import Enrolment
from learning.completion.recount import wrong_tallies
from learning.planning.actions import align_due_plans
from learning.planning.people import meant_by, people_of_plan
from learning.plans.actions import make_plan
from learning.plans.audience import concerned
from learning.plans.belonging import Person, is_in, why
from learning.plans.models import TEAM
from learning.plans.shape import LineShape
from members.accounts.member_writes import stands_otherwise
from members.accounts.membership import end_membership
from members.accounts.models import Member, MemberStatus
from members.checkins.actions import Details, end_spell, register_spell, reopen_spell
from members.checkins.models import MobileSpell, SpellState
from members.checkins.spell_steps import Step
from members.events import standing_changed
from members.organisation.kinds import EndKind, PostKind
from members.organisation.models import Affiliation, Post
from members.organisation.posts import end_post, set_post
from tests.factories import make_leader, make_member, make_tree
from tests.learning.makers import NOON, THIS_YEAR, make_lesson
from tests.learning.plan_makers import FULL, MOBILE, PROBATIONARY, concern, crowd, go_away, hold_post, post_line

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOON)
TEAM_POSTS = {"secretary", "deputy_secretary", "organisation_member", "publicity_member", "discipline_member"} | {
    "committee_member"
}


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def people(tree):
    return crowd(tree)


@pytest.fixture
def plan(tree):
    return make_plan(title="计划", organisation=tree.east, starts_on=THIS_YEAR[0], ends_on=THIS_YEAR[1])


def names_in(plan, people, on=TODAY) -> set[str]:
    there = set(concerned(plan, on=on).values_list("member_id", flat=True))
    return {name for name, member in people.items() if member.pk in there}


def in_plan(plan, member) -> bool:
    return Enrolment.objects.filter(plan=plan, member=member, left_on=None).exists()


# --- who is meant --------------------------------------------------------------------
def test_nobody_named_means_every_party_member_under_the_unit(plan, people):
    assert names_in(plan, people) == set(people) - {"activist", "far", "ended", "homeless"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([MOBILE], {"away"}),
        ([post_line(PostKind.SECRETARY)], {"secretary"}),
        ([post_line(TEAM)], {"secretary"}),
        ([post_line(PostKind.GROUP_LEADER), MOBILE], {"group_leader", "away"}),
        ([PROBATIONARY], {"probationary", "group_leader", "will_be_secretary", "came_back"}),
    ],
)
def test_lines_widen_among_themselves(plan, people, lines, expected):
    concern(plan, *lines)
    assert names_in(plan, people) == expected


def test_who_is_named_joins_and_an_exception_always_wins(plan, people, tree):
    named = [LineShape.person(people[name].pk) for name in ("full", "away", "activist", "far")]
    concern(plan, *named, PROBATIONARY, LineShape.person(people["probationary"].pk, is_exception=True))
    assert names_in(plan, people) == {"full", "away", "group_leader", "will_be_secretary", "came_back"}
    concern(plan, *named, LineShape.without_unit(tree.branch.pk))
    assert names_in(plan, people) == {"away"}
    concern(plan, LineShape.without_unit(tree.branch.pk))  # an exception alone leaves everybody else
    assert names_in(plan, people) == {"was_secretary", "will_be_secretary", "secretary_elsewhere", "away"}


def naive(lines, person: Member, tree, on) -> bool:
    """The same asked of one person, one question after the other."""
    home = Affiliation.objects.open().filter(member=person).select_related("organisation").first()
    if home is None or not home.organisation.path.startswith(tree.east.path):
        return False
    if person.ended_on or person.status not in (MemberStatus.FULL, MemberStatus.PROBATIONARY):
        return False
    for line in lines:
        if line.is_exception and line.member_id == person.pk:
            return False
        if line.is_exception and line.organisation_id in home.organisation.get_ancestors().values_list("pk", flat=True):
            return False
        if line.is_exception and line.organisation_id == home.organisation_id:
            return False
    meant = [line for line in lines if not line.is_exception]
    return not meant or any(fits(line, person, tree, on) for line in meant)


def fits(line, person, tree, on) -> bool:
    if line.kind == "person":
        return line.member_id == person.pk
    if line.kind == "status":
        return line.value == person.status
    if line.kind == "mobile":
        spells = MobileSpell.objects.filter(member=person, leaves_on__lte=on)
        return any(spell.state not in (SpellState.RETURNED, SpellState.TRANSFERRED) for spell in spells)
    kinds = TEAM_POSTS if line.value == TEAM else {line.value}
    return any(
        post.kind in kinds
        and post.since <= on
        and (post.until is None or post.until > on)
        and post.organisation.path.startswith(tree.east.path)
        for post in Post.objects.filter(member=person).select_related("organisation")
    )


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_database_and_the_reasons_answer_as_one_person_after_the_other(data, plan, people, tree):
    named = st.sampled_from(sorted(people)).map(lambda name: people[name].pk)
    kinds = st.sampled_from([FULL, PROBATIONARY, MOBILE, *(post_line(each) for each in [TEAM, *PostKind.values])])
    units = st.sampled_from([tree.branch, tree.group, tree.sibling]).map(lambda unit: LineShape.without_unit(unit.pk))
    chosen = {pk: LineShape.person(pk) for pk in data.draw(st.sets(named, max_size=3))}
    out = {pk: LineShape.person(pk, is_exception=True) for pk in data.draw(st.sets(named, max_size=2))}
    lines = data.draw(st.frozensets(st.one_of(kinds, units), max_size=4)) | set((chosen | out).values())
    concern(plan, *lines)
    on = data.draw(st.sampled_from([TODAY, TODAY + timedelta(days=1)]))
    expected = {name for name, person in people.items() if naive(lines, person, tree, on)}
    assert names_in(plan, people, on) == expected
    for is_out in (False, True):  # the list with its reasons has everybody under the unit, each once
        shown = people_of_plan(plan, is_out=is_out, page="", today=on)
        assert len(shown.people) == (shown.number_out if is_out else shown.number_in) == len(shown.page)
        for each, line in zip(shown.page, shown.people, strict=True):
            assert naive(lines, each.member, tree, on) is not is_out, line
            assert is_in(_why(plan, each, on)) is not is_out


def _why(plan, home, on):
    away = MobileSpell.objects.open().filter(member=home.member, leaves_on__lte=on).exists()
    posts = Post.objects.open_on(on).filter(
        member=home.member, since__lte=on, organisation__path__startswith=plan.organisation.path
    )
    person = Person(
        pk=home.member_id,
        path=home.organisation.path,
        status=home.member.status,
        is_counted=home.member.status in ("full", "probationary"),
        is_away=away,
        posts=frozenset(posts.values_list("kind", flat=True)),
    )
    return why(person, meant_by(plan))


def test_asking_whom_a_plan_concerns_costs_two_queries_whatever_its_size(plan, people, tree, django_assert_num_queries):
    for number in range(6):
        make_member(tree.branch, name=f"又一位 {number}")
    concern(
        plan, FULL, MOBILE, post_line(TEAM), LineShape.without_unit(tree.group.pk), LineShape.person(people["away"].pk)
    )
    plan = type(plan).objects.select_related("organisation").get(pk=plan.pk)
    with django_assert_num_queries(2):
        assert concerned(plan, on=TODAY).count()


# --- it follows people as they move ------------------------------------------------------
@pytest.fixture
def organiser(tree):
    return make_leader(tree.east, "organiser")


def sent(plan, tree, *lines):
    concern(plan, *lines)
    publish_plan(plan, now=NOON)
    return plan


def test_who_takes_a_post_joins_and_who_gives_it_up_leaves(plan, tree, organiser):
    member = make_member(tree.branch)
    sent(plan, tree, post_line(TEAM))
    days = {"since": TODAY, "until": None}
    post = set_post(member=member, organisation=tree.branch, kind=PostKind.SECRETARY, actor=organiser, now=NOON, **days)
    assert in_plan(plan, member)
    end_post(post=post, until=TODAY, actor=organiser, now=NOON)
    assert not in_plan(plan, member)
    assert not wrong_tallies()


def test_who_goes_away_joins_and_who_comes_back_leaves(plan, tree, organiser):
    member = make_member(tree.branch)
    sent(plan, tree, MOBILE)
    details = Details("江城", False, "work", TODAY, None, None)
    spell = register_spell(member=member, details=details, actor=organiser, now=NOON)
    assert in_plan(plan, member)
    spell = end_spell(spell=spell, step=Step.RETURNED, ended_on=TODAY, actor=organiser, now=NOON)
    assert not in_plan(plan, member)
    reopen_spell(spell=spell, actor=organiser, now=NOON)
    assert in_plan(plan, member)
    assert not wrong_tallies()


def test_who_becomes_a_full_member_joins_the_plan_of_full_members(plan, tree):
    member = make_member(tree.branch, status=MemberStatus.PROBATIONARY)
    sent(plan, tree, FULL)
    assert not in_plan(plan, member)
    Member.objects.filter(pk=member.pk).update(status=MemberStatus.FULL)
    standing_changed.send(sender=Member, member_ids=[member.pk], now=NOON)
    assert in_plan(plan, member)


def test_who_is_named_leaves_with_the_membership(plan, tree, organiser):
    member = make_member(tree.branch)
    sent(plan, tree, LineShape.person(member.pk))
    end_membership(member=member, kind=EndKind.OTHER, ended_on=TODAY, actor=organiser, now=NOON)
    assert not in_plan(plan, member)


def test_an_import_tells_of_posts_only_where_no_move_tells():
    assert stands_otherwise({"before": {"status": "full"}})
    assert stands_otherwise({"before": {}, "posts_made": [1], "posts_left": []})
    assert not stands_otherwise({"before": {}, "posts_made": [1], "affiliation_made": 3})
    assert not stands_otherwise({"before": {"name": "x"}})


def test_what_changes_by_its_date_alone_is_followed_once_a_day(plan, tree):
    leaver, secretary, newcomer = (make_member(tree.branch) for _ in range(3))
    go_away(leaver, leaves_on=date(2026, 6, 2), state=SpellState.PLANNED)
    hold_post(secretary, tree.branch, until=date(2026, 6, 2))
    sent(plan, tree, MOBILE, post_line(PostKind.SECRETARY))
    hold_post(newcomer, tree.branch, PostKind.SECRETARY)  # as if written in the moment in which the plan went out
    assert [in_plan(plan, each) for each in (leaver, secretary, newcomer)] == [False, True, False]
    assert align_due_plans(now=NOON) == 1
    assert align_due_plans(now=NOON + timedelta(days=1)) == 2
    assert [in_plan(plan, each) for each in (leaver, secretary, newcomer)] == [True, False, True]
    assert align_due_plans(now=NOON + timedelta(days=1)) == 0
    assert not wrong_tallies()


def test_a_plan_that_is_over_follows_nobody(plan, tree, organiser):
    member = make_member(tree.branch)
    sent(plan, tree, post_line(TEAM))
    later = NOON.replace(year=2027)
    set_post(
        member=member,
        organisation=tree.branch,
        kind=PostKind.SECRETARY,
        since=later.date(),
        until=None,
        actor=organiser,
        now=later,
    )
    align_due_plans(now=later)
    assert not in_plan(plan, member)


def test_the_daily_look_costs_no_more_for_more_people(plan, tree, django_assert_num_queries):
    make_lesson(tree.root)
    sent(plan, tree)
    with django_assert_num_queries(6) as few:
        align_due_plans(now=NOON)
    for _ in range(4):
        make_member(tree.far)
    with django_assert_num_queries(len(few)):
        align_due_plans(now=NOON)
