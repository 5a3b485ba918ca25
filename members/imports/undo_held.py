"""Takes back what a list of posts or of participations made and changed."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from members.accounts.held_plan import PARTICIPATIONS, POSTS, Kept
from members.accounts.member_plan import batches
from members.imports.dependents import dependents
from members.imports.kinds import ListKind
from members.imports.undo_words import Undone, refusals_of, word_of
from members.organisation.models import ImportBatch
from members.roles.policies import lies_within

KEPT = {ListKind.POSTS: POSTS, ListKind.PARTICIPATIONS: PARTICIPATIONS}


def undo_held(batch: ImportBatch, *, within: list[str], now: datetime) -> Undone:
    """Removes the posts or participations of this import, and takes back the ends it set."""
    kept = KEPT[ListKind(batch.kind)]
    refusals = refusals_of(_against(kept, batch, within))
    if refusals:
        return Undone(refusals=refusals)
    entries = kept.model._default_manager
    for some in batches(batch.made):
        entries.filter(pk__in=some).delete()
    for each in batch.changed:
        entries.filter(pk=each["pk"]).update(until=_moment(kept, each["before"]["until"]))
    return Undone(removed=len(batch.made), restored=len(batch.changed))


def _against(kept: Kept, batch: ImportBatch, within: list[str]) -> Iterator[tuple[str, str]]:
    ends = {each["pk"]: each["after"]["until"] for each in batch.changed}
    going_on: set[tuple] = set()
    for some in batches([*batch.made, *ends]):
        found = kept.model._default_manager.filter(pk__in=some).select_related("member", "organisation")
        for entry in found:
            if not lies_within(entry.organisation.path, within):
                yield _("Lies in a unit for which you are not organiser"), entry.member.name
            elif entry.pk in ends and entry.until != _moment(kept, ends[entry.pk]):
                yield _("Was changed again since"), entry.member.name
            elif entry.pk in ends:
                going_on.add((entry.member_id, entry.organisation_id, getattr(entry, "kind", "")))
    yield from _against_two_at_once(kept, batch, going_on)
    for model, _pk, entry in dependents(batch.made, kept.model):
        yield word_of(model), str(entry)


def _against_two_at_once(kept: Kept, batch: ImportBatch, going_on: set[tuple]) -> Iterator[tuple[str, str]]:
    """What went on before cannot go on again beside one that began since."""
    made = set(batch.made)
    members = {member for member, _unit, _kind in going_on}
    for some in batches(members):
        now_open = kept.model._default_manager.filter(member__in=some, until=None).select_related("member")
        for entry in now_open:
            what = (entry.member_id, entry.organisation_id, getattr(entry, "kind", ""))
            if what in going_on and entry.pk not in made:
                yield _("Was changed again since"), entry.member.name


def _moment(kept: Kept, said: str | None) -> date | datetime | None:
    if not said:
        return None
    return datetime.fromisoformat(said) if kept.has_moments else date.fromisoformat(said)
