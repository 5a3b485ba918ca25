"""How long somebody stays signed in: data, never a constant in code."""

from datetime import date

from django.db import migrations

LOCAL = "本平台默认，可由本单位改定"
RULES = [("session.own_days", 180), ("session.duty_days", 30), ("session.shared_idle_minutes", 30)]
SINCE = date(2019, 5, 21)


def write(apps, schema_editor):
    rule = apps.get_model("members", "Rule")
    for key, value in RULES:
        rule.objects.get_or_create(
            key=key, organisation=None, effective_from=SINCE, defaults={"value": value, "source": LOCAL}
        )


def erase(apps, schema_editor):
    keys = [key for key, _ in RULES]
    apps.get_model("members", "Rule").objects.filter(key__in=keys, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0024_own_sessions_and_letters")]
    operations = [migrations.RunPython(write, erase)]
