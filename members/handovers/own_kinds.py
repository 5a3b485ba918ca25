"""What the corners of this room leave open: typed text, records of activities, contacts, feedback."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.accounts.drafts import Draft
from members.accounts.models import Member
from members.activities.kinds import OPEN, ActivityState
from members.activities.models import Activity, Holding
from members.checkins.actions import hand_on_contact
from members.checkins.models import MobileSpell
from members.checkins.wording import day, say_contact_due
from members.feedback.actions import hand_on_feedback
from members.feedback.models import Feedback
from members.handovers.kinds import OpenKind, Thing, register
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Affiliation, Organisation
from members.roles.policies import superior_paths, under

WRITTEN_AS_LEADER = {
    "record": gettext_lazy("The record of an activity"),
    "activity": gettext_lazy("An activity being entered"),
    "return": gettext_lazy("Why a record is returned"),
    "reopen": gettext_lazy("Why a record is opened again"),
    "answer": gettext_lazy("An answer to feedback"),
    "contact": gettext_lazy("A contact with a member who is away"),
    "decline": gettext_lazy("An answer to who reported in"),
    "away-of": gettext_lazy("A time away being registered"),
}


def under_any(field: str, paths: Collection[str] | None) -> Q:
    return Q() if paths is None else under(field, list(paths))


class TypedText(OpenKind):
    """Only its writer reads it, so nobody else can finish it: it is listed without a word of it."""

    name, place = "drafts", 90
    is_checked = False
    is_reassigned = True  # it stays with its writer
    label = gettext_lazy("Typed and not sent yet")
    after = gettext_lazy("Only the writer can read it: please send it, or write it down, before the last day.")

    def open_rows(self, paths, *, writer_id=None):
        if writer_id is None:
            return Draft.objects.none()
        kinds = Q()
        for word in WRITTEN_AS_LEADER:
            kinds |= Q(form_key__startswith=f"{word}:")
        return Draft.objects.filter(kinds, user_id=writer_id).order_by("saved_at")

    def rows(self, pks):
        return Draft.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        return [
            Thing(self.name, each.pk, _title_of(each), _since(each.saved_at), "", each.user_id, is_kept=True)
            for each in rows
        ]


class OpenActivities(OpenKind):
    name, place = "activities", 30
    label = gettext_lazy("Activities not recorded or not submitted yet")
    after = gettext_lazy("The successor goes on with them at the branch's bench.")

    def open_rows(self, paths, *, writer_id=None):
        led = Holding.objects.filter(under_any("organisation__path", paths), is_lead=True)
        return Activity.objects.filter(pk__in=led.values("activity_id"), state__in=OPEN)

    def rows(self, pks):
        return Activity.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        found = rows.order_by("starts_at", "pk").prefetch_related("holdings__organisation")
        return [self._thing(each) for each in found]

    def _thing(self, activity: Activity) -> Thing:
        about = day(timezone.localdate(activity.starts_at))
        if activity.state == ActivityState.RETURNED:
            about += _(", returned for changes")
        address = reverse("activities:record", args=[activity.pk])
        return Thing(self.name, activity.pk, activity.topic, about, activity.lead.path, activity.made_by_id, address)


class Contacts(OpenKind):
    """A contact person needs no role, but belongs to the branch of whoever is away."""

    name, place = "contacts", 20
    label = gettext_lazy("Members away, with whom to keep in touch")
    after = gettext_lazy("The successor becomes the contact person.")
    take_up = gettext_lazy("Choose a contact person")
    needs_owner = is_reassigned = True

    def open_rows(self, paths, *, writer_id=None):
        home = Affiliation.objects.open().filter(under_any("organisation__path", paths))
        return MobileSpell.objects.open().present().filter(member_id__in=home.values("member_id"))

    def rows(self, pks):
        return MobileSpell.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        theirs = Affiliation.objects.open().filter(member_id=OuterRef("contact_person_id"))
        with_path = rows.annotate(contact_path=Subquery(theirs.values("organisation__path")[:1]))
        found = list(with_path.with_home().select_related("member", "contact_person").order_by("contact_due_on", "pk"))
        branches = _branch_paths({each.home_path for each in found if each.home_path})
        today = timezone.localdate(now)
        return [self._thing(each, branches.get(each.home_path, ""), today) for each in found]

    def _thing(self, spell: MobileSpell, branch: str, today: date) -> Thing:
        contact = spell.contact_person
        is_kept = contact is not None and not contact.ended_on and (spell.contact_path or "").startswith(branch)
        title = _("%(name)s, number ending in %(digits)s") % {
            "name": spell.member.name,
            "digits": spell.member.number[-2:],
        }
        about = _("%(unit)s, %(due)s") % {"unit": spell.home_name or "", "due": say_contact_due(spell, today=today)}
        owner_id = contact.user_id if contact else None
        address = reverse("members:change_away", args=[spell.pk])
        return Thing(self.name, spell.pk, title, about, spell.home_path or "", owner_id, address, is_kept)

    def pass_on(self, pk, *, to, actor, now):
        member = Member.objects.present().filter(user_id=to.pk).first()
        spell = MobileSpell.objects.filter(pk=pk).first()
        if member is None or spell is None:
            return False
        return hand_on_contact(spell=spell, contact_person=member, actor=actor, now=now)


class FeedbackToAnswer(OpenKind):
    name, place = "feedback", 10
    label = gettext_lazy("Feedback to be answered")
    after = gettext_lazy("The successor answers it.")
    take_up = gettext_lazy("Answer it")
    needs_owner = is_reassigned = True

    def open_rows(self, paths, *, writer_id=None):
        return Feedback.objects.open().filter(under_any("organisation__path", paths))

    def rows(self, pks):
        return Feedback.objects.filter(pk__in=pks)

    def things(self, rows: QuerySet, *, now: datetime) -> list[Thing]:
        return [self._thing(each) for each in rows.select_related("organisation").order_by("due_on", "pk")]

    def _thing(self, feedback: Feedback) -> Thing:
        title = _("About “%(title)s”") % {"title": feedback.about_title}
        about = _("to be answered by %(day)s") % {"day": day(feedback.due_on)}
        path = feedback.organisation.path if feedback.organisation else ""
        address = reverse("members:feedback_answer", args=[feedback.pk])
        return Thing(self.name, feedback.pk, title, about, path, feedback.owner_id, address)

    def pass_on(self, pk, *, to, actor, now):
        feedback = Feedback.objects.filter(pk=pk).first()
        return feedback is not None and hand_on_feedback(feedback=feedback, owner=to, actor=actor, now=now)


def _branch_paths(paths: Collection[str]) -> dict[str, str]:
    """For each of these units the path of its branch: a group's members belong to the branch above it."""
    above = {prefix for path in paths for prefix in superior_paths(path)}
    branches = set(Organisation.objects.filter(path__in=above, kind__in=BRANCH_KINDS).values_list("path", flat=True))
    return {path: min((each for each in superior_paths(path) if each in branches), default=path) for path in paths}


def _title_of(draft: Draft) -> str:
    return str(WRITTEN_AS_LEADER.get(draft.form_key.partition(":")[0], _("Typed text")))


def _since(moment: datetime) -> str:
    return _("written on %(day)s") % {"day": day(timezone.localdate(moment))}


for kind in (FeedbackToAnswer(), Contacts(), OpenActivities(), TypedText()):
    register(kind)
