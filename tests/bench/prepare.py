"""Makes the database of the heartbeat bench in VAR_DIR and prints the visits as JSON."""

import json
import os
import sys
from dataclasses import replace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
django.setup()

from django.core.management import call_command  # noqa: E402 — Django must be set up first
from django.utils import timezone  # noqa: E402

from learning.study.visits import open_visit  # noqa: E402
from tests.factories import make_person, make_tree  # noqa: E402
from tests.learning.makers import PACE, make_lesson  # noqa: E402


def main(members: int) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    tree = make_tree()
    item = make_lesson(tree.root, seconds=36_000)
    people = [make_person(tree.branch) for _ in range(members)]
    now = timezone.now()
    # An honest player claims what it has played; time runs faster here, so the clock gets slack enough for all of it.
    pace = replace(PACE, slack_seconds=10_000_000)
    visits = [open_visit(member_id=each.member.pk, item_id=item.pk, pace=pace, now=now) for each in people]
    sys.stdout.write(json.dumps(visits) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
