"""What the frame of every page shows. Each fact is asked for only where a template names it."""

import time
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Site

from members.accounts.device import device_key
from members.accounts.queries import help_phone_above
from members.accounts.sessions import WHERE, Where
from members.organisation.rules import Rule
from members.roles.models import Role
from members.roles.policies import main_duty

KEPT_SECONDS = 20
READ_COOKIE = "read"
READ_SIZES = ("l", "xl")
GENERAL_RULES = ("installation.demo", "installation.help_phone", "consent.version")


class _General:
    """What is the same for everybody, kept for a moment: a page asks the database for it at most once in a while."""

    facts: dict[str, Any] = {}
    good_until = 0.0

    def __getitem__(self, key: str) -> Any:
        if time.monotonic() > self.good_until:
            self.facts, self.good_until = _read_general(), time.monotonic() + KEPT_SECONDS
        return self.facts.get(key)

    def forget(self) -> None:
        self.good_until = 0.0


def _read_general() -> dict[str, Any]:
    name = Site.objects.filter(is_default_site=True).values_list("site_name", flat=True).first()
    facts: dict[str, Any] = {"name": name or settings.WAGTAIL_SITE_NAME}
    rules = Rule.objects.filter(key__in=GENERAL_RULES, organisation=None, effective_from__lte=timezone.localdate())
    for rule in rules.order_by("effective_from", "pk"):
        facts[rule.key] = rule.value
    return facts


general = _General()


class House:
    """The house as one person sees it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.is_signed_in = self.user is not None and self.user.is_authenticated

    @property
    def icp(self) -> str:
        return settings.ICP_NUMBER

    @property
    def police(self) -> str:
        return settings.POLICE_NUMBER

    @cached_property
    def name(self) -> str:
        return general["name"]

    @cached_property
    def is_demo(self) -> bool:
        return general["installation.demo"] is True

    @cached_property
    def help_phone(self) -> str:
        nearest = help_phone_above(self.user) if self.is_signed_in else ""
        return nearest or general["installation.help_phone"] or ""

    @cached_property
    def help_tel(self) -> str:
        return "".join(sign for sign in self.help_phone if sign.isdigit() or sign == "+")

    @cached_property
    def elder(self) -> bool:
        chosen = self.user.elder_mode if self.is_signed_in else None
        return self.request.COOKIES.get(settings.ELDER_COOKIE) == "1" if chosen is None else chosen

    @cached_property
    def read(self) -> str:
        size = self.request.COOKIES.get(READ_COOKIE, "")
        return size if size in READ_SIZES else ""

    @cached_property
    def role_entry(self) -> str:
        """The third entry of the navigation: the same place for everybody, another page for each duty."""
        if not self.is_signed_in:
            return ""
        return {Role.ORGANISER: "organise", Role.SECRETARY: "branch"}.get(main_duty(self.user), "activities")

    @cached_property
    def is_shared(self) -> bool:
        """On a phone or computer that others use too, the account button says who is studying."""
        return self.is_signed_in and self.request.session.get(WHERE) == Where.SHARED

    @cached_property
    def device_key(self) -> str:
        """Under which scripts keep what belongs to this account on the device; tells nobody who it is."""
        return device_key(self.user.pk) if self.is_signed_in else ""

    @cached_property
    def person(self) -> str:
        return str(self.user) if self.is_signed_in else ""


def face(request: HttpRequest) -> dict:
    return {"house": House(request)}
