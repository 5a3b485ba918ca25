from config.management.workbook_command import WorkbookCommand
from members.accounts.actions import import_members
from members.accounts.member_rows import COLUMNS


class Command(WorkbookCommand):
    help = "Takes the members of a workbook, all rows or none."
    columns = COLUMNS
    take = staticmethod(import_members)
