"""A post changes hands: what was open, listed on one day, given by one and taken over by another."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import CASCADE, PROTECT, SET_NULL

STATES = [
    ("open", "Waits for the successor"),
    ("accepted", "Taken over"),
    ("returned", "Not taken over yet"),
    ("withdrawn", "Taken back"),
]


def account():
    return models.ForeignKey(null=True, on_delete=SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)


def key():
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("members", "0026_what_is_sent_arrives_once")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", key()),
                ("state", models.CharField(choices=STATES, default="open", max_length=10)),
                ("made_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("return_reason", models.CharField(blank=True, max_length=200)),
                ("leaving", account()),
                ("made_by", account()),
                (
                    "organisation",
                    models.ForeignKey(on_delete=PROTECT, related_name="handovers", to="members.organisation"),
                ),
                ("successor", account()),
            ],
            options={
                "verbose_name": "handing over of a post",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="open"), fields=["organisation", "leaving"], name="one_open_handover"
                    ),
                    models.CheckConstraint(
                        condition=Q(leaving=None) | Q(successor=None) | ~Q(leaving=F("successor")),
                        name="nobody_hands_over_to_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandoverLine",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=20)),
                ("thing_id", models.PositiveBigIntegerField()),
                ("is_passed_on", models.BooleanField(default=False)),
                (
                    "handover",
                    models.ForeignKey(on_delete=CASCADE, related_name="lines", to="members.handover"),
                ),
            ],
            options={
                "verbose_name": "line of a handing over",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["kind", "thing_id"], name="handover_of_a_thing")],
                "constraints": [
                    models.UniqueConstraint(fields=["handover", "kind", "thing_id"], name="a_thing_is_handed_over_once")
                ],
            },
        ),
    ]
