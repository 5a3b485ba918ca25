"""Asking for consent to online study: who must be asked, what an answer changes, a new version of the text."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from members.accounts.consent import Consent, ConsentText
from members.accounts.context import general
from members.accounts.membership import arrange_study
from members.accounts.models import Member, StudyWay, User
from members.audit.actions import record_event
from members.organisation.rules import Rule

VERSION_RULE = "consent.version"


def must_be_asked(user) -> bool:
    """A member who has not answered the version in force; staff who are no members study nothing."""
    member = getattr(user, "member", None) if user.is_authenticated else None
    return member is not None and member.ended_on is None and user.consent_version < (general[VERSION_RULE] or 0)


@transaction.atomic
def answer_consent(*, user: User, text: ConsentText, is_given: bool, now: datetime) -> None:
    """Keeps the answer. Declined: the member studies on paper, without disadvantage; agreed after that: online again.

    The same answer given twice stands once.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("member").get(pk=user.pk)
    if (user.consent_version, user.has_consented) == (text.version, is_given):
        return
    had_declined = user.has_declined
    Consent.objects.create(user=user, text=text, is_given=is_given, answered_at=now)
    user.consent_version, user.has_consented = text.version, is_given
    user.save(update_fields=["consent_version", "has_consented"])
    record_event("consent.given" if is_given else "consent.declined", now=now, actor=user, about=user)
    _arrange(user.member, is_given=is_given, had_declined=had_declined, now=now)


def _arrange(member: Member, *, is_given: bool, had_declined: bool, now: datetime) -> None:
    """Agreeing changes a way of study only where declining had set it."""
    way = member.study_way
    if not is_given and way == StudyWay.ONLINE:
        way = StudyWay.PAPER
    elif is_given and had_declined and way == StudyWay.PAPER:
        way = StudyWay.ONLINE
    arrange_study(member=member, study_way=way, flexible_study=member.flexible_study, actor=member.user, now=now)


@transaction.atomic
def issue_text(*, text: str, actor: User | None, now: datetime) -> ConsentText:
    """A new version, in force at once: everybody is asked at their next page. The same text changes nothing."""
    last = text_in_force()
    if last.text.split() == text.split():
        return last
    issued = ConsentText.objects.create(version=last.version + 1, text=text, since=now)
    source, day = f"同意书第 {issued.version} 版", timezone.localdate(now)
    Rule.objects.update_or_create(
        key=VERSION_RULE, effective_from=day, organisation=None, defaults={"value": issued.version, "source": source}
    )
    record_event("consent.issued", now=now, actor=actor, about=issued)
    general.forget()
    return issued


def text_in_force() -> ConsentText:
    return ConsentText.objects.order_by("version").last()
