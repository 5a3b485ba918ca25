"""Every figure of DOMAIN §2 is a row: its value, where it comes from, since when, and for which unit."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RuleQuerySet(models.QuerySet):
    def value(self, key: str, *, on: date, organisation=None) -> Any:
        """What the rule says on that day; a unit's own rule, or its nearest superior's, wins over the general one."""
        return self.in_force(key, on=on, organisation=organisation).value

    def in_force(self, key: str, *, on: date, organisation=None) -> "Rule":
        """The one row that counts; raises Rule.DoesNotExist for a key that was never written down."""
        return _nearest(self._written(key, on), key, organisation.path if organisation is not None else "")

    def values_at(self, key: str, paths: Iterable[str], *, on: date) -> dict[str, Any]:
        """What the rule says on that day for each of many units, by the paths of these."""
        rows = self._written(key, on)
        return {path: _nearest(rows, key, path).value for path in paths}

    def _written(self, key: str, on: date) -> "list[Rule]":
        return list(self.filter(key=key, effective_from__lte=on).select_related("organisation"))


def _nearest(rows: "list[Rule]", key: str, path: str) -> "Rule":
    rows = [row for row in rows if row.organisation is None or path.startswith(row.organisation.path)]
    if not rows:
        raise Rule.DoesNotExist(key)
    return max(
        rows, key=lambda row: (len(row.organisation.path) if row.organisation else 0, row.effective_from, row.pk)
    )


class Rule(models.Model):
    key = models.CharField(max_length=60)
    value = models.JSONField()
    source = models.CharField(max_length=200)
    effective_from = models.DateField()
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, null=True, blank=True, related_name="rules"
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "effective_from"], condition=Q(organisation=None), name="one_general_rule_a_day"
            ),
            models.UniqueConstraint(
                fields=["key", "effective_from", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_rule_a_day_and_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"
