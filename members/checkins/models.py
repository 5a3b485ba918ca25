from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member
from members.checkins.spell_steps import OPEN, State, Step, on_the_day
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import led_paths, under


class SpellReason(models.TextChoices):
    """DOMAIN §4: no more is asked."""

    WORK = "work", _("Working elsewhere")
    STUDY = "study", _("Study")
    FAMILY = "family", _("Living with family")
    OTHER = "other", _("Other")


class SpellState(models.TextChoices):
    PLANNED = State.PLANNED, _("Time away registered")
    AWAY = State.AWAY, _("Away")
    REPORTED = State.REPORTED, _("Reported in, waiting for the host")
    HOSTED = State.HOSTED, _("Reported in")
    RETURNED = State.RETURNED, _("Came back")
    TRANSFERRED = State.TRANSFERRED, _("Affiliation transferred")


class MobileSpellQuerySet(models.QuerySet):
    def open(self) -> "MobileSpellQuerySet":
        return self.filter(state__in=OPEN)

    def ended_since(self, day: date) -> "MobileSpellQuerySet":
        return self.filter(ended_on__gte=day)

    def present(self) -> "MobileSpellQuerySet":
        """Of people whose membership here has not ended: with it, contacts stop to be due and nobody hosts any more."""
        return self.filter(member__ended_on=None)

    def visible_to(self, user) -> "MobileSpellQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "MobileSpellQuerySet":
        """Of people who belong to a unit that this person leads (home)."""
        home = Affiliation.objects.open().filter(under("organisation__path", led_paths(user)))
        return self.filter(member_id__in=home.values("member_id"))

    def hosted_by(self, user) -> "MobileSpellQuerySet":
        """Of people who have reported in to a unit that this person leads (host)."""
        return self.open().present().filter(under("host__path", led_paths(user)))

    def asked_of(self, user) -> "MobileSpellQuerySet":
        """Of people who reported in, now or once, to a unit that this person leads."""
        asked = CheckIn.objects.filter(under("host__path", led_paths(user)), kind=CheckInKind.ARRIVAL)
        return self.present().filter(pk__in=asked.values("spell_id"))

    def received_until(self, day: date, *, user) -> "MobileSpellQuerySet":
        """Of people whom a unit that this person leads received, and whose time away has ended since that day."""
        return self.ended_since(day).filter(under("host__path", led_paths(user)))

    def kept_by(self, user) -> "MobileSpellQuerySet":
        """Of people with whom this person keeps in touch for the branch."""
        if not user.is_authenticated:
            return self.none()
        return self.open().present().filter(contact_person__user_id=user.pk, contact_person__ended_on=None)

    def in_touch_with(self, user) -> "MobileSpellQuerySet":
        """Of people of whom this person may say that they were in touch: the contact person, and who leads."""
        either = Q(pk__in=self.kept_by(user).values("pk")) | Q(pk__in=self.led_by(user).values("pk"))
        return self.open().present().filter(either)

    def as_spoken(self) -> "MobileSpellQuerySet":
        """By the name of the member as it is spoken."""
        return self.order_by("member__name_sound", "member__number", "pk")

    def among(self, spells: "Iterable[MobileSpell]") -> "MobileSpellQuerySet":
        """These and no others: a page of a list that was cut off before."""
        return self.filter(pk__in=[spell.pk for spell in spells])

    def with_home(self) -> "MobileSpellQuerySet":
        """Each with the name and the path of the unit the member belongs to: `home_name`, `home_path`."""
        home = Affiliation.objects.open().filter(member_id=OuterRef("member_id"))
        return self.annotate(
            home_name=Subquery(home.values("organisation__name")[:1]),
            home_path=Subquery(home.values("organisation__path")[:1]),
        )

    def contact_due(self, on: date) -> "MobileSpellQuerySet":
        return self.open().present().filter(contact_due_on__lte=on)


class MobileSpell(models.Model):
    """A time away from home (外出登记). The affiliation stays; a transfer is decided elsewhere and only noted here."""

    privacy = "export"

    member = models.ForeignKey(Member, models.CASCADE, related_name="spells")
    destination = models.CharField(_("county or city"), max_length=50)
    is_abroad = models.BooleanField(_("abroad"), default=False)
    reason = models.CharField(_("reason"), max_length=10, choices=SpellReason.choices)
    leaves_on = models.DateField(_("leaves on"))
    returns_on = models.DateField(_("expected back on"), null=True, blank=True)
    contact_person = models.ForeignKey(Member, models.SET_NULL, null=True, blank=True, related_name="+")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="hosted_spells")
    state = models.CharField(max_length=12, choices=SpellState.choices, default=SpellState.PLANNED)
    contact_due_on = models.DateField(null=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_on = models.DateField(null=True)
    sent_key = models.CharField(max_length=64, null=True)

    objects = MobileSpellQuerySet.as_manager()

    class Meta:
        verbose_name = _("time away")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(state__in=OPEN), name="one_open_spell"),
            models.UniqueConstraint(fields=["member", "sent_key"], name="a_time_away_is_sent_once"),
            models.CheckConstraint(
                condition=Q(returns_on=None) | Q(returns_on__gte=F("leaves_on")), name="spell_ends_after_it_begins"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def stands(self, today: date) -> State:
        return on_the_day(self.state, leaves_on=self.leaves_on, today=today)


class CheckInKind(models.TextChoices):
    ARRIVAL = Step.ARRIVAL, _("Reported in")
    CONFIRMED = Step.CONFIRMED, _("Confirmed by the host")
    DECLINED = Step.DECLINED, _("Not received by the host")
    CONTACT = Step.CONTACT, _("Contact with home")
    RETURNED = Step.RETURNED, _("Came back")
    TRANSFERRED = Step.TRANSFERRED, _("Affiliation transferred")
    REOPENED = Step.REOPENED, _("Taken up again")


class ContactWay(models.TextChoices):
    PHONE = "phone", _("By telephone")
    MESSAGE = "message", _("By message")
    IN_PERSON = "in_person", _("In person")


class CheckIn(models.Model):
    """One step in the story of a time away: reported in, confirmed, kept contact, came back."""

    privacy = "export"

    spell = models.ForeignKey(MobileSpell, models.CASCADE, related_name="check_ins")
    kind = models.CharField(max_length=12, choices=CheckInKind.choices)
    way = models.CharField(max_length=10, choices=ContactWay.choices, blank=True)
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_key = models.CharField(max_length=64, null=True)

    class Meta:
        verbose_name = _("check-in")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["spell", "sent_key"], name="a_step_is_sent_once")]
