from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from learning.courses.audience import Audience, open_to
from media.blocks import BODY_BLOCKS, PAGES
from members.organisation.models import Organisation


class PortalPage(Page):
    """The front door; everything published stands under it."""

    template = "content/home.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "content.ArticlePage",
        "content.TopicPage",
        "content.NoticePage",
        "content.UnitPage",
        "learning.CoursePage",
    ]
    max_count = 1

    class Meta:
        verbose_name = _("portal")


class OpenPageQuerySet(PageQuerySet):
    def visible_to(self, user) -> "OpenPageQuerySet":
        """Published, and open to this visitor."""
        return self.live().filter(open_to(user))


OpenPageManager = PageManager.from_queryset(OpenPageQuerySet)


class OpenPage(Page):
    """A page of the portal that is not studied: it has an audience, and a unit that answers for it."""

    summary = models.TextField(_("summary"), max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("published by"), related_name="+")
    audience = models.CharField(_("who may see it"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS)

    objects = OpenPageManager()

    parent_page_types = ["content.PortalPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.FilterField("audience")]
    content_panels = [*Page.content_panels, FieldPanel("summary")]
    settings_panels = [FieldPanel("organisation"), FieldPanel("audience"), *Page.settings_panels]

    class Meta:
        abstract = True


class LinkCardBlock(blocks.StructBlock):
    """Something elsewhere, with our own word on why to read it; never fetched, never framed."""

    title = blocks.CharBlock(label=_("title"), max_length=100)
    url = blocks.URLBlock(label=_("address"))
    why = blocks.TextBlock(label=_("why read it"), max_length=200)

    class Meta:
        icon = "link-external"
        label = _("Elsewhere")


class TopicPage(OpenPage):
    """A subject (专题): pages and links chosen by an editor, in their order."""

    picks = StreamField(
        [("page", blocks.PageChooserBlock(page_type=PAGES, label=_("page"))), ("link", LinkCardBlock())],
        verbose_name=_("what belongs to it"),
        blank=True,
    )

    template = "content/topic.html"
    search_fields = [*OpenPage.search_fields, index.SearchField("picks")]
    content_panels = [*OpenPage.content_panels, FieldPanel("picks")]

    class Meta:
        verbose_name = pgettext_lazy("a page", "topic")


class NoticePageQuerySet(OpenPageQuerySet):
    def newest_first(self) -> "NoticePageQuerySet":
        return self.order_by("-first_published_at", "-pk")


class NoticePage(OpenPage):
    """A notice (通知)."""

    body = StreamField(BODY_BLOCKS, verbose_name=_("text"), blank=True)

    objects = PageManager.from_queryset(NoticePageQuerySet)()

    template = "content/notice.html"
    search_fields = [*OpenPage.search_fields, index.SearchField("body")]
    content_panels = [*OpenPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("notice")


class UnitPage(OpenPage):
    """A unit's own corner of the site."""

    body = StreamField(BODY_BLOCKS, verbose_name=_("text"), blank=True)

    template = "content/unit.html"
    search_fields = [*OpenPage.search_fields, index.SearchField("body")]
    content_panels = [*OpenPage.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("page of a unit")
