"""What a passed quiz gives where it names no value of its own (DOMAIN §2, hours.minutes_per_hour)."""

from datetime import date

from django.db import migrations

KEY, VALUE, SINCE = "hours.quiz_preset", "0.50", date(2019, 5, 21)


def write(apps, schema_editor):
    apps.get_model("members", "Rule").objects.create(
        key=KEY, value=VALUE, source="本平台默认，可由本单位改定", effective_from=SINCE
    )


def erase(apps, schema_editor):
    apps.get_model("members", "Rule").objects.filter(key=KEY, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("learning", "0004_quizzes_have_words_for_editors"), ("members", "0004_first_rules")]
    operations = [migrations.RunPython(write, erase)]
