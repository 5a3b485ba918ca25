"""A PostgreSQL that was filled before lines of hours had a source takes everything that came since."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.postgres import QUICK, cluster

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]
BEFORE = "0007_plans_say_order_and_what_is_required"
# A line of then, through the models of then; one for a quiz, which is written twice on its way.
FILL = f"""
from datetime import date
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
models = MigrationExecutor(connection).loader.project_state([("learning", "{BEFORE}")]).apps.get_model
member = models("members", "Member").objects.create(number="01010001", name="周秀兰", name_key="周秀兰")
unit = models("members", "Organisation").objects.create(path="0001", depth=1, code="LW", name="柳湾", kind="branch")
now = timezone.now()
item = {{"kind": "quiz", "title": "测验", "organisation": unit, "audience": "members", "published_at": now}}
item = models("learning", "StudyItem").objects.create(hours_category="self", completion_rule="quiz", **item)
line = {{"item": item, "category": "self", "hours": "0.60", "earned_on": date(2026, 3, 1), "recorded_at": now}}
models("learning", "HoursEntry").objects.create(member=member, source_key="item:1", **line)
"""
READ = """
from learning.hours.models import HoursEntry
print([(str(line.hours), line.year, line.source) for line in HoursEntry.objects.all()])
"""


def test_lines_of_hours_from_before_get_their_source_and_year_and_are_rounded(tmp_path):
    with cluster(QUICK) as own:

        def said(*command: str) -> str:
            settings = {"DATABASE_URL": own.address, "VAR_DIR": str(tmp_path)}
            settings["DJANGO_SETTINGS_MODULE"] = "config.settings.embedded"
            whole = [sys.executable, "manage.py", *command]
            done = subprocess.run(whole, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            return done.stdout

        said("migrate", "--verbosity=0", "learning", BEFORE)
        said("shell", "-v0", "-c", FILL)
        said("migrate", "--verbosity=0")
        assert said("shell", "-v0", "-c", READ).strip() == "[('0.50', 2026, 'quiz')]"
