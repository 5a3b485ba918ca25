"""One's own sessions: since when, on what kind of device, and ending one; nothing that tells two devices apart."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from members.accounts.models import User
from members.audit.actions import record_event
from members.organisation.rules import Rule
from members.roles.policies import must_take_two_steps

WHERE = "where"  # in the session: what was chosen at the sign-in
COOKIE = "signed_in"
KEPT_AS = "kept_as"  # in the session: under which key its row stands
TOUCHED = "touched"
TOUCH_SECONDS = 60
OF_A_PHONE = ("Mobi", "Android", "iPhone", "iPad", "HarmonyOS", "MicroMessenger")


class Where(models.TextChoices):
    OWN = "own", _("My own phone or computer")
    SHARED = "shared", _("Shared with the family or others")


class DeviceKind(models.TextChoices):
    PHONE = "phone", _("Phone or tablet")
    COMPUTER = "computer", _("Computer")


class OwnSessionQuerySet(models.QuerySet):
    def visible_to(self, user) -> "OwnSessionQuerySet":
        """One's own, and nobody else's."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class OwnSession(models.Model):
    """A session as its owner sees it; the key leads to the session itself, which says whether it still holds."""

    privacy = "erase"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="own_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    signed_in_at = models.DateTimeField()
    device = models.CharField(max_length=10, choices=DeviceKind.choices)
    where = models.CharField(max_length=10, choices=Where.choices)

    objects = OwnSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("own session")


def device_of(request: HttpRequest) -> DeviceKind:
    """A coarse word; what the browser says of itself is kept nowhere."""
    agent = request.headers.get("User-Agent", "")
    return DeviceKind.PHONE if any(word in agent for word in OF_A_PHONE) else DeviceKind.COMPUTER


def default_where(request: HttpRequest) -> str:
    """What was chosen here the last time; at first a phone is one's own, and a computer is anybody's.

    Where two people have signed in it is shared, until somebody says otherwise.
    """
    last = request.COOKIES.get(COOKIE, "").partition(".")[0]
    first = Where.OWN if device_of(request) == DeviceKind.PHONE else Where.SHARED
    return last if last in Where.values else first


def remember_where(request: HttpRequest, response: HttpResponse, of: str) -> None:
    """For the next sign-in on this device: what was chosen, and by whom (a key that tells nobody who it is)."""
    last = request.COOKIES.get(COOKIE, "").partition(".")[2]
    where = Where.SHARED if last and last != of else request.session.get(WHERE)
    year = int(timedelta(days=365).total_seconds())
    response.set_cookie(COOKIE, f"{where}.{of}", year, httponly=True, secure=request.is_secure(), samesite="Lax")


def open_session(request: HttpRequest, user: User, *, now: datetime) -> None:
    """Notes the session that has just begun, and for how long it holds; what of the past is over goes."""
    session = request.session
    session[WHERE] = where = str(session.get(WHERE) or default_where(request))
    hold_session(request, user, now=now)
    session[KEPT_AS] = session.session_key
    held = {"signed_in_at": now, "device": device_of(request), "where": where}
    with transaction.atomic():
        known = OwnSession.objects.filter(user=user)
        keys = known.values_list("session_key", flat=True)
        alive = Session.objects.filter(session_key__in=list(keys), expire_date__gt=now).values_list("pk", flat=True)
        known.exclude(session_key__in=list(alive)).delete()
        OwnSession.objects.update_or_create(session_key=session.session_key, defaults={"user": user, **held})


def hold_session(request: HttpRequest, user: User, *, now: datetime) -> None:
    """On one's own phone for half a year, on a shared one while somebody is there: the rules say how long."""
    request.session.set_expiry(_seconds(user, request.session.get(WHERE), now))
    request.session[TOUCHED] = int(now.timestamp())


def follow_session(request: HttpRequest, *, now: datetime) -> None:
    """The row keeps to its session when that gets a new key; a shared one holds on while somebody is there."""
    session = request.session
    kept_as = session.get(KEPT_AS)
    if kept_as and session.session_key and kept_as != session.session_key:
        OwnSession.objects.filter(session_key=kept_as).update(session_key=session.session_key)
        session[KEPT_AS] = session.session_key
    if session.get(WHERE) == Where.SHARED and now.timestamp() - session.get(TOUCHED, 0) > TOUCH_SECONDS:
        session[TOUCHED] = int(now.timestamp())


def sessions_of(user: User, *, now: datetime) -> list[OwnSession]:
    """The sessions that still hold, the newest first."""
    rows = OwnSession.objects.visible_to(user).order_by("-signed_in_at", "-pk")
    found = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=now)
    holding = {each.session_key for each in found if _is_of(each, user)}
    return [row for row in rows if row.session_key in holding]


@transaction.atomic
def end_session(*, own: OwnSession, actor: User, now: datetime) -> None:
    """That device is signed out at its next request."""
    Session.objects.filter(session_key=own.session_key).delete()
    own.delete()
    record_event("account.session_ended", now=now, actor=actor, about=actor)


def forget_session(session_key: str | None) -> None:
    """Somebody signed out: nothing of the session is left."""
    OwnSession.objects.filter(session_key=session_key).delete()


def _is_of(session: Session, user: User) -> bool:
    """Not one that ended when the password changed, or when all others were signed out."""
    return constant_time_compare(session.get_decoded().get("_auth_user_hash", ""), user.get_session_auth_hash())


def _seconds(user: User, where: str, now: datetime) -> int:
    if where == Where.SHARED:
        return int(timedelta(minutes=_rule("session.shared_idle_minutes", now)).total_seconds())
    key = "session.duty_days" if must_take_two_steps(user) else "session.own_days"
    return int(timedelta(days=_rule(key, now)).total_seconds())


def _rule(key: str, now: datetime) -> int:
    return Rule.objects.value(key, on=timezone.localdate(now))
