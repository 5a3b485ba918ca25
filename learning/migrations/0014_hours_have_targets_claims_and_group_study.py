import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.math
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0013_leaders_confirm_by_hand"),
        ("members", "0030_people_ask_about_their_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held_on", models.DateField()),
                ("completed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "studied together",
            },
        ),
        migrations.CreateModel(
            name="GroupStudy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "item studied in an activity",
            },
        ),
        migrations.CreateModel(
            name="HoursClaim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=100, verbose_name="what for")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("training", "Centralised training"),
                            ("group", "Group study"),
                            ("self", "Self-study"),
                        ],
                        max_length=10,
                    ),
                ),
                ("hours", models.DecimalField(decimal_places=2, max_digits=5)),
                ("held_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waiting for approval"),
                            ("approved", "Approved and recorded"),
                            ("declined", "Not recorded"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("decline_reason", models.CharField(blank=True, max_length=200)),
                ("sent_key", models.CharField(max_length=64, null=True, unique=True)),
            ],
            options={
                "verbose_name": "hours entered by hand",
            },
        ),
        migrations.CreateModel(
            name="HoursQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "question about study hours",
            },
        ),
        migrations.CreateModel(
            name="HoursTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("hours", models.DecimalField(decimal_places=2, max_digits=5)),
                ("reason", models.CharField(max_length=60)),
                ("set_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "individual target of study hours",
            },
        ),
        migrations.AddField(
            model_name="groupmark",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="group_marks", to="learning.studyitem"
            ),
        ),
        migrations.AddField(
            model_name="groupmark",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="group_marks", to="members.member"
            ),
        ),
        migrations.AddField(
            model_name="groupmark",
            name="together",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="marks_given", to="learning.studyitem"
            ),
        ),
        migrations.AddField(
            model_name="groupstudy",
            name="activity",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="group_studies", to="members.activity"
            ),
        ),
        migrations.AddField(
            model_name="groupstudy",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="group_studies", to="learning.studyitem"
            ),
        ),
        migrations.AddField(
            model_name="hoursclaim",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hoursclaim",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="hours_claims", to="members.member"
            ),
        ),
        migrations.AddField(
            model_name="hoursclaim",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hoursquestion",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="learning.hoursentry"
            ),
        ),
        migrations.AddField(
            model_name="hoursquestion",
            name="feedback",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="hours_question", to="members.feedback"
            ),
        ),
        migrations.AddField(
            model_name="hourstarget",
            name="approved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="hourstarget",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="hours_targets", to="members.member"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupmark",
            constraint=models.UniqueConstraint(
                fields=("member", "item", "together"), name="studied_once_in_an_activity"
            ),
        ),
        migrations.AddConstraint(
            model_name="groupstudy",
            constraint=models.UniqueConstraint(fields=("activity", "item"), name="an_item_is_studied_once_together"),
        ),
        migrations.AddConstraint(
            model_name="hoursclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "hours",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(models.F("hours"), "*", models.Value(4))
                            ),
                            "/",
                            models.Value(4),
                        ),
                    ),
                    ("hours__gt", 0),
                ),
                name="a_claim_is_counted_in_quarters",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursclaim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "proposed")),
                    models.Q(("decided_at__isnull", False), ("state__in", ["approved", "declined"])),
                    _connector="OR",
                ),
                name="a_decided_claim_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="hourstarget",
            constraint=models.UniqueConstraint(fields=("member", "year"), name="one_target_for_member_and_year"),
        ),
        migrations.AddConstraint(
            model_name="hourstarget",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "hours",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.functions.math.Round(
                                django.db.models.expressions.CombinedExpression(models.F("hours"), "*", models.Value(4))
                            ),
                            "/",
                            models.Value(4),
                        ),
                    ),
                    ("hours__gte", 0),
                ),
                name="a_target_is_counted_in_quarters",
            ),
        ),
    ]
