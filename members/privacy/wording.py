"""What fields are called when they are handed out to the person they tell about."""

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

WORDS = {
    "ended_kind": _("How it ended"),
    "ended_on": _("Ended on"),
    "date_joined": _("Account since"),
    "elder_mode": _("Version for elders"),
    "flexible_study": _("Not required"),
    "hours": _("Study hours"),
    "is_active": _("Account is open"),
    "item": _("What was studied"),
    "joined_on": _("Joined the Party on"),
    "kind": _("Of which kind"),
    "last_login": _("Last signed in"),
    "one_time_until": _("One-time code good until"),
    "organisation": _("Unit"),
    "phone_cipher": _("Telephone"),
    "since": _("Since"),
    "state": _("State"),
    "status": _("Category"),
    "study_way": _("Way of study"),
    "until": _("Until"),
    "username": _("Number"),
}


def field_label(field: models.Field) -> str:
    """The word that people know; where none is written down, the field's own name."""
    return str(WORDS.get(field.name) or capfirst(field.verbose_name))
