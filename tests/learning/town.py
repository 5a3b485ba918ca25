"""A small town in which everybody is in plans, for what many do at once."""

from datetime import date

from django.utils import timezone

from learning.completion.actions import publish_plan
from learning.completion.recount import wrong_days, wrong_help, wrong_tallies
from learning.completion.tallies import fold_deltas
from learning.plans.actions import make_plan
from tests.factories import make_organisation, make_person, make_tree
from tests.learning.makers import make_lesson
from tests.members.gatherings import make_activity, submit, tick_all

PERIOD = {"starts_on": date(2026, 1, 1), "ends_on": date(2099, 12, 31)}


def make_town() -> None:
    """Nine units, twenty-four people with accounts, four lessons, three plans, a submitted activity."""
    tree = make_tree()
    homes = [tree.branch, tree.group, tree.sibling, tree.far, *(make_organisation(parent=tree.west) for _ in range(2))]
    for number in range(24):
        make_person(homes[number % len(homes)])
    lessons = [make_lesson(tree.root, title=f"第 {number} 课", seconds=60) for number in range(4)]
    for unit, items in ((tree.root, lessons), (tree.east, lessons[:2]), (tree.branch, lessons[2:])):
        plan = make_plan(title="计划", organisation=unit, items=items, **PERIOD)
        publish_plan(plan, now=timezone.now())
    activity = make_activity(tree.branch)
    tick_all(activity)
    submit(activity)


def differences() -> int:
    """How many figures differ from the records, before and after everything has been folded."""
    before = len(wrong_tallies()) + len(wrong_days()) + wrong_help()
    while fold_deltas():
        pass
    return before + len(wrong_tallies()) + len(wrong_days()) + wrong_help()
