"""How much clock without a beat may be made good by a later one: somebody without network for a while loses nothing."""

from datetime import date

from django.db import migrations

SINCE = date(2019, 5, 21)
KEY = "beat.bank_seconds"


def write(apps, schema_editor):
    rule = apps.get_model("members", "Rule")
    source = "本平台默认，可由本单位改定"
    rule.objects.create(key=KEY, value=7200, source=source, effective_from=SINCE)


def erase(apps, schema_editor):
    apps.get_model("members", "Rule").objects.filter(key=KEY, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0030_people_ask_about_their_data")]
    operations = [migrations.RunPython(write, erase)]
