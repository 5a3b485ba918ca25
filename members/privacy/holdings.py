"""What the house holds about one person, found in Django's registry of models: no room is asked, none can be forgotten.

A model belongs to it when it leads to a member or an account by links that cannot be empty, or names the link that it
is about (members.privacy.registry). A link that may be empty (who recorded it, who is the contact) tells of somebody
else and is not followed. The account and the member themselves stand first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from members.accounts.models import Member, User
from members.accounts.phones import open_phone
from members.privacy.registry import about_people, is_exported, person_at
from members.privacy.wording import field_label

# Secrets, and what was only derived from other fields in order to find them.
WITHHELD = frozenset(
    {
        "password",
        "phone_cipher",
        "phone_key",
        "phone_last4",
        "name_key",
        "name_sound",
        "name_initials",
        "session_key",
        "session_round",
        "key_hash",
        "dedupe_key",
        "sent_key",
    }
)


@dataclass(frozen=True)
class Holding:
    """The rows of one model that are about one person: what each field is called, and what it says."""

    model: str
    label: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]


def exported_models() -> dict[type[models.Model], str]:
    """Every model that is handed out, with the lookup from it to the person: `member`, `enrolment__member`, `user`."""
    found = {model: way for model, way in about_people() if is_exported(model)}
    return dict(sorted(found.items(), key=lambda each: each[0]._meta.label))


def holdings_of(user: User) -> Iterator[Holding]:
    """All that is held about the owner of this account, model by model."""
    member = Member.objects.visible_to(user).first()
    yield _holding(User, [user])
    if member is not None:
        yield _holding(Member, [member])
    for model, way in exported_models().items():
        person = person_at(model, way, user=user, member=member)
        if person is not None:
            shown = [field.name for field in _fields(model) if isinstance(field, models.ForeignKey)]
            rows = model._default_manager.filter(**{way: person}).select_related(*shown).order_by("pk")
            yield _holding(model, rows)


def _holding(model: type[models.Model], rows) -> Holding:
    fields = _fields(model)
    columns = {field.name: field_label(field) for field in fields}
    told = [{field.name: _told(row, field) for field in fields} for row in rows]
    if model is Member:
        columns["phone"] = field_label(Member._meta.get_field("phone_cipher"))
        told = [line | {"phone": open_phone(row.phone_cipher)} for line, row in zip(told, rows, strict=True)]
    return Holding(model._meta.label, str(capfirst(model._meta.verbose_name)), columns, told)


def _fields(model: type[models.Model]) -> list[models.Field]:
    """What is told of a row: no key, no secret, nothing about other people."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key
        and field.name not in WITHHELD
        and not (isinstance(field, models.ForeignKey) and field.related_model in (User, Member))
        and not (model is User and field.name in ("is_staff", "is_superuser", "email"))
    ]


def _told(row: models.Model, field: models.Field) -> Any:
    """Of a choice what people read, not how it is stored."""
    value = getattr(row, field.name)
    return str(row._get_FIELD_display(field)) if field.choices and value is not None else _plain(value)


def _plain(value: Any) -> Any:
    """As JSON can say it; a row of another table by its name."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
