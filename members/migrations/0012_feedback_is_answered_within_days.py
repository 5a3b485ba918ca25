"""How many days an answer to feedback may take; data, never a constant in code."""

from datetime import date

from django.db import migrations

KEY = "feedback.answer_days"
SINCE = date(2019, 5, 21)


def write(apps, schema_editor):
    apps.get_model("members", "Rule").objects.create(key=KEY, value=7, source="本平台默认", effective_from=SINCE)


def erase(apps, schema_editor):
    apps.get_model("members", "Rule").objects.filter(key=KEY, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0011_steps_of_a_time_away")]
    operations = [migrations.RunPython(write, erase)]
