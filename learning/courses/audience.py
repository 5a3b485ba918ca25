"""Who may see a page or an item: the one filter for lists, serving, search and media."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageQuerySet, get_page_models

from members.organisation.models import Affiliation
from members.roles.policies import led_paths, superior_paths, under


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody, also without signing in")
    MEMBERS = "members", _("Everybody who has signed in")
    SUBTREE = "subtree", _("Only this unit and the units under it")


def open_to(user) -> Q:
    """Filters rows with `audience` and `organisation` to those that this visitor may see."""
    seen = Q(audience=Audience.PUBLIC)
    if not user.is_authenticated or not user.is_active:
        return seen
    seen |= Q(audience=Audience.MEMBERS)
    above = superior_paths(own_path(user))
    if above:
        seen |= Q(audience=Audience.SUBTREE, organisation__path__in=above)
        # What a unit published before it was merged is open to those under its successor.
        seen |= Q(audience=Audience.SUBTREE, organisation__successor__path__in=above)
    paths = led_paths(user)
    if paths:
        seen |= Q(audience=Audience.SUBTREE) & under("organisation__path", paths)
        seen |= Q(audience=Audience.SUBTREE) & under("organisation__successor__path", paths)
    return seen


def open_pages(user) -> PageQuerySet:
    """Every published page, of whatever kind, that this visitor may see; a kind without an audience is left out."""
    kinds = [kind.objects.visible_to(user) for kind in get_page_models() if hasattr(kind.objects, "visible_to")]
    return Page.objects.filter(reduce(or_, (Q(pk__in=pages.values("pk")) for pages in kinds)))


def is_open_to(page: Page, user) -> bool:
    """Whether this page may be named to this visitor."""
    return open_pages(user).filter(pk=page.pk).exists()


def own_path(user) -> str:
    """The path of the unit to which this person belongs; empty for staff who are no members. Read once a request."""
    if not hasattr(user, "_own_path"):
        mine = Affiliation.objects.open().filter(member__user_id=user.pk, member__ended_on=None)
        user._own_path = mine.values_list("organisation__path", flat=True).first() or ""
    return user._own_path
