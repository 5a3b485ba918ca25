from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult
from wagtailmedia.edit_handlers import MediaChooserPanel

from learning.courses.audience import Audience, open_to
from learning.courses.categories import HoursCategory
from media.blocks import BODY_BLOCKS
from members.organisation.models import Organisation


class StudyPageQuerySet(PageQuerySet):
    def visible_to(self, user) -> "StudyPageQuerySet":
        """Published, and open to this visitor."""
        return self.live().filter(open_to(user))

    def withdrawn_from(self, user) -> "StudyPageQuerySet":
        """Was published, is not any more, and would be open to this visitor."""
        return self.filter(open_to(user), live=False, first_published_at__isnull=False)


StudyPageManager = PageManager.from_queryset(StudyPageQuerySet)


class CompletionRule(models.TextChoices):
    COVERED = "covered", _("Everything has been watched, heard or read")
    QUIZ = "quiz", _("Its quiz has been passed")
    BOTH = "both", _("Everything has been watched, heard or read, and its quiz passed")


ALL_OF_IT = 100  # percent
LEAST_OF_IT = 50


class StudyPage(Page):
    """What can be studied: an article, a lesson, or the course around lessons."""

    summary = models.TextField(_("summary"), max_length=300, blank=True)
    body = StreamField(BODY_BLOCKS, verbose_name=_("text"), blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("published by"), related_name="+")
    audience = models.CharField(_("who may see it"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS)
    review_by = models.DateField(_("look through again by"), null=True, blank=True)
    completion_rule = models.CharField(
        _("counts as studied when"),
        max_length=10,
        choices=[(CompletionRule.COVERED.value, CompletionRule.COVERED.label)],
        default=CompletionRule.COVERED,
    )
    needed_percent = models.PositiveSmallIntegerField(
        _("how much of it is enough (%)"),
        default=ALL_OF_IT,
        validators=[MinValueValidator(LEAST_OF_IT), MaxValueValidator(ALL_OF_IT)],
        help_text=_(
            "100: nothing may be left out. Less: so much of its length is enough, whichever parts; of a text the end "
            "must be read, too. Whoever has studied it already keeps that; whoever holds enough by a lower figure has "
            "studied it at once."
        ),
    )
    hours = models.DecimalField(
        _("study hours"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Leave empty: counted by length, as the rules of your organisation say."),
    )
    hours_category = models.CharField(
        _("counts as"), max_length=10, choices=HoursCategory.choices, default=HoursCategory.SELF
    )

    objects = StudyPageManager()
    is_answered_by_lecturers = True  # what is written about it in the feedback box

    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.FilterField("audience"),
    ]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    settings_panels = [
        MultiFieldPanel([FieldPanel("organisation"), FieldPanel("audience"), FieldPanel("review_by")], _("Audience")),
        MultiFieldPanel(
            [
                FieldPanel("completion_rule"),
                FieldPanel("needed_percent"),
                FieldPanel("hours"),
                FieldPanel("hours_category"),
            ],
            _("Completion and hours"),
        ),
        *Page.settings_panels,
    ]
    show_in_menus_default = False

    class Meta:
        abstract = True

    def route(self, request, path_components):
        """Also leads to what was withdrawn: the study corner, which serves every study page, says so."""
        if path_components or self.live or self.first_published_at is None:
            return super().route(request, path_components)
        return RouteResult(self)


class CoursePage(StudyPage):
    """A row of lessons; complete when its lessons are."""

    template = "learning/course.html"
    subpage_types = ["learning.LessonPage"]

    class Meta:
        verbose_name = _("course")


class LessonPage(StudyPage):
    """One lesson: a video or sound, with text around it."""

    asset = models.ForeignKey(
        "media.Asset", models.PROTECT, null=True, blank=True, verbose_name=_("video or sound"), related_name="lessons"
    )
    speaker = models.CharField(_("speaker"), max_length=50, blank=True)
    completion_rule = models.CharField(  # only a lesson has a quiz of its own
        _("counts as studied when"),
        max_length=10,
        choices=CompletionRule.choices,
        default=CompletionRule.COVERED,
        help_text=_("Where the lesson has no published quiz, having seen everything is enough."),
    )

    template = "learning/lesson.html"
    parent_page_types = ["learning.CoursePage"]
    subpage_types: list[str] = []
    search_fields = [
        *StudyPage.search_fields,
        index.SearchField("speaker"),
        index.RelatedFields("asset", [index.SearchField("transcript")]),
    ]
    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MediaChooserPanel("asset"),
        FieldPanel("speaker"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("lesson")


class ItemKind(models.TextChoices):
    ARTICLE = "article", _("Article")
    VIDEO = "video", _("Video")
    AUDIO = "audio", _("Sound")
    TEXT = "text", _("Text lesson")
    QUIZ = "quiz", _("Quiz")
    ACTIVITY = "activity", _("Activity")


WITHOUT_PAGE = (ItemKind.QUIZ, ItemKind.ACTIVITY)
READ = (ItemKind.ARTICLE, ItemKind.TEXT)


class StudyItemQuerySet(models.QuerySet):
    def live(self) -> "StudyItemQuerySet":
        """What can be studied now; a lesson or article only while its page stands."""
        return self.filter(Q(page__isnull=False) | Q(kind__in=WITHOUT_PAGE), withdrawn_at=None)

    def visible_to(self, user) -> "StudyItemQuerySet":
        return self.live().filter(open_to(user))

    def texts(self) -> "StudyItemQuerySet":
        """What is read."""
        return self.filter(kind__in=READ)

    def awaiting_length(self) -> "StudyItemQuerySet":
        """Published before the probe had looked into the file, or before the file was replaced by another."""
        return self.live().filter(asset__status="ready").exclude(length_seconds=F("asset__duration"))


class StudyItem(models.Model):
    """One row for each studyable thing; stays, with its title, when the page goes: progress is never lost."""

    page = models.OneToOneField(Page, models.SET_NULL, null=True, related_name="study_item")
    # Of an activity of the branch, once it has been accepted.
    activity = models.OneToOneField("members.Activity", models.SET_NULL, null=True, related_name="study_item")
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    title = models.CharField(max_length=255)
    course_title = models.CharField(max_length=255, blank=True)
    course_order = models.PositiveSmallIntegerField(null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="study_items")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    asset = models.ForeignKey("media.Asset", models.SET_NULL, null=True, related_name="study_items")
    length_seconds = models.FloatField(null=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    hours_category = models.CharField(max_length=10, choices=HoursCategory.choices)
    completion_rule = models.CharField(max_length=10, choices=CompletionRule.choices)
    needed_percent = models.PositiveSmallIntegerField(default=ALL_OF_IT)
    # What passes the quiz: of a quiz its own, of a lesson that of the published quiz after it.
    pass_percent = models.PositiveSmallIntegerField(null=True)
    rule_version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = StudyItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("study item")
        constraints = [
            models.CheckConstraint(
                condition=Q(needed_percent__gte=LEAST_OF_IT, needed_percent__lte=ALL_OF_IT), name="enough_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_quiz(self) -> bool:
        """Whether there is one that can be passed, after this lesson; a quiz is one itself."""
        return self.pass_percent is not None

    @property
    def rule_in_force(self) -> CompletionRule:
        """Where a lesson has no quiz that can be passed, having seen everything is enough."""
        if self.kind == ItemKind.QUIZ or (self.has_quiz and self.page_id is not None):
            return CompletionRule(self.completion_rule)
        return CompletionRule.COVERED

    @property
    def is_part_enough(self) -> bool:
        return self.needed_percent < ALL_OF_IT

    @property
    def spare_seconds(self) -> float:
        """How much of it may be left out."""
        return (self.length_seconds or 0.0) * (ALL_OF_IT - self.needed_percent) / 100

    @property
    def is_text(self) -> bool:
        return self.kind in READ

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None or (self.page_id is None and self.kind not in WITHOUT_PAGE)


class ItemRuleQuerySet(models.QuerySet):
    def unsettled(self) -> "ItemRuleQuerySet":
        """Who holds enough by it has not been looked for yet. The row is the queue."""
        return self.filter(settled_at=None)


class ItemRule(models.Model):
    """What an item asked for, version by version: a mark names the one by which it was made, and keeps it."""

    item = models.ForeignKey(StudyItem, models.CASCADE, related_name="rules")
    version = models.PositiveIntegerField()
    completion_rule = models.CharField(max_length=10, choices=CompletionRule.choices)
    needed_percent = models.PositiveSmallIntegerField()
    length_seconds = models.FloatField(null=True)
    pass_percent = models.PositiveSmallIntegerField(null=True)  # where it asked for a passed quiz
    since = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = ItemRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of a study item")
        constraints = [models.UniqueConstraint(fields=["item", "version"], name="a_rule_has_its_number_once")]
        indexes = [models.Index(fields=["id"], condition=Q(settled_at=None), name="rules_to_be_settled")]
