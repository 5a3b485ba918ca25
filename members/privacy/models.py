from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.accounts.models import Member
from members.organisation.models import Organisation
from members.roles.policies import led_paths, under


class RequestKind(models.TextChoices):
    CORRECT = "correct", _("Correct something about me")
    ERASE = "erase", _("Erase what is held about me")


class RequestState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    DONE = "done", pgettext_lazy("data request", "Done")
    REFUSED = "refused", pgettext_lazy("data request", "Not done, with the reason")


class DataRequestQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DataRequestQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "DataRequestQuerySet":
        """Put to a unit that this person leads. Nobody answers oneself."""
        own = models.Q(member__user_id=user.pk)
        return self.filter(under("organisation__path", led_paths(user))).exclude(own)

    def open(self) -> "DataRequestQuerySet":
        return self.filter(state=RequestState.OPEN)

    def answered(self) -> "DataRequestQuerySet":
        return self.exclude(state=RequestState.OPEN)


class DataRequest(models.Model):
    """A member asks to have their data corrected or erased: with an owner, a day to answer by, a visible answer."""

    privacy = "export"
    on_erasure = "blank text answer: how a request was answered (PIPL Art. 50), as long as the unit"

    member = models.ForeignKey(Member, models.CASCADE, related_name="data_requests")
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    text = models.TextField(_("what is to be corrected or erased"), max_length=2000, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="data_requests")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    sent_at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True)
    kept = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about one's data")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"],
                condition=models.Q(state=RequestState.OPEN),
                name="one_open_request_of_a_kind",
            )
        ]

    def is_past_due(self, today: date) -> bool:
        return self.state == RequestState.OPEN and self.due_on < today
