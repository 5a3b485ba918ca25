from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import led_paths, under


class TransferState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the receiving unit")
    ACCEPTED = "accepted", _("Received")
    DECLINED = "declined", _("Not received")
    WITHDRAWN = "withdrawn", _("Withdrawn by the giving unit")
    LAPSED = "lapsed", _("No longer needed")


class TransferQuerySet(models.QuerySet):
    def open(self) -> "TransferQuerySet":
        """Waiting for an answer. Of who ended meanwhile, or belongs elsewhere by now, nothing is asked any more."""
        home = Affiliation.objects.open().filter(member=models.OuterRef("member"))
        here = models.Exists(home.filter(organisation=models.OuterRef("giving")))
        return self.filter(here, state=TransferState.PROPOSED, member__ended_on=None)

    def closed(self) -> "TransferQuerySet":
        return self.exclude(pk__in=TransferQuerySet(self.model).open().values("pk"))

    def visible_to(self, user) -> "TransferQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "TransferQuerySet":
        """Given or to be received by a unit that this person leads: both sides read one record."""
        paths = led_paths(user)
        return self.filter(under("giving__path", paths) | under("receiving__path", paths))

    def given_by(self, user) -> "TransferQuerySet":
        return self.filter(under("giving__path", led_paths(user)))

    def asked_of(self, user) -> "TransferQuerySet":
        """To be answered by this person."""
        return self.filter(under("receiving__path", led_paths(user)))


class Transfer(models.Model):
    """A move of a member between two units (转出/转入登记): proposed by one side, answered by the other.

    It records what people have decided; the National Party Member Information System is the register that counts.
    """

    privacy = "export"

    member = models.ForeignKey(Member, models.CASCADE, related_name="transfers")
    giving = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_out")
    receiving = models.ForeignKey(Organisation, models.PROTECT, related_name="transfers_in")
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.PROPOSED)
    note = models.CharField(_("a word to the other unit"), max_length=200, blank=True)
    reason = models.CharField(_("why not"), max_length=200, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer record")
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(state=TransferState.PROPOSED), name="one_open_transfer"
            ),
            models.CheckConstraint(condition=~Q(giving=F("receiving")), name="a_transfer_has_two_sides"),
            models.CheckConstraint(
                condition=Q(state=TransferState.PROPOSED, answered_at=None)
                | ~Q(state=TransferState.PROPOSED) & Q(answered_at__isnull=False),
                name="an_answered_transfer_has_its_day",
            ),
        ]
