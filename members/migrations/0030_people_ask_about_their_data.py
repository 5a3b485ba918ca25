"""Requests to correct or erase, each with a day to answer by; and how long what is held for a while is held."""

from datetime import date

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SINCE = date(2019, 5, 21)
LOCAL = "本平台默认，可由本单位改定"
LAW = "个人信息保护法第十九条（最短必要时间），期限为本平台默认"
RULES = [
    ("privacy.answer_days", 15, f"个人信息保护法第五十条（及时答复），天数为{LOCAL}"),
    ("behaviour.retention_months", 3, LAW),
    ("draft.retention_days", 90, LAW),
    ("message.retention_months", 24, LAW),
    ("membership.retention_months", 60, LAW),
]


def write(apps, schema_editor):
    rule = apps.get_model("members", "Rule")
    rule.objects.bulk_create(
        rule(key=key, value=value, source=source, effective_from=SINCE) for key, value, source in RULES
    )


def erase(apps, schema_editor):
    keys = [key for key, _, _ in RULES]
    apps.get_model("members", "Rule").objects.filter(key__in=keys, organisation=None, effective_from=SINCE).delete()


class Migration(migrations.Migration):
    dependencies = [("members", "0029_members_are_asked_for_consent")]
    operations = [
        migrations.AddField(
            model_name="member",
            name="erased_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("correct", "Correct something about me"), ("erase", "Erase what is held about me")],
                        max_length=10,
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what is to be corrected or erased"
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("done", "Done"),
                            ("refused", "Not done, with the reason"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("kept", models.JSONField(default=list)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="data_requests",
                        to="members.member",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to="members.organisation",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "request about one's data",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("member", "kind"),
                        name="one_open_request_of_a_kind",
                    )
                ],
            },
        ),
        migrations.RunPython(write, erase),
    ]
