import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """How much of an item is enough, and what it asked for, version by version."""

    dependencies = [("learning", "0010_marks_of_before_are_filed")]
    operations = [
        migrations.CreateModel(
            name="ItemRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                (
                    "completion_rule",
                    models.CharField(
                        choices=[
                            ("covered", "Everything has been watched, heard or read"),
                            ("quiz", "Its quiz has been passed"),
                            ("both", "Everything has been watched, heard or read, and its quiz passed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("needed_percent", models.PositiveSmallIntegerField()),
                ("length_seconds", models.FloatField(null=True)),
                ("since", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "rule of a study item",
            },
        ),
        migrations.AddField(
            model_name="coursepage",
            name="needed_percent",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="100: nothing may be left out. Less: so much of its length is enough, whichever parts; of a text the end must be read, too. Whoever has studied it already keeps that; whoever holds enough by a lower figure has studied it at once.",
                validators=[
                    django.core.validators.MinValueValidator(50),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="how much of it is enough (%)",
            ),
        ),
        migrations.AddField(
            model_name="lessonpage",
            name="needed_percent",
            field=models.PositiveSmallIntegerField(
                default=100,
                help_text="100: nothing may be left out. Less: so much of its length is enough, whichever parts; of a text the end must be read, too. Whoever has studied it already keeps that; whoever holds enough by a lower figure has studied it at once.",
                validators=[
                    django.core.validators.MinValueValidator(50),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="how much of it is enough (%)",
            ),
        ),
        migrations.AddField(
            model_name="studyitem",
            name="has_quiz",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="studyitem",
            name="needed_percent",
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddConstraint(
            model_name="studyitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("needed_percent__gte", 50), ("needed_percent__lte", 100)), name="enough_is_a_share"
            ),
        ),
        migrations.AddField(
            model_name="itemrule",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="learning.studyitem"
            ),
        ),
        migrations.AddIndex(
            model_name="itemrule",
            index=models.Index(condition=models.Q(("settled_at", None)), fields=["id"], name="rules_to_be_settled"),
        ),
        migrations.AddConstraint(
            model_name="itemrule",
            constraint=models.UniqueConstraint(fields=("item", "version"), name="a_rule_has_its_number_once"),
        ),
    ]
