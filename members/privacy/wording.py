"""What fields are called when they are handed out to the person they tell about."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kept:
    """Kinds of things that stay for one reason and one term."""

    what: str
    reason: str
    term: str


# What marks on models say (members.privacy.registry), in the words of an answer. A house test knows all of them.
REASONS = {
    "how a request was answered (PIPL Art. 50)": _("shows how a request was answered, as the law asks"),
    "study hours of the unit": _("belongs to the study hours of the unit, without your name"),
    "that a quiz was taken": _("belongs to the figures of the unit, without your name"),
    "that feedback was answered": _("shows that feedback was answered, without your name and words"),
    "that something was studied": _("belongs to the figures of the unit, without your name"),
    "the membership here goes on": _("is needed as long as you belong here"),
    "the record of organisational life": _("belongs to the record of organisational life"),
    "where counted figures belong": _("belongs to the figures of the unit, without your name"),
    "who saw or changed personal data (PIPL)": _("shows who looked at personal data; it holds no names"),
    "who was allowed what and when": _("shows who was allowed what, for the audit"),
}
TERMS = {
    "as long as the unit": _("as long as the unit exists"),
    "audit.retention": _("as long as the audit log, at least six months"),
    "until it has ended": _("until your membership here has ended; then it is erased too"),
}
WORDS: dict[str, Any] = {
    "about_title": _("About the page titled"),
    "about_url": _("Address of that page"),
    "activity": _("Activity"),
    "allowance_seconds": _("Seconds that may still be added"),
    "answer": _("Answer to me"),
    "answered_at": _("Answered at"),
    "at": _("Confirmed at"),
    "attempt": _("Which try"),
    "beats": _("Messages of the player already taken"),
    "category": _("Of which category"),
    "cleared_at": _("Help given at"),
    "cleared_by": _("Help noted as given by"),
    "needs_help": _("Needs help"),
    "set_by": _("Noted by"),
    "clock_at": _("Counted up to"),
    "closing": _("Closing of the year"),
    "code": _("Code on the paper"),
    "counted": _("Hours that counted when it was closed"),
    "digest": _("Seal of the record"),
    "figures": _("What the record says"),
    "issued_at": _("Issued at"),
    "lines": _("Keys of the lines that were counted"),
    "target": _("Hours asked in the year"),
    "comment": _("Comment"),
    "comment_notifications": _("Told of comments"),
    "completed_at": _("Completed at"),
    "consent_version": _("Version of the consent answered"),
    "contact_due_on": _("Contact due on"),
    "contentpath": _("Place in the page"),
    "counts_from": _("Counted from"),
    "covered_seconds": _("Seconds seen"),
    "created_at": _("Written at"),
    "date_joined": _("Account since"),
    "decided_at": _("Decided on"),
    "decline_reason": _("Why it is not recorded"),
    "device": _("Phone or computer"),
    "due_at": _("To be sent at"),
    "due_on": _("To be answered by"),
    "earned_on": _("Earned on"),
    "elder_mode": _("Version for elders"),
    "email": _("E-mail"),
    "ended_kind": _("How it ended"),
    "ended_on": _("Ended on"),
    "enrolment": _("In which plan"),
    "entry": _("Which line"),
    "erased_on": _("Erased on"),
    "evidence": _("How it was shown"),
    "feedback": _("Feedback about"),
    "fields": _("What was typed"),
    "flexible_study": _("Not required"),
    "form_key": _("In which form"),
    "given": _("Answer given"),
    "giving": _("From the unit"),
    "handed_in_at": _("Handed in at"),
    "happened_on": _("Happened on"),
    "has_consented": _("Agreed to online study"),
    "held_because": _("Held back because"),
    "held_on": _("Held on"),
    "host": _("Host unit"),
    "hours": _("Study hours"),
    "is_about_study": _("Asks about what is taught"),
    "is_active": _("Account is open"),
    "is_by_code": _("By the code of the activity"),
    "is_given": _("Agreed"),
    "is_passed": _("Passed"),
    "pass_percent": _("Passed from (of 100)"),
    "is_right": _("Right"),
    "item": _("What was studied"),
    "items_done": _("Items studied"),
    "joined_on": _("Joined the Party on"),
    "kept": _("What was kept, and why"),
    "is_exception": _("Left out of it"),
    "kind": _("Of which kind"),
    "last_login": _("Last signed in"),
    "left_on": _("Left the plan on"),
    "link": _("Where it leads"),
    "marked_at": _("Noted at"),
    "note": _("Note"),
    "number": _("Number"),
    "one_time_until": _("One-time code good until"),
    "organisation": _("Unit"),
    "page": _("Page"),
    "phone_cipher": _("Telephone"),
    "place": _("Place in the quiz"),
    "plan": _("Plan"),
    "plan_item": _("Item of the plan"),
    "points": _("Points"),
    "points_possible": _("Points possible"),
    "position": _("Position in the text"),
    "position_seconds": _("Where it was left, in seconds"),
    "proposed_at": _("Proposed at"),
    "question": _("Question"),
    "quiz": _("Quiz"),
    "read_at": _("Read at"),
    "reason": _("Reason"),
    "receiving": _("To the unit"),
    "recorded_at": _("Recorded at"),
    "registered_at": _("Registered at"),
    "resolved_at": _("Settled at"),
    "reverses": _("Takes back"),
    "revision_created": _("Revision"),
    "role": _("Role"),
    "rule_version": _("Version of the rule"),
    "saved_at": _("Kept at"),
    "sent_at": _("Sent at"),
    "set_at": _("Set at"),
    "signed_in_at": _("Signed in at"),
    "since": _("Since"),
    "source": _("Where it comes from"),
    "source_key": _("What the hours are for"),
    "spans": _("Stretches seen, in seconds"),
    "spell": _("Which time away"),
    "standing": _("Where it stands"),
    "started_at": _("Begun at"),
    "state": _("State"),
    "status": _("Category"),
    "study_way": _("Way of study"),
    "text": _("Text"),
    "title": _("Title"),
    "together": _("In which activity"),
    "topic": _("Topic"),
    "touched_at": _("Last studied at"),
    "until": _("Until"),
    "updated_at": _("Changed at"),
    "username": _("Number"),
    "value": _("Which of them"),
    "visit": _("Mark of the visit"),
    "way": _("In which way"),
    "where": _("Whose device"),
    "why": _("Why it was sent"),
    "withdrawn_at": _("Taken back at"),
    "withdrawn_reason": _("Why it was taken back"),
    "written_at": _("Written at"),
    "year": _("Counts in the year"),
}


def field_label(field: models.Field) -> str:
    """The word that people know; where none is written down, the field's own name."""
    return str(WORDS.get(field.name) or capfirst(field.verbose_name))


def say_kept(kept: list[dict]) -> list[Kept]:
    """What stays of a person, as whoever asked reads it: a reason and a term once, with all that it covers."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in kept:
        found.setdefault((each["reason"], each["term"]), []).append(kind_of_thing(each["what"]))
    listed = str(_("; "))
    return [
        Kept(listed.join(dict.fromkeys(things)), str(REASONS.get(reason, reason)), str(TERMS.get(term, term)))
        for (reason, term), things in found.items()
    ]


def kind_of_thing(label: str) -> str:
    """What a model is called; its own label where it is gone from the house."""
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except LookupError:
        return label
