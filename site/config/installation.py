"""What an installation is founded with: a front door, a name, a telephone number to call for help."""

from datetime import datetime

from django.utils import timezone
from wagtail.models import Page, Site

from content.portal.models import PortalPage
from members.organisation.rules import Rule

HELP_PHONE = "installation.help_phone"
DEMO = "installation.demo"


def found_portal(name: str) -> PortalPage:
    """The front door, as the root of the default site, which bears the name; made once."""
    portal = PortalPage.objects.first()
    if portal is None:
        root = Page.get_first_root_node()
        for page in root.get_children():  # Wagtail's welcome page
            page.delete()
        root = Page.objects.get(pk=root.pk)
        portal = root.add_child(instance=PortalPage(title=name, slug="portal"))
        portal.save_revision().publish()
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": portal, "site_name": name}
    )
    return portal


def set_rule(key: str, value: object, *, source: str, now: datetime) -> None:
    """The general rule from today on."""
    today = timezone.localdate(now)
    Rule.objects.update_or_create(
        key=key, organisation=None, effective_from=today, defaults={"value": value, "source": source}
    )


def is_demo(now: datetime) -> bool:
    today = timezone.localdate(now)
    return Rule.objects.filter(key=DEMO, organisation=None, value=True, effective_from__lte=today).exists()


def is_begun() -> bool:
    return PortalPage.objects.exists()
