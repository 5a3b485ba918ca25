"""The lists that can be imported: their columns, and which action takes them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.accounts import member_rows
from members.accounts.actions import import_members
from members.organisation import unit_rows
from members.organisation.actions import import_organisations
from members.organisation.import_report import ImportReport
from members.organisation.workbook import Columns


class ListKind(models.TextChoices):
    ORGANISATIONS = "organisations", _("Party organisations")
    MEMBERS = "members", _("Party members")


@dataclass(frozen=True)
class Door:
    columns: Columns
    take: Callable[..., ImportReport]


DOORS = {
    ListKind.ORGANISATIONS: Door(unit_rows.COLUMNS, import_organisations),
    ListKind.MEMBERS: Door(member_rows.COLUMNS, import_members),
}
