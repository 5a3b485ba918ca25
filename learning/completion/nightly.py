"""Once a night the house counts anew and says where its figures differ. It reports and never mends by itself."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from learning.claims.checking import check_claims
from learning.completion.models import NightlyCheck
from learning.completion.recount import wrong_days, wrong_help, wrong_tallies
from learning.hours.checking import check_hours
from members.accounts.models import Member
from members.audit.actions import record_event
from members.messages.actions import Notice, enqueue_all
from members.roles.models import Role, RoleGrant

logger = logging.getLogger(__name__)

HOUR = 2  # from then on few people study
# What is checked: how many figures differ from the records under them. Each looks only.
CHECKS: dict[str, Callable[[], int]] = {
    "tallies": lambda: len(wrong_tallies()),
    "days": lambda: len(wrong_days()),
    "help": wrong_help,
    "hours": lambda: len(check_hours()),
    "claims": lambda: len(check_claims()),
}


def nightly_checks(*, now: datetime) -> list[NightlyCheck]:
    """Runs what has not run today yet, from two in the morning on; what differs is told to the administrators."""
    today = timezone.localdate(now)
    if timezone.localtime(now).hour < HOUR:
        return []
    done = set(NightlyCheck.objects.filter(day=today).values_list("subject", flat=True))
    return [run_check(subject, now=now) for subject in CHECKS if subject not in done]


def run_check(subject: str, *, now: datetime) -> NightlyCheck:
    """One check, now. Where something differs it looks twice: a unit that moves meanwhile is no difference."""
    look = CHECKS[subject]
    wrong = look() and look()
    with transaction.atomic():
        found = {"checked_at": now, "wrong": wrong}
        day = timezone.localdate(now)
        check = NightlyCheck.objects.update_or_create(day=day, subject=subject, defaults=found)[0]
        if wrong:
            logger.error("%s: %d figures differ from what they are counted from", subject, wrong)
            record_event("figures.differ", now=now, about=check, detail={"subject": subject, "wrong": wrong})
            _tell(check, now=now)
    return check


def _tell(check: NightlyCheck, *, now: datetime) -> None:
    grants = RoleGrant.objects.live(now).filter(role=Role.SYSTEM_ADMIN, user__is_active=True)
    to = Member.objects.present().filter(user__in=grants.values("user_id"))
    text = _("%(number)d figures differ from the records under them. Please run: manage.py doctor")
    enqueue_all(
        (
            Notice(
                to=member,
                topic="house.figures",
                title=_("Figures differ"),
                text=text % {"number": check.wrong},
                why=_("You are system administrator"),
                dedupe=f"house.figures/{check.subject}/{check.day}/{member.pk}",
            )
            for member in to
        ),
        now=now,
    )
