"""The demo's transfer records: one to answer, one that waits, one that was declined; nobody's affiliation changes."""

from datetime import datetime, timedelta

from members.accounts.models import Member
from members.organisation.models import Organisation
from members.transfers.actions import decline_transfer, propose_transfer

DECLINED = "这位同志住在长堤，请向长堤社区党委登记。"
# From where, where to, how many days ago, a word.
ASKED = (
    ("LW0201", "LW0101", 4, "已搬到柳荫，本人提出转来。"),
    ("LW0101", "LW0501", 9, "在新园上班三年，本人提出转去。"),
    ("LW0101", "LW0301", 30, ""),
)


def load_transfers(*, now: datetime) -> None:
    """Where a small demo lacks a person or a unit, a record is left out."""
    units = Organisation.objects.in_bulk(field_name="code")
    for code, receiving, days, note in ASKED:
        people = Member.objects.present().counted().filter(transfers=None, posts=None, spells=None)
        member = people.affiliated_under(units[code]).order_by("-number").first() if code in units else None
        if member is None or receiving not in units:
            continue
        then = now - timedelta(days=days)
        asked = propose_transfer(member=member, receiving=units[receiving], actor=None, now=then, note=note)
        if not note:
            decline_transfer(transfer=asked, reason=DECLINED, actor=None, now=then + timedelta(days=2))
