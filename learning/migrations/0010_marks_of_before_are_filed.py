import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0009_hours_count_in_their_year"),
        ("members", "0030_people_ask_about_their_data"),
    ]
    operations = [
        migrations.CreateModel(
            name="PastMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("completed_at", models.DateTimeField()),
                ("evidence", models.JSONField(default=dict)),
                ("rule_version", models.PositiveIntegerField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="past_marks",
                        to="learning.studyitem",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="past_marks", to="members.member"
                    ),
                ),
            ],
            options={
                "verbose_name": "past mark",
                "constraints": [
                    models.UniqueConstraint(fields=("member", "item", "completed_at"), name="a_mark_is_filed_once")
                ],
            },
        ),
    ]
