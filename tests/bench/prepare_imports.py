"""Makes the house of the imports bench in VAR_DIR: an organiser who is signed in, a member who studies; as JSON."""

import json
import os
import sys
from dataclasses import replace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.embedded")
django.setup()

from config.installation import DEMO  # noqa: E402 — Django must be set up first
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from learning.study.visits import open_visit  # noqa: E402
from members.organisation.rules import Rule  # noqa: E402
from members.roles.models import Role  # noqa: E402
from tests.factories import make_leader, make_organisation, make_person, make_tree  # noqa: E402
from tests.learning.makers import PACE, make_lesson  # noqa: E402

BRANCHES = 200


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    tree = make_tree()
    units = [make_organisation(parent=tree.east).code for _ in range(BRANCHES)]
    organiser, learner = make_leader(tree.root, Role.ORGANISER), make_person(tree.branch)
    # In a demonstration nobody is asked for a second step of signing in.
    Rule.objects.create(key=DEMO, value=True, source="bench", effective_from=timezone.localdate())
    client = Client()
    client.force_login(organiser)
    item, pace = make_lesson(tree.root, seconds=36_000), replace(PACE, slack_seconds=10_000_000)
    visit = open_visit(member_id=learner.member.pk, item_id=item.pk, pace=pace, now=timezone.now())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    sys.stdout.write(json.dumps({"units": units, "session": session, "visit": visit}) + "\n")


if __name__ == "__main__":
    main()
