"""What a live editor grant opens in Wagtail: a group for each role and unit, made only where a grant needs one."""

from datetime import datetime

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from members.roles.models import Role, RoleGrant

PREFIX = f"{Role.EDITOR}:"
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
COLLECTION_PERMISSIONS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "change_image"),
    ("wagtailimages", "choose_image"),
    ("wagtailmedia", "add_media"),
    ("wagtailmedia", "change_media"),
)
# Nothing here is deleted: a question is not asked any more, a quiz is withdrawn.
MODEL_PERMISSIONS = tuple(
    ("learning", f"{action}_{model}") for model in ("questionbank", "question", "quiz") for action in ("add", "change")
)


def fit_groups(user, now: datetime) -> None:
    """This person is in exactly the groups that live grants call for; groups that nobody needs any more go."""
    grants = RoleGrant.objects.of(user).live(now).filter(role=Role.EDITOR)
    wanted = {PREFIX + code for code in grants.values_list("organisation__code", flat=True)}
    held = {group.name: group for group in user.groups.filter(name__startswith=PREFIX)}
    if wanted == set(held):
        return
    with transaction.atomic():
        user.groups.add(*[_group(name) for name in sorted(wanted - set(held))])
        user.groups.remove(*[held[name] for name in sorted(set(held) - wanted)])
        Group.objects.filter(name__in=set(held) - wanted, user=None).delete()


def _group(name: str) -> Group:
    """The group with its permissions: pages under the portal, files of the root collection, quizzes, the door."""
    group, is_new = Group.objects.get_or_create(name=name)
    if is_new:
        doors = (("wagtailadmin", "access_admin"), *MODEL_PERMISSIONS)
        group.permissions.add(*(_permission(app, codename) for app, codename in doors))
        portal = _portal()
        for codename in PAGE_PERMISSIONS:
            permission = _permission("wagtailcore", codename)
            GroupPagePermission.objects.create(group=group, page=portal, permission=permission)
        root = Collection.get_first_root_node()
        for app, codename in COLLECTION_PERMISSIONS:
            permission = _permission(app, codename)
            GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
    return group


def _permission(app: str, codename: str) -> Permission:
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _portal() -> Page:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return site.root_page if site else Page.get_first_root_node()
