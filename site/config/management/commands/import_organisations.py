from config.management.workbook_command import WorkbookCommand
from members.organisation.actions import import_organisations
from members.organisation.unit_rows import COLUMNS


class Command(WorkbookCommand):
    help = "Takes the organisations of a workbook, all rows or none."
    columns = COLUMNS
    take = staticmethod(import_organisations)
