"""How many centralised trainings a year are asked of members of a branch's team; data, never a constant in code."""

from datetime import date

from django.db import migrations

KEY = "hours.team_member.trainings"
SOURCE = "2019—2023年全国党员教育培训工作规划"
SINCE = date(2019, 5, 21)


def write(apps, schema_editor):
    apps.get_model("members", "Rule").objects.create(key=KEY, value=1, source=SOURCE, effective_from=SINCE)


def erase(apps, schema_editor):
    apps.get_model("members", "Rule").objects.filter(key=KEY, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0031_how_long_a_silence_can_be_made_good")]
    operations = [migrations.RunPython(write, erase)]
