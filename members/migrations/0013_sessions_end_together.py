from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0012_feedback_is_answered_within_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_round",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
