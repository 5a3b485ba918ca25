import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def account() -> models.ForeignKey:
    return models.ForeignKey(
        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0022_day_counts_begin_today"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("enrolment", "needs_help", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="HelpNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("phone", "The telephone number has changed, reminders do not arrive"),
                            ("sign_in", "Cannot sign in"),
                            ("no_phone", "Has no telephone that goes online"),
                            ("hard_to_use", "Pages are hard to see, hear or use"),
                            ("contact", "Asks the organisation to get in touch"),
                        ],
                        max_length=12,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("cleared_at", models.DateTimeField(null=True)),
                ("cleared_by", account()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="help_notes", to="members.member"
                    ),
                ),
                ("set_by", account()),
            ],
            options={
                "verbose_name": "note that somebody needs help",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at", None)),
                        fields=("member",),
                        name="one_open_note_for_a_member",
                    )
                ],
            },
        ),
    ]
