from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member
from members.activities.kinds import COMMITTEE_POSTS, OPEN, ActivityKind, ActivityState, AttendanceState
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Affiliation, Organisation, Participation, Post
from members.roles.policies import led_paths, strictly_under, under


class ActivityQuerySet(models.QuerySet):
    def led_by(self, user) -> "ActivityQuerySet":
        """Held by a unit that this person leads."""
        held = Holding.objects.filter(under("organisation__path", led_paths(user)))
        return self.filter(pk__in=held.values("activity_id"))

    def run_by(self, user) -> "ActivityQuerySet":
        """Whose leading unit this person leads: the record is theirs to write and to submit."""
        leading = Holding.objects.filter(under("organisation__path", led_paths(user)), is_lead=True)
        return self.filter(pk__in=leading.values("activity_id"))

    def judged_by(self, user) -> "ActivityQuerySet":
        """Whose leading unit stands under one that this person leads; above the topmost unit there is nobody."""
        paths = led_paths(user)
        topmost = Q(organisation__depth=1) & under("organisation__path", paths)
        leading = Holding.objects.filter(strictly_under("organisation__path", paths) | topmost, is_lead=True)
        return self.filter(pk__in=leading.values("activity_id"))

    def visible_to(self, user) -> "ActivityQuerySet":
        """In which this person is on the list, or which concern a unit where they belong or take part."""
        if not user.is_authenticated:
            return self.none()
        listed = Attendance.objects.filter(member__user_id=user.pk)
        held = Holding.objects.filter(organisation__in=units_of(user))
        posts = Post.objects.filter(member__user_id=user.pk, until=None, kind__in=COMMITTEE_POSTS)
        sits = Holding.objects.filter(organisation__in=posts.values("organisation_id"))
        return self.filter(
            Q(pk__in=listed.values("activity_id"))
            | Q(pk__in=held.values("activity_id")) & Q(pk__in=_not_of_a_committee_alone())
            | Q(pk__in=sits.values("activity_id"))
        )

    def coming(self, now: datetime) -> "ActivityQuerySet":
        return self.filter(ends_at__gte=now).exclude(state=ActivityState.CANCELLED).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "ActivityQuerySet":
        return self.filter(ends_at__lt=now).exclude(state=ActivityState.CANCELLED).order_by("-starts_at", "-pk")

    def open(self) -> "ActivityQuerySet":
        """Still to be recorded or to be changed."""
        return self.filter(state__in=OPEN)

    def awaiting_acceptance(self) -> "ActivityQuerySet":
        return self.filter(state=ActivityState.SUBMITTED).order_by("submitted_at", "pk")


def units_of(user) -> models.QuerySet[Organisation]:
    """The units whose activities concern this person: where they belong or take part, and the branch above those."""
    own = Affiliation.objects.open().filter(member__user_id=user.pk)
    joined = Participation.objects.filter(member__user_id=user.pk, until=None)
    paths = [row.values_list("organisation__path", flat=True) for row in (own, joined)]
    mine = list(paths[0].union(paths[1]))
    step = Organisation.steplen
    above = {path[:end] for path in mine for end in range(step, len(path), step)}
    return Organisation.objects.filter(Q(path__in=mine) | Q(path__in=above, kind__in=BRANCH_KINDS))


def _not_of_a_committee_alone() -> models.QuerySet:
    lines = ActivityKindLine.objects.exclude(kind=ActivityKind.COMMITTEE_MEETING)
    return lines.values("activity_id")


class Activity(models.Model):
    """A meeting, a lecture, a day of service: announced, held, recorded once, accepted. Nothing is asked twice."""

    privacy = "keep: the record of organisational life, as long as the unit"
    not_exported = "tells of an activity; who wrote it is named there as a duty"

    topic = models.CharField(_("topic"), max_length=100)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=100, blank=True)
    is_online = models.BooleanField(_("held online"), default=False)
    host = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    recorder = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    hours = models.DecimalField(_("study hours"), max_digits=4, decimal_places=2, null=True, blank=True)
    hours_category = models.CharField(max_length=10, default="group")
    state = models.CharField(max_length=10, choices=ActivityState.choices, default=ActivityState.ANNOUNCED)
    is_late_entry = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    return_reason = models.CharField(max_length=200, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="activity_ends_after_it_begins")
        ]

    def __str__(self) -> str:
        return self.topic

    @property
    def lead(self) -> Organisation:
        """The unit that leads; reads `holdings`, which a list selects along."""
        return next(holding.organisation for holding in self.holdings.all() if holding.is_lead)

    @property
    def kind_set(self) -> set[str]:
        return {line.kind for line in self.kinds.all()}

    @property
    def minutes_long(self) -> int:
        return round((self.ends_at - self.starts_at).total_seconds() / 60)


class Holding(models.Model):
    """A unit that holds an activity; several may hold one together, one leads."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="holdings")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="holdings")
    is_lead = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("holding unit")
        constraints = [
            models.UniqueConstraint(fields=["activity", "organisation"], name="a_unit_holds_an_activity_once"),
            models.UniqueConstraint(fields=["activity"], condition=Q(is_lead=True), name="one_unit_leads_an_activity"),
        ]


class ActivityKindLine(models.Model):
    """One of the kinds of an activity: a theme day may be a general meeting and a lecture as well."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="kinds")
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)

    class Meta:
        verbose_name = _("kind of activity")
        constraints = [models.UniqueConstraint(fields=["activity", "kind"], name="an_activity_is_of_a_kind_once")]


class AttendanceQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AttendanceQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "AttendanceQuerySet":
        return self.filter(activity__in=Activity.objects.led_by(user).values("pk"))


class Attendance(models.Model):
    """How one member took part in one activity. Leave is without a reason (DOMAIN §4)."""

    privacy = "export"
    on_erasure = "keep: the record of organisational life, as long as the unit"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances")
    member = models.ForeignKey(Member, models.CASCADE, related_name="attendances")
    state = models.CharField(max_length=10, choices=AttendanceState.choices)
    is_by_code = models.BooleanField(default=False)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["activity", "member"], name="one_attendance_for_member_and_activity")
        ]


class Minutes(models.Model):
    """One revision of the minutes; a later one stands beside it, never over it."""

    privacy = "keep: the record of organisational life, as long as the unit"
    not_exported = "tells of an activity; who wrote it is named there as a duty"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="minutes")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("minutes")
        constraints = [models.UniqueConstraint(fields=["activity", "revision"], name="one_minutes_a_revision")]


class Attachment(models.Model):
    """A photo of an activity, at most three, without EXIF and place (DOMAIN §3)."""

    privacy = "keep: the record of organisational life, as long as the unit"
    not_exported = "tells of an activity; who wrote it is named there as a duty"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attachments")
    file = models.ImageField(upload_to="activities/")
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("photo")


class SignInCode(models.Model):
    """The secret behind the changing code in the hall; good for one activity, until it is closed."""

    activity = models.OneToOneField(Activity, models.CASCADE, related_name="sign_in_code")
    secret = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sign-in code")
