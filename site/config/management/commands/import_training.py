from config.management.workbook_command import WorkbookCommand
from learning.training.actions import import_training
from learning.training.rows import COLUMNS


class Command(WorkbookCommand):
    help = "Takes the training records of a workbook into the ledger of study hours, all rows or none."
    columns = COLUMNS
    take = staticmethod(import_training)
