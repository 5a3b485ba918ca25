"""Rows that are about one member: one's own, and those of the members whom one leads today."""

from django.db import models
from django.db.models import Q

from members.roles.policies import led_paths, under


class RowsOfMembers(models.QuerySet):
    """For models with a link `member`."""

    def visible_to(self, user) -> "RowsOfMembers":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "RowsOfMembers":
        """Of those who belong today to units that this person leads."""
        return self.filter(
            Q(member__affiliations__until=None) & under("member__affiliations__organisation__path", led_paths(user))
        )
