"""Lists on their way into the register, as the worker leaves them, made without a file."""

import secrets
from dataclasses import replace

from django.utils import timezone

from members.accounts.models import User
from members.imports.files import ListFiles
from members.imports.kinds import DOORS, ListKind
from members.imports.models import IncomingList, ListStep
from members.imports.turning import turn_lists
from members.organisation.models import ImportBatch
from members.organisation.workbook import Sheet
from tests.members.workbooks import sheet_of


def list_in_hand(sheet: Sheet, kind: ListKind, user: User, step: ListStep = ListStep.PLAN) -> IncomingList:
    """A list in the fixed format that has been read; compared with the register already unless its step is another."""
    columns = DOORS[kind].columns
    incoming = IncomingList.objects.create(
        key=secrets.token_urlsafe(24),
        sent_by=user,
        sent_at=timezone.now(),
        kind=kind,
        file_name="名单.xlsx",
        step=step,
        picked=list(range(len(columns))),
        rows=len(sheet.rows),
    )
    ListFiles(incoming).keep_sheet(replace(sheet, header=columns))
    if step == ListStep.PLAN:
        turn_lists(now=timezone.now())
        incoming.refresh_from_db()
    return incoming


def world_of_imports(organiser: User) -> dict[str, str]:
    """A list with a bad row, one whose columns are to be confirmed, and an import that can be taken back."""
    sheet = sheet_of(("900001", "周新", "", "没有这个组织", "正式党员", "", ""))
    batch = ImportBatch.objects.create(
        kind=ListKind.POSTS,
        file_name="任职.xlsx",
        sha256="",
        imported_at=timezone.now(),
        imported_by=organiser,
        beside={},
    )
    return {
        "pending": list_in_hand(sheet, ListKind.MEMBERS, organiser).key,
        "unsorted": list_in_hand(sheet, ListKind.MEMBERS, organiser, ListStep.ASK).key,
        "batch": str(batch.pk),
    }
