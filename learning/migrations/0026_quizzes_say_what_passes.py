from django.db import migrations, models


def percent() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True)


class Migration(migrations.Migration):
    """What passes a quiz belongs to the rule of its item, and of the lesson before it."""

    dependencies = [("learning", "0025_plans_know_who_came_meanwhile")]
    operations = [
        migrations.AddField("studyitem", "pass_percent", percent()),
        migrations.AddField("itemrule", "pass_percent", percent()),
        migrations.AddField("attempt", "pass_percent", percent()),
    ]
