"""A process of its own that changes at random what counts, for some seconds: people study, move, are asked otherwise.

One line a deed; a deadlock, or whatever else breaks, is a line too. The caller counts anew afterwards.
"""

import json
import os
import random
import subprocess
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(*, seconds: float, seed: int) -> subprocess.Popen:
    """On the database of the caller."""
    from django.db import connection

    told = {"database": str(connection.settings_dict["NAME"]), "seconds": seconds, "seed": seed}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    command = [sys.executable, "-m", "tests.learning.writing", json.dumps(told)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


class Writer:
    """What one of many does, each deed a transaction as the house makes it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def deed(self) -> str:
        deeds = ["study"] * 8 + ["change_home"] * 3 + ["move_unit", "change_plan", "take_in", "arrange", "help"]
        name = self.chance.choice([*deeds, "fold", "fold", "accept"])
        self.now = datetime.now(UTC)
        getattr(self, name)()
        return name

    def study(self) -> None:
        """Beats of several people and lessons in one transaction, as the web commits them."""
        from learning.study.actions import Beat, Said, record_beats
        from learning.study.visits import open_visit, read_visit
        from tests.learning.makers import PACE

        opened = self.now - timedelta(minutes=5)
        said = []
        for member in self.chance.sample(self._people(), 3):
            for item in self.chance.sample(self._lessons(), 2):
                signed = open_visit(member_id=member, item_id=item, pace=PACE, now=opened)
                beat = Beat(seq=1, spans=[(0, self.chance.choice([20, 60]))], position=20)
                said.append(Said(read_visit(signed, now=self.now), beat, self.now))
        record_beats(said)

    def change_home(self) -> None:
        from django.db import transaction

        from members.accounts.homes import Elsewhere, change_home
        from members.organisation.models import Affiliation
        from members.organisation.placing import hold_units

        after = self.chance.choice(self._units())
        home = Affiliation.objects.open().select_related("organisation").order_by("?").first()
        if home.organisation_id != after.pk:
            with suppress(Elsewhere), transaction.atomic():
                held = hold_units([home.organisation, after])
                units = {"before": held[home.organisation_id], "after": held[after.pk]}
                change_home(member_ids=[home.member_id], now=self.now, **units)

    def move_unit(self) -> None:
        from members.reorganisation.actions import NotReorganised, move_unit

        with suppress(NotReorganised):
            move_unit(unit=self._unit("branch"), parent=self._unit("committee"), actor=None, now=self.now)

    def change_plan(self) -> None:
        """An item is offered or required, and everybody stands anew."""
        from django.db import transaction

        from learning.completion.actions import align_plan
        from learning.plans.models import PlanItem

        with transaction.atomic():
            item = PlanItem.objects.select_related("plan__organisation").order_by("?").first()
            item.is_required = not item.is_required
            item.save(update_fields=["is_required"])
            align_plan(item.plan, now=self.now)

    def take_in(self) -> None:
        """Whom a plan concerns, and a line in the log, as when it is published."""
        from django.db import transaction

        from learning.completion.actions import align_plan
        from learning.plans.models import StudyPlan
        from members.audit.actions import record_event

        plan = StudyPlan.objects.select_related("organisation").order_by("?").first()
        with transaction.atomic():
            align_plan(plan, now=self.now)
            record_event("plan.changed", now=self.now, about=plan)

    def arrange(self) -> None:
        from members.accounts.membership import arrange_study
        from members.accounts.models import Member

        way, member = self.chance.choice(["online", "paper"]), Member.objects.get(pk=self.chance.choice(self._people()))
        arrange_study(member=member, study_way=way, flexible_study=False, actor=None, now=self.now)

    def help(self) -> None:
        from learning.completion.helping import ask_for_help, clear_help
        from members.accounts.models import Member

        said = {"member": Member.objects.get(pk=self.chance.choice(self._people())), "actor": None, "now": self.now}
        if not clear_help(**said):
            ask_for_help(reason="contact", **said)

    def accept(self) -> None:
        from members.activities.decisions import NotOpen, accept_activity, reopen_activity
        from members.activities.models import Activity
        from tests.members.gatherings import submit

        activity = Activity.objects.get()
        with suppress(NotOpen):
            if activity.state == "accepted":
                reopen_activity(activity=activity, reason="人数不对", actor=None, now=self.now)
                submit(Activity.objects.get())
            else:
                accept_activity(activity=activity, seen=activity.submitted_at, actor=None, now=self.now)

    def fold(self) -> None:
        from learning.completion.tallies import fold_deltas

        fold_deltas(limit=self.chance.choice([5, 50, 5000]))

    def _people(self) -> list[int]:
        from members.accounts.models import Member

        return list(Member.objects.exclude(user=None).order_by("pk").values_list("pk", flat=True))

    def _lessons(self) -> list[int]:
        from learning.courses.models import StudyItem

        return list(StudyItem.objects.filter(page__isnull=False).order_by("pk").values_list("pk", flat=True))

    def _units(self) -> list:
        from members.organisation.models import Organisation

        return list(Organisation.objects.open().filter(kind__in=["branch", "group"]))

    def _unit(self, kind: str):
        from members.organisation.models import Organisation

        return self.chance.choice(list(Organisation.objects.filter(kind=kind)))


def kind_of(error: Exception) -> str:
    return "deadlock" if "deadlock" in str(error) else f"broken: {type(error).__name__}"


def main(told: dict) -> None:
    import django

    django.setup()
    from django.db import DatabaseError, connection

    connection.settings_dict["NAME"] = told["database"]
    writer, done = Writer(told["seed"]), Counter()
    until = time.monotonic() + told["seconds"]
    while time.monotonic() < until:
        try:
            done[writer.deed()] += 1
        except DatabaseError as error:
            done[kind_of(error)] += 1
            traceback.print_exc(limit=-12)
    sys.stdout.write(json.dumps(done, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
