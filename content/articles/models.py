from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page
from wagtail.search import index

from learning.courses.models import StudyPage


class ArticlePage(StudyPage):
    """A theory article."""

    author = models.CharField(_("author"), max_length=50, blank=True)

    template = "content/article.html"
    parent_page_types = ["content.PortalPage"]
    subpage_types: list[str] = []
    search_fields = [*StudyPage.search_fields, index.SearchField("author")]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("author"), FieldPanel("body")]

    class Meta:
        verbose_name = _("theory article")
