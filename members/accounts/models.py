from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from members.organisation.kinds import EndKind
from members.organisation.models import Affiliation, Organisation
from members.organisation.sounds import Spoken, SpokenQuerySet
from members.roles.policies import led_paths, under


class User(AbstractUser):
    """An account. The username is the member number; staff who are no members have a short name."""

    privacy = "anonymise"

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("display name"), max_length=50, blank=True)
    # While set, the password is a one-time one: good until then, and a new one must be chosen first of all.
    one_time_until = models.DateTimeField(null=True, blank=True)
    elder_mode = models.BooleanField(null=True, default=None)
    # Part of what a session must agree with: one more, and all sessions opened before end.
    session_round = models.PositiveIntegerField(default=0)
    # The version of the consent that was answered last, and whether study online may be recorded.
    consent_version = models.PositiveSmallIntegerField(default=0)
    has_consented = models.BooleanField(default=False)

    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("account")
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_is_a_superuser")]

    def __str__(self) -> str:
        return self.display_name or self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Also what older keys made is asked through here; the first round is Django's own."""
        plain = super()._get_session_auth_hash(secret=secret)
        if not self.session_round:
            return plain
        return salted_hmac(
            f"members.session.{self.session_round}", plain, secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def must_choose_password(self) -> bool:
        return self.one_time_until is not None

    @property
    def has_declined(self) -> bool:
        """Answered the consent, and did not agree to studying online."""
        return self.consent_version > 0 and not self.has_consented

    @property
    def is_admitted(self) -> bool:
        """The account is open, and the membership it belongs to, if any, has not ended."""
        member = getattr(self, "member", None)
        return self.is_active and (member is None or member.ended_on is None)


class StudyWay(models.TextChoices):
    ONLINE = "online", _("Online by oneself")
    GROUP = "group", _("Together with the branch")
    PAPER = "paper", _("On paper or at home")


class MemberStatus(models.TextChoices):
    FULL = "full", _("Full member")
    PROBATIONARY = "probationary", _("Probationary member")
    ACTIVIST = "activist", _("Activist")
    CANDIDATE = "candidate", _("Candidate")
    APPLICANT = "applicant", _("Applicant")


# Activists, candidates and applicants are not 党员 in any denominator (DOMAIN §3).
COUNTED_STATUSES = (MemberStatus.FULL, MemberStatus.PROBATIONARY)


class MemberQuerySet(SpokenQuerySet):
    def led_by(self, user, *, with_ended: bool = False) -> "MemberQuerySet":
        """The people whose open affiliation lies in a unit that this person leads.

        `with_ended`: also those who belonged there when their membership ended.
        """
        paths = led_paths(user)
        led = Q(affiliations__until=None) & under("affiliations__organisation__path", paths)
        if not with_ended:
            return self.filter(led).distinct()
        homes = Affiliation.objects.filter(member=OuterRef("pk")).order_by("-since", "-pk")
        last_here = Q(ended_on__isnull=False, erased_on=None) & under("last_path", paths)
        found = self.annotate(last_path=Subquery(homes.values("organisation__path")[:1]))
        return found.filter(led | last_here).distinct()

    def visible_to(self, user) -> "MemberQuerySet":
        """Oneself."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def present(self) -> "MemberQuerySet":
        """Whose membership here has not ended."""
        return self.filter(ended_on=None)

    def recorded(self) -> "MemberQuerySet":
        """Present, and they agreed that their study online is recorded."""
        return self.present().filter(user__has_consented=True)

    def called(self, typed: str) -> "MemberQuerySet":
        """By name, by how it is spoken, or by the beginning of the number; everybody where nothing is typed."""
        typed = typed.strip()
        return self.filter(number__startswith=typed) if typed.isdecimal() else super().called(typed)

    def as_spoken(self) -> "MemberQuerySet":
        """By name as it is spoken, then by number: the one order of people (DOMAIN §3)."""
        return self.order_by("name_sound", "number")

    def counted(self) -> "MemberQuerySet":
        return self.filter(status__in=COUNTED_STATUSES)

    def affiliated_under(self, organisation: Organisation, moment: datetime | None = None) -> "MemberQuerySet":
        """Whose affiliation lies in the unit or under it: now, or at a moment."""
        stands = under("affiliations__organisation__path", [organisation.path])
        if moment is None:
            return self.filter(stands, affiliations__until=None)
        still = Q(affiliations__until=None) | Q(affiliations__until__gt=moment)
        return self.filter(stands & still & Q(affiliations__since__lte=moment))


class Member(Spoken):
    """A person in the register; may exist without an account."""

    privacy = "anonymise"

    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="member")
    number = models.CharField(_("member number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=50)
    name_key = models.CharField(max_length=50, db_index=True)
    phone_cipher = models.CharField(max_length=200, blank=True)
    phone_key = models.CharField(max_length=80, blank=True, db_index=True)
    phone_last4 = models.CharField(max_length=4, blank=True)
    email = models.EmailField(blank=True)
    status = models.CharField(max_length=20, choices=MemberStatus.choices, default=MemberStatus.FULL)
    joined_on = models.DateField(null=True, blank=True)
    study_way = models.CharField(max_length=10, choices=StudyWay.choices, default=StudyWay.ONLINE)
    flexible_study = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)
    ended_kind = models.CharField(max_length=20, choices=EndKind.choices, blank=True)
    erased_on = models.DateField(null=True, blank=True)  # since then nobody: no name, no number, no telephone

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party member")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_kind="") | Q(ended_on__isnull=False) & ~Q(ended_kind=""),
                name="an_end_has_a_kind",
            )
        ]
        indexes = [models.Index(fields=["name_sound", "number"], name="member_as_spoken")]

    def __str__(self) -> str:
        return self.name

    def organisation_now(self) -> Organisation | None:
        """Where the member belongs today, or nothing once the membership here has ended."""
        return Organisation.objects.filter(affiliations__member=self, affiliations__until=None).first()

    def organisation_at(self, moment: datetime) -> Organisation | None:
        """Where the member belonged at a moment, as the register has it."""
        there = Affiliation.objects.at(moment).filter(member=self)
        return Organisation.objects.filter(pk__in=there.values("organisation_id")).first()
