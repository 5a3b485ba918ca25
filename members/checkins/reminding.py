"""Who keeps in touch with somebody away is told when the day has come: a duty of theirs, never of the member."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.accounts.models import Member
from members.checkins.models import MobileSpell
from members.messages.actions import Notice, enqueue_all
from members.messages.queries import held_of

TOPIC = "mobile.contact"
LIST = "/checkins/contacts/"


@transaction.atomic
def remind_contact_persons(*, now: datetime) -> int:
    """One message to each contact person for whom a day has come; how many are new. Turning it twice changes nothing.

    No name stands in it: the list behind the link knows who is meant, for as long as it concerns the reader.
    """
    today = timezone.localdate(now)
    due = MobileSpell.objects.contact_due(today).filter(contact_person__ended_on=None)
    numbers = Counter(due.exclude(contact_person=None).values_list("contact_person_id", flat=True))
    silent = held_of(list(numbers), topic=TOPIC, now=now)
    people = Member.objects.present().in_bulk(set(numbers) - set(silent))
    return enqueue_all([_notice(each, numbers[pk], now) for pk, each in people.items()], now=now)


def _notice(to: Member, number: int, now: datetime) -> Notice:
    title = ngettext(
        "It is time to get in touch with %(number)s member who is away",
        "It is time to get in touch with %(number)s members who are away",
        number,
    )
    return Notice(
        to=to,
        topic=TOPIC,
        title=title % {"number": number},
        text=_("Please call or write to them, then record it: two taps are enough. The list says who it is."),
        why=_("You are their contact person, and the day for the next contact has come. At most once a week."),
        dedupe=f"{TOPIC}/{to.pk}/{timezone.localdate(now).isoformat()}",
        link=LIST,
    )
