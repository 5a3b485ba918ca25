from django.db import migrations, models


def percent() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(null=True)


class Migration(migrations.Migration):
    """What passes a quiz belongs to the rule of its item, and of the lesson before it."""

    dependencies = [("learning", "0024_figures_are_checked_at_night")]
    operations = [
        migrations.AddField("studyitem", "pass_percent", percent()),
        migrations.AddField("itemrule", "pass_percent", percent()),
        migrations.AddField("attempt", "pass_percent", percent()),
    ]
