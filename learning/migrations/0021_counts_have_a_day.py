"""A change of a count says on which day; the counts of each day are kept."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

COUNTED = [
    ("todo", "Not started yet"),
    ("doing", "Studying"),
    ("done", "Studied"),
    ("by_branch", "Studies with the branch"),
    ("not_required", "Not required"),
    ("needs_help", "Needs help"),
]


def unit(related_name: str, **rest) -> models.ForeignKey:
    return models.ForeignKey(
        **{"on_delete": django.db.models.deletion.CASCADE, **rest},
        related_name=related_name,
        to="members.organisation",
        db_constraint=False,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0020_plans_say_whom_they_concern"),
        ("members", "0030_people_ask_about_their_data"),
    ]
    operations = [
        migrations.AddField("delta", "day", models.DateField(default=timezone.localdate), preserve_default=False),
        migrations.AlterField(
            "enrolment", "organisation", unit("enrolments", on_delete=django.db.models.deletion.PROTECT)
        ),
        migrations.AlterField("delta", "organisation", unit("deltas", db_index=False)),
        migrations.AlterField("delta", "standing", models.CharField(choices=COUNTED, max_length=12)),
        migrations.AlterField("tally", "organisation", unit("tallies")),
        migrations.AlterField("tally", "standing", models.CharField(choices=COUNTED, max_length=12)),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("standing", models.CharField(choices=COUNTED, max_length=12)),
                ("day", models.DateField()),
                ("change", models.IntegerField()),
                ("organisation", unit("day_counts", db_index=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="learning.studyplan",
                        db_index=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "count of a day",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "organisation", "standing", "day"), name="one_count_for_a_unit_and_day"
                    )
                ],
            },
        ),
    ]
