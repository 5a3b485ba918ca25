"""Study hours as somebody types them."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.activities.quarters import is_in_quarters


def check_quarters(hours: Decimal) -> None:
    """Raises ValidationError for what lies between two quarters."""
    if not is_in_quarters(hours):
        raise ValidationError(_("Hours are counted in quarters: 0.25, 0.5, 0.75, 1 and so on."))
