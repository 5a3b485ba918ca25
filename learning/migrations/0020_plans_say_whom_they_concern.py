import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0019_plans_are_kept_copied_and_repeated"),
        ("members", "0030_people_ask_about_their_data"),
    ]
    operations = [
        migrations.CreateModel(
            name="AudienceLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("status", "a kind of member"),
                            ("mobile", "away on a registered spell"),
                            ("post", "a post held"),
                            ("person", "a person named"),
                            ("unit", "a unit"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=20)),
                ("is_exception", models.BooleanField(default=False)),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="members.member",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audience",
                        to="learning.studyplan",
                    ),
                ),
            ],
            options={"verbose_name": "whom a plan concerns"},
        ),
        migrations.AddConstraint(
            "audienceline",
            models.UniqueConstraint(
                condition=Q(member=None, organisation=None),
                fields=["plan", "kind", "value"],
                name="a_kind_of_people_is_meant_once",
            ),
        ),
        migrations.AddConstraint(
            "audienceline",
            models.UniqueConstraint(fields=["plan", "member"], name="a_person_is_named_once_in_a_plan"),
        ),
        migrations.AddConstraint(
            "audienceline",
            models.UniqueConstraint(fields=["plan", "organisation"], name="a_unit_is_left_out_once"),
        ),
        migrations.AddConstraint(
            "audienceline",
            models.CheckConstraint(
                condition=Q(kind="person", member__isnull=False, organisation=None)
                | Q(kind="unit", member=None, organisation__isnull=False, is_exception=True)
                | Q(kind__in=["status", "mobile", "post"], member=None, organisation=None, is_exception=False),
                name="an_audience_line_means_one_thing",
            ),
        ),
    ]
