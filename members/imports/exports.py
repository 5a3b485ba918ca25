"""The register as lists that can be imported again without a change: every cell a text, never a formula."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.member_plan import batches
from members.accounts.member_words import POST_WORDS, STATUS_WORDS
from members.accounts.models import Member
from members.accounts.phones import open_phone
from members.audit.actions import record_event
from members.imports.kinds import DOORS, ListKind
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.organisation.unit_words import WORD_OF_KIND
from members.organisation.workbook import TEXTS_ONLY
from members.roles.policies import organised_paths, under

WORD_OF_STATUS = {status: word for word, status in STATUS_WORDS.items()}
WORD_OF_POST = {post: word for word, post in POST_WORDS.items()}
Cells = tuple[str, ...]


class PhonePurpose(models.TextChoices):
    """Why telephone numbers leave the house; stands in the audit log."""

    CORRECT = "correct", _("To correct numbers and import them again")
    MOVE = "move", _("To move the register to another installation")
    REACH = "reach", _("To reach people who do not use the platform")


def export_list(
    file: BinaryIO, *, kind: ListKind, user: Any, now: datetime, purpose: PhonePurpose | None = None
) -> int:
    """Writes what this organiser organises as a workbook and notes it; telephones only for a purpose. How many rows."""
    book = xlsxwriter.Workbook(file, TEXTS_ONLY)
    page, text = book.add_worksheet(), book.add_format({"num_format": "@"})
    columns = DOORS[kind].columns
    page.set_column(0, len(columns) - 1, 18, text)
    rows = 0
    for rows, cells in enumerate(_rows(kind, user, now, has_phones=purpose is not None)):
        for place, cell in enumerate(cells):
            page.write_string(rows, place, cell, text)
    book.close()
    detail = {"kind": kind.value, "rows": rows, "telephones": purpose.value if purpose else ""}
    record_event("register.exported", now=now, actor=user, organisation=_codes(user, now), detail=detail)
    return rows


def _rows(kind: ListKind, user: Any, now: datetime, *, has_phones: bool) -> Iterator[Cells]:
    yield DOORS[kind].columns
    paths = organised_paths(user, now)
    if kind == ListKind.MEMBERS:
        yield from _members(paths, has_phones=has_phones)
    else:
        lines: dict[ListKind, Callable[[list[str]], Iterator[Cells]]] = {
            ListKind.ORGANISATIONS: _units,
            ListKind.POSTS: _posts,
            ListKind.PARTICIPATIONS: _participations,
        }
        yield from lines[kind](paths)


def _codes(user: Any, now: datetime) -> str:
    """For whom somebody is organiser; the log has room for the first few."""
    codes = Organisation.objects.filter(path__in=organised_paths(user, now)).in_order().values_list("code", flat=True)
    return " ".join(codes)[:40]


def _units(paths: list[str]) -> Iterator[Cells]:
    """Superiors first; a unit whose superior lies elsewhere names it all the same."""
    units = Organisation.objects.open().filter(under("path", paths)).order_by("depth", "code")
    above = dict(Organisation.objects.values_list("path", "code"))
    for unit in units.iterator():
        superior = above.get(unit.path[: -Organisation.steplen], "")
        yield unit.code, unit.name, WORD_OF_KIND[unit.kind], superior, unit.sector


def _members(paths: list[str], *, has_phones: bool) -> Iterator[Cells]:
    homes = Affiliation.objects.open().filter(under("organisation__path", paths), member__ended_on=None)
    order = homes.order_by("organisation__code", "member__number").values_list("pk", flat=True)
    for some in batches(list(order)):
        found = Affiliation.objects.in_bulk(some)
        people = Member.objects.in_bulk([home.member_id for home in found.values()])
        units = Organisation.objects.in_bulk({home.organisation_id for home in found.values()})
        posts = _posts_at_home({home.member_id: home.organisation_id for home in found.values()})
        for pk in some:
            member, unit = people[found[pk].member_id], units[found[pk].organisation_id]
            phone = open_phone(member.phone_cipher) if has_phones else ""
            status, joined = WORD_OF_STATUS[member.status], _day(member.joined_on)
            yield member.number, member.name, phone, unit.code, status, joined, posts[member.pk]


def _posts_at_home(homes: dict[int, int]) -> dict[int, str]:
    held: dict[int, set[str]] = defaultdict(set)
    open_posts = Post.objects.filter(member__in=homes, until=None)
    for member, unit, kind in open_posts.values_list("member_id", "organisation_id", "kind"):
        if homes[member] == unit:
            held[member].add(kind)
    words = {member: [word for kind, word in WORD_OF_POST.items() if kind in kinds] for member, kinds in held.items()}
    return defaultdict(str, {member: "、".join(each) for member, each in words.items()})


def _posts(paths: list[str]) -> Iterator[Cells]:
    for post in _of_ones_own(Post, paths):
        word, days = WORD_OF_POST[post.kind], (_day(post.since), _day(post.until))
        yield post.member.number, post.member.name, post.organisation.code, word, *days


def _participations(paths: list[str]) -> Iterator[Cells]:
    for entry in _of_ones_own(Participation, paths):
        days = (_day(entry.since), _day(entry.until))
        yield entry.member.number, entry.member.name, entry.organisation.code, *days


def _of_ones_own(model: type[models.Model], paths: list[str]):
    """Of people who belong to one's own units, in one's own units; closed units and ended memberships apart."""
    homes = Affiliation.objects.open().filter(under("organisation__path", paths))
    entries = model._default_manager.filter(under("organisation__path", paths), member__in=homes.values("member"))
    entries = entries.filter(member__ended_on=None).exclude(until=None, organisation__closed_on__isnull=False)
    order = ("organisation__code", "member__number", "since", "pk")
    return entries.select_related("member", "organisation").order_by(*order).iterator(chunk_size=1000)


def _day(moment: date | datetime | None) -> str:
    if moment is None:
        return ""
    return (timezone.localdate(moment) if isinstance(moment, datetime) else moment).isoformat()
