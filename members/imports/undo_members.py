"""Takes back what a list of members made and changed."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from members.accounts.homes import hold_members
from members.accounts.member_plan import batches
from members.accounts.member_writes import stands_otherwise
from members.accounts.models import Member, User
from members.accounts.names import name_key
from members.accounts.phones import open_phone, seal_phone
from members.events import Move, affiliation_changed, standing_changed
from members.imports.dependents import dependents
from members.imports.undo_words import Undone, refusals_of, word_of
from members.organisation.models import Affiliation, ImportBatch, Post
from members.roles.policies import lies_within

Found = Iterator[tuple[str, str]]  # a reason and who it concerns


def undo_members(batch: ImportBatch, *, within: list[str], now: datetime) -> Undone:
    """Removes who came by this import and restores who was changed by it; inside the caller's transaction."""
    hold_members([*batch.made, *(each["pk"] for each in batch.changed)])
    refusals = refusals_of([*_against_removal(batch, within), *_against_restoring(batch, within)])
    if refusals:
        return Undone(refusals=refusals)
    _remove(batch, now=now)
    for some in batches(batch.changed):
        _restore(some, now=now)
    return Undone(removed=len(batch.made), restored=len(batch.changed))


def _against_removal(batch: ImportBatch, within: list[str]) -> Found:
    made, posts = set(batch.made), set(batch.beside["posts"])
    name_of: dict[int, str] = {}
    for some in batches(batch.made):
        people = Member.objects.filter(pk__in=some)
        for pk, name, user, ended_on in people.values_list("pk", "name", "user", "ended_on"):
            name_of[pk] = name
            if user is not None:
                yield _("Has an account"), name
            if ended_on is not None:
                yield _("The membership has ended since"), name
    stays = dict(_stays(batch, made))
    for model, pk, member in dependents(made, Member):
        if model is Affiliation:
            if pk not in stays:
                yield _("Has moved since"), name_of[member]
            elif not lies_within(stays[pk], within):
                yield _("Belongs to a unit for which you are not organiser"), name_of[member]
        elif not (model is Post and pk in posts):
            yield word_of(model), name_of[member]


def _stays(batch: ImportBatch, made: set[int]) -> Iterator[tuple[int, str]]:
    """The affiliations that the import itself made, as far as they are still open."""
    ours = Affiliation.objects.open().filter(since=batch.imported_at)
    for pk, member, path in ours.values_list("pk", "member_id", "organisation__path").iterator():
        if member in made:
            yield pk, path


def _against_restoring(batch: ImportBatch, within: list[str]) -> Found:
    for some in batches(batch.changed):
        people = Member.objects.in_bulk([each["pk"] for each in some])
        homes = Affiliation.objects.open().filter(member__in=people).select_related("organisation")
        home_of = {home.member_id: home for home in homes}
        made = [pk for each in some for pk in each.get("posts_made", ())]
        open_posts = set(Post.objects.filter(pk__in=made, until=None).values_list("pk", flat=True))
        for each in some:
            member, home = people.get(each["pk"]), home_of.get(each["pk"])
            if member is None:
                yield _("Is not in the register any more"), str(each["pk"])
            elif home is None or member.ended_on:
                yield _("The membership has ended since"), member.name
            elif not lies_within(home.organisation.path, within):
                yield _("Belongs to a unit for which you are not organiser"), member.name
            elif home.pk != each.get("affiliation_made", home.pk):
                yield _("Has moved since"), member.name
            elif _is_other_now(member, each) or not open_posts.issuperset(each.get("posts_made", ())):
                yield _("Was changed again since"), member.name
    yield from _against_going_back(batch, within)


def _against_going_back(batch: ImportBatch, within: list[str]) -> Found:
    """Back into a unit that has been closed, or that lies elsewhere by now, nobody goes by this."""
    left = [each["affiliation_left"] for each in batch.changed if each.get("affiliation_left")]
    for some in batches(left):
        homes = Affiliation.objects.filter(pk__in=some).select_related("organisation", "member")
        for home in homes:
            if home.organisation.closed_on:
                yield _("The unit before has been closed"), home.organisation.name
            elif not lies_within(home.organisation.path, within):
                yield _("Belonged to a unit for which you are not organiser"), home.member.name


def _is_other_now(member: Member, each: dict[str, Any]) -> bool:
    return any(_now(member, name) != _said(name, value) for name, value in each["after"].items())


def _now(member: Member, name: str) -> str | None:
    value = getattr(member, name)
    return value.isoformat() if isinstance(value, date) else _said(name, value)


def _said(name: str, value: str | None) -> str | None:
    """A number that was sealed anew under another key is still the same."""
    return open_phone(value or "") if name == "phone_cipher" else value


def _remove(batch: ImportBatch, *, now: datetime) -> None:
    for some in batches(batch.made):
        homes = Affiliation.objects.open().filter(member__in=some)
        moves = [Move(member, unit, None) for member, unit in homes.values_list("member_id", "organisation_id")]
        affiliation_changed.send(sender=Affiliation, moves=moves, now=now)
        Member.objects.filter(pk__in=some).delete()


def _restore(some: list[dict[str, Any]], *, now: datetime) -> None:
    people = Member.objects.in_bulk([each["pk"] for each in some])
    for each in some:
        if each["before"]:
            _restore_own(people[each["pk"]], each["before"])
    gone = [each["affiliation_made"] for each in some if "affiliation_made" in each]
    went = dict(Affiliation.objects.filter(pk__in=gone).values_list("member_id", "organisation_id"))
    Affiliation.objects.filter(pk__in=gone).delete()
    back = [each["affiliation_left"] for each in some if each.get("affiliation_left")]
    Affiliation.objects.filter(pk__in=back).update(until=None)
    Post.objects.filter(pk__in=[pk for each in some for pk in each.get("posts_made", ())]).delete()
    Post.objects.filter(pk__in=[pk for each in some for pk in each.get("posts_left", ())]).update(until=None)
    came = dict(Affiliation.objects.filter(pk__in=back).values_list("member_id", "organisation_id"))
    if went:
        moves = [Move(member, unit, came.get(member)) for member, unit in went.items()]
        affiliation_changed.send(sender=Affiliation, moves=moves, now=now)
    standing = [each["pk"] for each in some if stands_otherwise(each)]
    if standing:
        standing_changed.send(sender=Member, member_ids=standing, now=now)


def _restore_own(member: Member, before: dict[str, str | None]) -> None:
    if "name" in before:
        User.objects.filter(pk=member.user_id, display_name=member.name).update(display_name=before["name"])
        member.name, member.name_key = before["name"] or "", name_key(before["name"] or "")
    if "status" in before:
        member.status = before["status"] or ""
    if "joined_on" in before:
        member.joined_on = date.fromisoformat(before["joined_on"]) if before["joined_on"] else None
    if "phone_cipher" in before:
        sealed = seal_phone(open_phone(before["phone_cipher"] or ""))
        member.phone_cipher, member.phone_key = sealed.phone_cipher, sealed.phone_key
        member.phone_last4 = sealed.phone_last4
    member.save(update_fields=["name", "name_key", "status", "joined_on", "phone_cipher", "phone_key", "phone_last4"])
