from config.management.workbook_command import WorkbookCommand
from members.accounts.held_import import import_participations
from members.accounts.held_rows import PARTICIPATION_COLUMNS


class Command(WorkbookCommand):
    help = "Takes who takes part elsewhere of a workbook, all rows or none."
    columns = PARTICIPATION_COLUMNS
    take = staticmethod(import_participations)
