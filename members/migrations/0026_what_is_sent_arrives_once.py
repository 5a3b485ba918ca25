"""Each form of a time away carries a word of its own, so that what arrives twice is written once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0025_how_long_a_session_holds")]

    operations = [
        migrations.AddField("mobilespell", "sent_key", models.CharField(max_length=64, null=True)),
        migrations.AddField("checkin", "sent_key", models.CharField(max_length=64, null=True)),
        migrations.AddConstraint(
            "mobilespell",
            models.UniqueConstraint(fields=["member", "sent_key"], name="a_time_away_is_sent_once"),
        ),
        migrations.AddConstraint(
            "checkin", models.UniqueConstraint(fields=["spell", "sent_key"], name="a_step_is_sent_once")
        ),
    ]
