"""What the house holds about one person, found in Django's registry of models: no room is asked, none can be forgotten.

A model belongs to it when it says `privacy = "export"` and leads to a member or an account by links that cannot be
empty; of several such links the one straight to the member counts. A link that may be empty (who recorded it, who is
the contact) tells of somebody else and is not followed. The account and the member themselves stand first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst

from members.accounts.models import Member, User
from members.accounts.phones import open_phone
from members.privacy.wording import field_label

# Secrets, and what was only derived from other fields in order to find them.
WITHHELD = frozenset({"password", "phone_cipher", "phone_key", "phone_last4", "name_key", "session_round", "key_hash"})
FARTHEST = 3


@dataclass(frozen=True)
class Holding:
    """The rows of one model that are about one person: what each field is called, and what it says."""

    model: str
    label: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]


def exported_models() -> dict[type[models.Model], str]:
    """Every model that is handed out, with the lookup from it to the person: `member`, `enrolment__member`, `user`."""
    found = {}
    for model in apps.get_models():
        if vars(model).get("privacy") == "export" and (way := way_to_person(model)):
            found[model] = way
    return dict(sorted(found.items(), key=lambda each: each[0]._meta.label))


def way_to_person(model: type[models.Model], steps: int = FARTHEST) -> str:
    """The shortest way by links that cannot be empty; blank where there is none."""
    links = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey) and not field.null]
    for person in (Member, User):
        for link in links:
            if link.related_model is person:
                return link.name
    if steps > 1:
        for link in links:
            if further := way_to_person(link.related_model, steps - 1):
                return f"{link.name}__{further}"
    return ""


def holdings_of(user: User) -> Iterator[Holding]:
    """All that is held about the owner of this account, model by model."""
    member = Member.objects.visible_to(user).first()
    yield _holding(User, [user])
    if member is not None:
        yield _holding(Member, [member])
    for model, way in exported_models().items():
        person = user if _ends_at(model, way) is User else member
        if person is not None:
            shown = [field.name for field in _fields(model) if isinstance(field, models.ForeignKey)]
            rows = model._default_manager.filter(**{way: person}).select_related(*shown).order_by("pk")
            yield _holding(model, rows)


def _holding(model: type[models.Model], rows) -> Holding:
    fields = _fields(model)
    columns = {field.name: field_label(field) for field in fields}
    told = [{field.name: _plain(getattr(row, field.name)) for field in fields} for row in rows]
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


def _ends_at(model: type[models.Model], way: str) -> type[models.Model]:
    for name in way.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def _plain(value: Any) -> Any:
    """As JSON can say it; a row of another table by its name."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | models.Model):
        return str(value)
    return value
