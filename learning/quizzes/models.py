from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from learning.courses.audience import Audience, open_to
from learning.courses.models import LessonPage, StudyItem
from learning.quizzes import scoring
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.roles.of_members import RowsOfMembers


class QuestionKind(models.TextChoices):
    SINGLE = scoring.SINGLE, _("One answer")
    MULTIPLE = scoring.MULTIPLE, _("Several answers")
    TRUE_FALSE = scoring.TRUE_FALSE, _("True or false")
    FILL_IN = scoring.FILL_IN, _("Fill in")


class QuestionBank(models.Model):
    """Questions on one subject."""

    name = models.CharField(_("name of the question bank"), max_length=100, unique=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, verbose_name=_("kept by"), related_name="+"
    )

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(models.QuerySet):
    def live(self) -> "QuestionQuerySet":
        """What may be asked from now on."""
        return self.filter(is_retired=False)


class Question(models.Model):
    """One question. Once asked it is never changed in place: an edit retires it and makes its successor."""

    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="questions", verbose_name=_("question bank"))
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    text = models.TextField(_("question"), max_length=1000)
    options = models.JSONField(_("options"), default=list, blank=True)  # texts, in the order A, B, C …
    # single, multiple: letters ["A", "C"]; true or false: [true]; fill in: accepted texts.
    key = models.JSONField(_("right answer"))
    explanation = models.TextField(_("explanation"), max_length=1000, blank=True)
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    difficulty = models.CharField(_("difficulty"), max_length=10, blank=True)
    tags = models.CharField(_("tags"), max_length=100, blank=True)
    successor = models.OneToOneField("self", models.SET_NULL, null=True, blank=True, related_name="predecessor")
    is_retired = models.BooleanField(_("not asked any more"), default=False)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return self.text[:40]


class QuizQuerySet(models.QuerySet):
    def published(self) -> "QuizQuerySet":
        return self.filter(is_published=True, item__withdrawn_at=None, item__isnull=False)

    def visible_to(self, user) -> "QuizQuerySet":
        """Published, and open to this visitor."""
        return self.published().filter(open_to(user))


class Quiz(models.Model):
    """Questions drawn from a bank; may be tried as often as one likes; passed once is passed."""

    title = models.CharField(_("title"), max_length=100)
    bank = models.ForeignKey(QuestionBank, models.PROTECT, related_name="quizzes", verbose_name=_("question bank"))
    item = models.OneToOneField(StudyItem, models.PROTECT, null=True, editable=False, related_name="quiz")
    lesson = models.OneToOneField(
        LessonPage, models.SET_NULL, null=True, blank=True, verbose_name=_("quiz after the lesson"), related_name="quiz"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, verbose_name=_("published by"), related_name="quizzes"
    )
    audience = models.CharField(_("who may see it"), max_length=10, choices=Audience.choices, default=Audience.MEMBERS)
    number_drawn = models.PositiveSmallIntegerField(_("how many questions"), default=5)
    pass_percent = models.PositiveSmallIntegerField(_("passed from (%)"), default=60)
    hours = models.DecimalField(_("study hours"), max_digits=4, decimal_places=2, null=True, blank=True)
    is_published = models.BooleanField(_("published"), default=False)

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(condition=Q(number_drawn__gte=1), name="a_quiz_asks_something"),
            models.CheckConstraint(condition=Q(pass_percent__lte=100), name="a_quiz_can_be_passed"),
        ]

    def __str__(self) -> str:
        return self.title


class AttemptQuerySet(RowsOfMembers):
    def open(self) -> "AttemptQuerySet":
        return self.filter(handed_in_at=None)

    def handed_in(self) -> "AttemptQuerySet":
        return self.filter(handed_in_at__isnull=False)


class Attempt(models.Model):
    """One try: the questions drawn for it, on the server; one open at a time."""

    privacy = "export"
    on_erasure = "blank points points_possible: that a quiz was taken, as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    points = models.PositiveSmallIntegerField(null=True)
    points_possible = models.PositiveSmallIntegerField(default=0)
    is_passed = models.BooleanField(default=False)
    pass_percent = models.PositiveSmallIntegerField(null=True)  # by which it was marked

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        constraints = [
            models.UniqueConstraint(fields=["member", "quiz", "number"], name="attempts_are_numbered"),
            models.UniqueConstraint(
                fields=["member", "quiz"], condition=Q(handed_in_at=None), name="one_open_attempt_a_quiz"
            ),
        ]


class AnswerQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AnswerQuerySet":
        """One's own."""
        return self.filter(attempt__in=Attempt.objects.visible_to(user))

    def led_by(self, user) -> "AnswerQuerySet":
        return self.filter(attempt__in=Attempt.objects.led_by(user))


class Answer(models.Model):
    """One question of an attempt, in its place, with the answer as it was given."""

    privacy = "export"

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()
    given = models.JSONField(null=True)
    saved_at = models.DateTimeField(null=True)
    is_right = models.BooleanField(null=True)
    points = models.PositiveSmallIntegerField(null=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "place"], name="one_answer_a_place"),
            models.UniqueConstraint(fields=["attempt", "question"], name="a_question_is_asked_once_in_an_attempt"),
        ]
