"""A forgotten password by e-mail, for whoever has set an address of their own. Every visitor is answered alike."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.accounts.backend import account_named
from members.accounts.credentials import choose_password
from members.accounts.locks import unlock
from members.accounts.models import Member, User
from members.audit.actions import record_event

TRY_FOR = timedelta(hours=1)
AT_ONCE = 50


class Letter(models.Model):
    """Asked for, and not sent yet; without an account where the name that was typed is nobody's."""

    privacy = "erase"
    not_exported = "gone as soon as the letter is sent, within the hour"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("letter")


def email_of(user: User) -> str:
    """A member's address stands in the register, a staff account's with the account."""
    member = getattr(user, "member", None)
    return member.email if member is not None else user.email


def ask_for_letter(*, typed: str, now: datetime) -> None:
    """Notes that a letter is wanted: one row, whoever was named, so that the answer tells nothing."""
    Letter.objects.create(user=account_named(typed), asked_at=now)


def send_letters(*, now: datetime) -> None:
    """Sends what is due. What cannot be sent is tried for an hour; what is nobody's goes."""
    for letter in Letter.objects.select_related("user__member").order_by("pk")[:AT_ONCE]:
        if not _has_address(letter.user) or now - letter.asked_at > TRY_FOR:
            letter.delete()
        elif _send(letter.user):
            record_event("account.letter_sent", now=now, actor=None, about=letter.user)
            letter.delete()


def account_of_letter(uid: str, token: str) -> User | None:
    """Whose letter it is, while it is good: for an hour, and until a password was chosen or somebody signed in."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
    except (ValueError, OverflowError):
        return None
    user = User.objects.select_related("member").filter(pk=pk).first()
    is_good = user is not None and user.is_admitted and default_token_generator.check_token(user, token)
    return user if is_good else None


def choose_password_by_letter(*, user: User, password: str, now: datetime) -> None:
    """The password of one's own; the letter, a card, a lock and every open session end. The second step stays."""
    choose_password(user=user, password=password, now=now)
    record_event("account.password_by_letter", now=now, actor=user, about=user)
    unlock(user)


@transaction.atomic
def set_email(*, user: User, address: str, now: datetime) -> None:
    """The address to which a letter may go; blank takes it away."""
    member = Member.objects.filter(user=user).first()
    if member is not None:
        member.email = address
        member.save(update_fields=["email"])
    else:
        user.email = address
        user.save(update_fields=["email"])
    record_event("account.email_changed", now=now, actor=user, about=user)


def _has_address(user: User | None) -> bool:
    return user is not None and user.is_admitted and bool(email_of(user))


def _send(user: User) -> bool:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("members:open_letter", args=[uid, default_token_generator.make_token(user)])
    text = render_to_string("members/letter.txt", {"address": settings.WAGTAILADMIN_BASE_URL.rstrip("/") + path})
    return post(email_of(user), _("A new password"), text)


def post(address: str, subject: str, text: str) -> bool:
    """False where the mail server did not take it."""
    try:
        return send_mail(subject, text, None, [address]) == 1
    except OSError:  # smtplib's own errors, too
        return False
