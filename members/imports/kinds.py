"""The lists that can be imported: their columns, and which action takes them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.accounts import held_rows, member_rows
from members.accounts.actions import import_members
from members.accounts.held_import import import_participations, import_posts
from members.organisation import unit_rows
from members.organisation.actions import import_organisations
from members.organisation.import_report import ImportReport
from members.organisation.workbook import Columns


class ListKind(models.TextChoices):
    ORGANISATIONS = "organisations", _("Party organisations")
    MEMBERS = "members", _("Party members")
    POSTS = "posts", _("Posts")
    PARTICIPATIONS = "participations", _("Taking part elsewhere")


@dataclass(frozen=True)
class Door:
    columns: Columns
    take: Callable[..., ImportReport]


DOORS = {
    ListKind.ORGANISATIONS: Door(unit_rows.COLUMNS, import_organisations),
    ListKind.MEMBERS: Door(member_rows.COLUMNS, import_members),
    ListKind.POSTS: Door(held_rows.POST_COLUMNS, import_posts),
    ListKind.PARTICIPATIONS: Door(held_rows.PARTICIPATION_COLUMNS, import_participations),
}
