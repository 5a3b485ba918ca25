from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class PortalPage(Page):
    """The front door; everything published stands under it."""

    template = "content/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.ArticlePage", "learning.CoursePage"]
    max_count = 1

    class Meta:
        verbose_name = _("portal")
