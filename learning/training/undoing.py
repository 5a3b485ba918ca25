"""Takes a list of training records back: what it wrote is reversed, what it corrected stands again as it was."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from learning.hours.models import HoursEntry
from learning.training.actions import reverse_lines, write_again
from members.accounts.member_plan import batches
from members.imports.undo_words import Undone, refusals_of
from members.organisation.models import Affiliation, ImportBatch
from members.roles.policies import lies_within


def undo_training(batch: ImportBatch, *, within: list[str], now: datetime) -> Undone:
    """By lines of their own: nothing of the ledger goes. Inside the caller's transaction."""
    refusals = refusals_of(_against(batch, within))
    if refusals:
        return Undone(refusals=refusals)
    stamp = {"recorded_at": now, "recorded_by": batch.undo_asked_by}
    removed = reverse_lines(_lines(batch.made), reason=_("the list of trainings was taken back"), **stamp)
    restored = write_again(_lines([each["pk"] for each in batch.changed]), **stamp)
    return Undone(removed=removed, restored=restored)


def _against(batch: ImportBatch, within: list[str]) -> Iterator[tuple[str, str]]:
    for some in batches(batch.made):
        lines = HoursEntry.objects.filter(pk__in=some).select_related("member", "reversed_by")
        by_member = {line.member_id: line for line in lines}
        homes = Affiliation.objects.open().filter(member__in=by_member)
        path_of = dict(homes.values_list("member_id", "organisation__path"))
        for member, line in by_member.items():
            if member in path_of and not lies_within(path_of[member], within):
                yield _("Belongs to a unit for which you are not organiser"), line.member.name
        for line in lines:
            if hasattr(line, "reversed_by"):
                yield _("Was changed again since"), line.member.name


def _lines(pks: list[int]) -> Iterator[HoursEntry]:
    for some in batches(pks):
        yield from HoursEntry.objects.filter(pk__in=some).order_by("pk")
