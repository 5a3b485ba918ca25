"""Erasing a person: what is not needed goes at once, all the rest when the membership here is over.

What stays by rule is named with its reason and its term. Counted figures do not move: the rows that they were counted
from stay, and lead to a person without a name.
"""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member, User
from members.accounts.phones import SealedPhone
from members.audit.actions import record_event
from members.audit.models import AuditEvent
from members.checkins.models import MobileSpell
from members.imports.actions import drop_naming
from members.imports.undoing import forget_people
from members.organisation.models import Post
from members.privacy.queries import outlook_of
from members.privacy.registry import Fate, about_people, fate_of, person_at
from members.roles.models import RoleGrant

NOBODY = "已删除"
AT_ONCE = ("Draft", "Message", "Progress", "Feedback", "Reply")


class NotErased(Exception):
    """A sentence: what has to be done first."""


@transaction.atomic
def erase_surplus(*, member: Member, actor: User | None, now: datetime) -> list[dict]:
    """While the membership lasts: telephone, e-mail, messages, drafts, traces of study, the name under feedback."""
    _apply(member, only=AT_ONCE)
    _forget_address(member)
    _record("member.surplus_erased", member, actor, now)
    return outlook_of(member).kept


@transaction.atomic
def erase_member(*, member: Member, actor: User | None, now: datetime) -> list[dict]:
    """All that no rule keeps; what is kept, for the answer. Done twice it changes nothing more. Raises NotErased."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    user = User.objects.filter(pk=member.user_id).first()
    _check(member, user, now)
    is_first = member.erased_on is None
    kept = outlook_of(member).kept
    _apply(member)
    MobileSpell.objects.filter(contact_person=member).update(contact_person=None)
    forget_people([member.pk])
    drop_naming([member.number, member.name])
    _forget_sessions(user)
    _forget_address(member)
    _make_nobody(member, user, now=now)
    if is_first:
        _record("member.erased", member, actor, now)
    return kept


def forget_on_disk(*, since: datetime) -> None:
    """SQLite overwrites what it frees; what its journal still holds of who was erased since then goes too.

    To be called outside a transaction.
    """
    erased = AuditEvent.objects.filter(action__in=("member.erased", "member.surplus_erased"), at__gte=since)
    if connection.vendor == "sqlite" and erased.exists():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check(member: Member, user: User | None, now: datetime) -> None:
    if member.ended_on is None:
        raise NotErased(_("The membership here has not ended yet. First note its end, then erase."))
    if Post.objects.filter(member=member, until=None).exists():
        raise NotErased(_("This person still holds a post. First end it, then erase."))
    if user is not None and RoleGrant.objects.of(user).live(now).exists():
        raise NotErased(_("This person still has a role here. First end it, then erase."))


def _apply(member: Member, *, only: tuple[str, ...] = ()) -> None:
    """Walks every model about people, and deletes or blanks the rows."""
    for model, way in about_people():
        person = person_at(model, way, user=member.user, member=member)
        if person is None or (only and model.__name__ not in only):
            continue
        rows, fate = model._default_manager.filter(**{way: person}), fate_of(model)
        if fate.deed == "delete":
            rows.delete()
        elif fate.deed == "blank":
            _blank(model, rows, fate)


def _blank(model: type[models.Model], rows: models.QuerySet, fate: Fate) -> None:
    fields = {name: model._meta.get_field(name) for name in fate.fields}
    empty = {name: None if field.null else field.get_default() for name, field in fields.items()}
    model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True))).update(**empty)


def _forget_address(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(email="", **asdict(SealedPhone("", "", "")))
    User.objects.filter(pk=member.user_id).update(email="")


def _forget_sessions(user: User | None) -> None:
    """A session remembers under which name it was opened."""
    if user is None:
        return
    store = import_module(settings.SESSION_ENGINE).SessionStore
    with suppress(AttributeError):
        for session in store.get_model_class().objects.iterator(chunk_size=500):
            if session.get_decoded().get("_auth_user_id") == str(user.pk):
                session.delete()


def _make_nobody(member: Member, user: User | None, *, now: datetime) -> None:
    member.number, member.name, member.name_key = f"x{member.pk}", NOBODY, ""
    member.joined_on, member.erased_on = None, member.erased_on or timezone.localdate(now)
    member.save(update_fields=["number", "name", "name_key", "joined_on", "erased_on"])
    if user is not None:
        user.username, user.display_name, user.password = f"x{member.pk}", "", make_password(None)
        user.is_active, user.elder_mode, user.last_login, user.one_time_until = False, None, None, None
        user.has_consented, user.consent_version = False, 0
        user.save()


def _record(action: str, member: Member, actor: User | None, now: datetime) -> None:
    unit = member.affiliations.order_by("-since", "-pk").values_list("organisation__code", flat=True).first()
    record_event(action, now=now, actor=actor, about=member, organisation=unit or "")
