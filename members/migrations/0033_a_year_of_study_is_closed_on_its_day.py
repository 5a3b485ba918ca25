"""On which day the study hours of the year before are closed by themselves; data, never a constant in code."""

from datetime import date

from django.db import migrations

KEY = "hours.closing_day"
SINCE = date(2019, 5, 21)


def write(apps, schema_editor):
    apps.get_model("members", "Rule").objects.create(key=KEY, value="01-31", source="本平台默认", effective_from=SINCE)


def erase(apps, schema_editor):
    apps.get_model("members", "Rule").objects.filter(key=KEY, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0032_who_holds_a_post_trains_with_others")]
    operations = [migrations.RunPython(write, erase)]
