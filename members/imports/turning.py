"""The crank of the imports: takes each list as far as it goes by itself. The row is the queue."""

import logging
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from members.accounts.actions import prepare_members, take_prepared, tell_moves
from members.imports.columns import NOT_THERE, arrange, guess, is_fixed_format
from members.imports.files import ListFiles
from members.imports.kinds import DOORS, ListKind
from members.imports.models import BY_ITSELF, IncomingList, ListStep
from members.imports.previews import preview_of
from members.imports.workbook import write_commented
from members.organisation import problems
from members.organisation.import_report import ImportReport
from members.organisation.problems import Problem
from members.organisation.workbook import Sheet, read_rows
from members.roles.policies import organised_paths

MOST_ATTEMPTS = 3
TOLD_AT_ONCE = 500
logger = logging.getLogger(__name__)


def turn_lists(*, now: datetime) -> int:
    """Takes up every list that waits for the worker; how many steps were done. Killed, it begins a step again."""
    return sum(_turn(incoming, now) for incoming in IncomingList.objects.to_turn())


def _turn(incoming: IncomingList, now: datetime) -> int:
    done = 0
    with ListFiles(incoming).held() as is_ours:
        while is_ours and (waiting := IncomingList.objects.filter(pk=incoming.pk, step__in=BY_ITSELF).first()):
            if waiting.attempts >= MOST_ATTEMPTS:
                _give_up(waiting)
                break
            waiting.attempts += 1
            waiting.save(update_fields=["attempts"])
            try:
                STEPS[ListStep(waiting.step)](waiting, now)
            except OperationalError:  # locked, or gone for a moment: the next sweep tries again
                logger.warning("the database was busy; list %s waits", waiting.pk)
                break
            done += 1
    return done


def _give_up(incoming: IncomingList) -> None:
    if incoming.step == ListStep.READ:
        _refuse(incoming, [Problem(problems.DAMAGED)])
    elif incoming.step == ListStep.TELL:  # the nightly count finds these people; the import stands
        incoming.go(ListStep.DONE)
    else:
        incoming.go(ListStep.SHOW, said=_("The house did not manage it. Nothing was imported; please try once more."))


def _refuse(incoming: IncomingList, found: list[Problem]) -> None:
    files = ListFiles(incoming)
    files.keep_said("refusal", [asdict(problem) for problem in found])
    files.drop("upload", "rows")
    incoming.go(ListStep.REFUSED)


def _read(incoming: IncomingList, now: datetime) -> None:
    files = ListFiles(incoming)
    sheet = replace(read_rows(files.path("upload"), ()), file_name=incoming.file_name)
    whole = [problem for problem in sheet.problems if not problem.row]
    if whole and not sheet.rows:
        _refuse(incoming, whole)
        return
    files.keep_sheet(sheet)
    files.drop("upload")
    door = DOORS[incoming.kind]
    if is_fixed_format(sheet.header, door.columns):
        incoming.go(ListStep.PLAN, picked=list(range(len(door.columns))), rows=len(sheet.rows))
    else:
        incoming.go(ListStep.ASK, picked=guess(sheet.header, door.columns, door.words), rows=len(sheet.rows))


def _plan(incoming: IncomingList, now: datetime) -> None:
    """What the list would change, or what is wrong with it, written down to be looked at."""
    files = ListFiles(incoming)
    sheet = arranged(incoming)
    preview = preview_of(
        incoming.kind, sheet, user=incoming.sent_by, now=now, tell=files.teller(max(len(sheet.rows), 1))
    )
    found = preview.pop("problems")
    title_of = {name: sheet.header[place] for name, place in _places(incoming) if place != NOT_THERE}
    for cell in preview["bad_cells"]:
        cell["column"] = title_of.get(cell["column"], cell["column"])
    files.keep_said("preview", preview)
    files.drop("errors")
    if any(problem.row for problem in found):
        with files.being_written("errors") as file:
            write_commented(file, files.sheet(), dict(_places(incoming)), found)
    incoming.go(ListStep.SHOW)


def _write(incoming: IncomingList, now: datetime) -> None:
    """All rows or none, and the step with them: a worker killed in between has written nothing."""
    try:
        is_written = _take(incoming, arranged(incoming), now)
    except IntegrityError:
        said = _("Somebody else changed the same data at this moment. Please look once more.")
        incoming.go(ListStep.PLAN, said=said)
        return
    if is_written:
        ListFiles(incoming).drop("rows", "preview", "errors")
    else:  # a row has become wrong meanwhile, or all of it is so already
        incoming.go(ListStep.PLAN)


def _take(incoming: IncomingList, sheet: Sheet, now: datetime) -> bool:
    actor, half = incoming.sent_by, len(sheet.rows)
    within = organised_paths(actor, now)
    about = {"sheet": sheet, "actor": actor, "now": now, "within": within}
    tell = ListFiles(incoming).teller(max(2 * half, 1))
    door = DOORS[incoming.kind]
    if incoming.kind != ListKind.MEMBERS:
        told = {"tell": ListFiles(incoming).teller(max(half, 1))} if door.preview else {}
        with transaction.atomic():
            return _settle(incoming, door.take(**about, **told), ListStep.DONE)
    ready = prepare_members(sheet, now=now, within=within, tell=tell)
    tell = ListFiles(incoming).teller(max(2 * half, 1), start=half)
    with transaction.atomic():
        return _settle(incoming, take_prepared(ready, **about, tell=tell), ListStep.TELL)


def _settle(incoming: IncomingList, report: ImportReport, step: ListStep) -> bool:
    """In the transaction of the import: its batch, and that this list is done with."""
    if report.is_written:
        incoming.go(step, batch_id=report.batch_id, told=0)
    return report.is_written


def _tell(incoming: IncomingList, now: datetime) -> None:
    """Figures follow a few hundred people at a time, so that nobody waits long for the one pen of SQLite."""
    files = ListFiles(incoming)
    batch = incoming.batch
    tell = files.teller(max(incoming.rows, 1))
    while batch is not None:
        with transaction.atomic():
            told = tell_moves(batch, now=now, start=incoming.told, most=TOLD_AT_ONCE)
            incoming.told += told
            incoming.save(update_fields=["told"])
        if not told:
            break
        tell(incoming.told)
    files.drop()
    incoming.go(ListStep.DONE)


def arranged(incoming: IncomingList) -> Sheet:
    """What was read, in the order of the format, by the columns that were picked."""
    return arrange(ListFiles(incoming).sheet(), incoming.picked, DOORS[incoming.kind].columns)


def _places(incoming: IncomingList):
    return zip(DOORS[incoming.kind].columns, incoming.picked, strict=True)


STEPS: dict[ListStep, Callable[[IncomingList, datetime], None]] = {
    ListStep.READ: _read,
    ListStep.PLAN: _plan,
    ListStep.WRITE: _write,
    ListStep.TELL: _tell,
}
