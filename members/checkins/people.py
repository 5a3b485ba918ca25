"""Who can be the contact person of somebody who is away: a member of the home branch, found by post or by name."""

from datetime import date

from django.db.models import Q

from members.accounts.models import Member, MemberQuerySet
from members.accounts.names import name_key
from members.organisation.kinds import BRANCH_KINDS, PostKind
from members.organisation.models import Organisation

LEADS_FIRST = list(PostKind)


def branch_of(home: Organisation | None) -> Organisation | None:
    """The branch of a group, and otherwise the unit itself."""
    if home is None or home.kind not in BRANCH_KINDS:
        return home
    return home.get_ancestors().filter(kind__in=BRANCH_KINDS).order_by("path").first() or home


def candidates(member: Member, home: Organisation | None) -> MemberQuerySet:
    """Everybody of the member's own branch but the member."""
    branch = branch_of(home)
    if branch is None:
        return Member.objects.none()
    return Member.objects.present().affiliated_under(branch).exclude(pk=member.pk)


def team_of(member: Member, home: Organisation | None, *, on: date) -> list[Member]:
    """Who holds a post in the member's own branch, the secretary first, then by post and name."""
    branch = branch_of(home)
    if branch is None:
        return []
    held = Q(posts__organisation__path__startswith=branch.path) & (Q(posts__until=None) | Q(posts__until__gt=on))
    found = Member.objects.present().filter(held).exclude(pk=member.pk)
    posts: dict[int, int] = {}
    people = {each.pk: each for each in found.distinct()}
    for pk, kind in found.values_list("pk", "posts__kind"):
        posts[pk] = min(posts.get(pk, len(LEADS_FIRST)), LEADS_FIRST.index(PostKind(kind)))
    return sorted(people.values(), key=lambda each: (posts[each.pk], each.name_sound, each.number))


def named(people: MemberQuerySet, text: str) -> list[Member]:
    """Who among these is called so, or has this number."""
    return list(people.filter(Q(name_key=name_key(text)) | Q(number=text.strip())).distinct()[:2])
