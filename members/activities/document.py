"""A record as a Word document. Whatever somebody typed appears as typed: nothing in it is a command or a tag."""

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate

from members.activities.queries import Record
from members.activities.wording import say_attendance, say_hours, say_kinds, say_record, say_when, say_where
from members.activities.worth import worth_of

TEMPLATE = Path(__file__).with_name("record.docx")
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOBODY = "—"


def write_record(record: Record, *, now: datetime) -> BytesIO:
    """The file, ready to be read from its beginning."""
    document = DocxTemplate(TEMPLATE)
    document.render(_said(record, now=now), autoescape=True)
    file = BytesIO()
    document.save(file)
    file.seek(0)
    return file


def _said(record: Record, *, now: datetime) -> dict[str, Any]:
    activity, roster = record.activity, record.roster
    guests = {line.member.pk for line in roster.guests}
    own = [line for line in roster.lines if line.member.pk not in guests]
    said = {
        "topic": activity.topic,
        "kinds": say_kinds(activity),
        "units": _names([holding.organisation.name for holding in activity.holdings.all()]),
        "when": say_when(activity, now=now),
        "where": say_where(activity) or NOBODY,
        "host": str(activity.host or NOBODY),
        "recorder": str(activity.recorder or NOBODY),
        "attendance": say_attendance(roster),
        "present": _names([line.name for line in own if line.took_part and not line.is_late]),
        "late": _names([line.name for line in own if line.is_late]),
        "on_leave": _names(roster.on_leave),
        "absent": _names(roster.absent),
        "guests": _names([line.name for line in roster.guests if line.took_part]),
        "hours": _("%(hours)s study hours for each") % {"hours": say_hours(worth_of(activity))},
        "state": say_record(activity, now=now)[1],
        "statement": _(
            "Study hours are recorded for arranging study and for reminders; they are not a basis for appraisal."
        ),
    }
    plain = {name: _plain(value) for name, value in said.items()}
    return plain | {"minutes": [_plain(line) for line in record.minutes.splitlines() if line.strip()] or [NOBODY]}


def _names(names: list[str]) -> str:
    return _("; ").join(names) or NOBODY


def _plain(text: str) -> str:
    """Without the control characters that no Word document can hold; docxtpl's own marks are kept apart."""
    return NOT_IN_XML.sub("", text).replace("{_{", "{\u200b_{").replace("}_}", "}_\u200b}")
