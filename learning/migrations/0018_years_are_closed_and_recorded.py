"""A year is closed with its figures, a yearly record keeps what was printed, lines are found by when they came."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0017_the_ledger_is_append_only"),
        ("members", "0030_people_ask_about_their_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="YearClosing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("closed_at", models.DateTimeField()),
                ("loose", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "closing of a year",
            },
        ),
        migrations.CreateModel(
            name="YearFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("hours", models.JSONField(default=dict)),
                ("counted", models.DecimalField(decimal_places=2, max_digits=7)),
                ("target", models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ("lines", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "figures of a closed year",
            },
        ),
        migrations.CreateModel(
            name="YearRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=20, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("figures", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "yearly record",
            },
        ),
        migrations.AddIndex(
            model_name="hoursentry",
            index=models.Index(fields=["year", "recorded_at"], name="hours_by_year_and_entry"),
        ),
        migrations.AddField(
            model_name="yearclosing",
            name="closed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="yearclosing",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="year_closings", to="members.organisation"
            ),
        ),
        migrations.AddField(
            model_name="yearfigure",
            name="closing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="learning.yearclosing"
            ),
        ),
        migrations.AddField(
            model_name="yearfigure",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="year_figures", to="members.member"
            ),
        ),
        migrations.AddField(
            model_name="yearfigure",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="year_figures", to="members.organisation"
            ),
        ),
        migrations.AddField(
            model_name="yearrecord",
            name="issued_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="yearrecord",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="year_records", to="members.member"
            ),
        ),
        migrations.AddConstraint(
            model_name="yearclosing",
            constraint=models.UniqueConstraint(fields=("organisation", "year"), name="a_unit_closes_a_year_once"),
        ),
        migrations.AddIndex(
            model_name="yearfigure",
            index=models.Index(fields=["year", "organisation"], name="year_figure_in_unit"),
        ),
        migrations.AddConstraint(
            model_name="yearfigure",
            constraint=models.UniqueConstraint(fields=("member", "year"), name="a_year_of_a_member_is_closed_once"),
        ),
        migrations.AddConstraint(
            model_name="yearrecord",
            constraint=models.UniqueConstraint(
                fields=("member", "year", "digest"), name="the_same_record_is_issued_once"
            ),
        ),
    ]
