from dataclasses import dataclass
from datetime import datetime

from members.accounts.models import Member
from members.feedback.models import Feedback


@dataclass(frozen=True)
class Word:
    """One thing said in a thread: by its author, or by the unit that answers."""

    text: str
    at: datetime
    is_authors: bool


def words_of(feedback: Feedback) -> list[Word]:
    """The whole thread in its order, beginning with what was sent."""
    replies = feedback.replies.order_by("written_at", "pk")
    return [
        Word(feedback.text, feedback.sent_at, True),
        *(Word(each.text, each.written_at, each.written_by_id == feedback.author_id) for each in replies),
    ]


def author_of(feedback: Feedback) -> dict[str, str]:
    """Who wrote, for whoever has to answer: the name, and the unit to which this person belongs."""
    if feedback.author is None:
        return {}
    member = Member.objects.filter(user_id=feedback.author_id).first()
    unit = member.organisation_now() if member else None
    return {"name": str(member or feedback.author), "unit": str(unit or "")}
