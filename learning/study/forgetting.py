"""How something was studied is kept for a while after it was completed; that it was, and its hours, stay."""

from datetime import datetime

from learning.progress.models import Progress, ProgressState
from learning.quizzes.models import Attempt

AT_ONCE = 1000
EMPTY = {"spans": [], "beats": [], "visit": "", "position_seconds": 0, "allowance_seconds": 0}


def drop_detail(*, before: datetime) -> int:
    """Empties the traces of what was completed before, and drops tries that nobody handed in; how many rows."""
    over = Progress.objects.filter(state=ProgressState.COMPLETED, completed_at__lt=before).exclude(spans=[], beats=[])
    tried = Attempt.objects.open().filter(started_at__lt=before)
    dropped = 0
    while some := list(over.values_list("pk", flat=True)[:AT_ONCE]):
        dropped += Progress.objects.filter(pk__in=some).update(**EMPTY)
    while some := list(tried.values_list("pk", flat=True)[:AT_ONCE]):
        Attempt.objects.filter(pk__in=some).delete()
        dropped += len(some)
    return dropped
