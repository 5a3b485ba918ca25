from config.management.workbook_command import WorkbookCommand
from members.accounts.held_import import import_posts
from members.accounts.held_rows import POST_COLUMNS


class Command(WorkbookCommand):
    help = "Takes the posts of a workbook, all rows or none."
    columns = POST_COLUMNS
    take = staticmethod(import_posts)
