"""What a member agrees to before studying online: the text in its versions, and who answered what, when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentText(models.Model):
    """One version of the text. A version that was once shown is never changed; a new one is asked anew."""

    version = models.PositiveSmallIntegerField(unique=True)
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("text of the consent")

    def __str__(self) -> str:
        return str(self.version)

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ConsentQuerySet":
        """One's own."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class Consent(models.Model):
    """One answer of one person to one version; the latest counts, earlier ones stay."""

    privacy = "export"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="answers")
    is_given = models.BooleanField()
    answered_at = models.DateTimeField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to the consent")
        ordering = ["answered_at", "pk"]
