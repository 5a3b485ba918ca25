from django.db import models
from django.utils.translation import gettext_lazy as _


class HoursCategory(models.TextChoices):
    """DOMAIN §2, hours.counted_categories."""

    TRAINING = "training", _("Centralised training")
    GROUP = "group", _("Group study")
    SELF = "self", _("Self-study")
