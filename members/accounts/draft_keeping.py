"""Keeps and drops what somebody is typing."""

import json
from datetime import datetime, timedelta

from django.db import transaction

from members.accounts.drafts import Draft
from members.accounts.form_filling import Fields

KEY_LENGTH = 120
MOST_DRAFTS = 40
MOST_SIGNS = 300_000
KEPT_FOR = timedelta(days=90)


@transaction.atomic
def keep_draft(*, user_id: int, form_key: str, fields: Fields, now: datetime) -> bool:
    """The fields of one form as they stand now, in place of what was kept before; False for what is no draft."""
    has_text = any(value.strip() for values in fields.values() for value in values)
    is_fit = 0 < len(form_key) <= KEY_LENGTH and form_key.isprintable() and len(json.dumps(fields)) <= MOST_SIGNS
    if not (has_text and is_fit):
        return False
    own = Draft.objects.filter(user_id=user_id)
    own.older_than(now - KEPT_FOR).delete()
    Draft.objects.update_or_create(user_id=user_id, form_key=form_key, defaults={"fields": fields, "saved_at": now})
    surplus = list(own.order_by("-saved_at", "-pk").values_list("pk", flat=True)[MOST_DRAFTS:])
    if surplus:
        own.filter(pk__in=surplus).delete()
    return True


def drop_draft(*, user_id: int, form_key: str) -> None:
    """The form was taken, or its writer wants the draft no more."""
    Draft.objects.filter(user_id=user_id, form_key=form_key).delete()
