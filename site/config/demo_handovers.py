"""The demo's hand-over: a deputy secretary's term has ended, and what was open waits for the secretary."""

from datetime import datetime, timedelta

from config.demo.tree import ROOT
from members.accounts.codes import issue_code
from members.accounts.models import Member, User
from members.checkins.actions import hand_on_contact
from members.checkins.models import MobileSpell
from members.feedback.actions import hand_on_feedback
from members.feedback.models import Feedback
from members.handovers.actions import start_handover
from members.organisation.models import Affiliation, Organisation
from members.roles.actions import end_grant, grant_role
from members.roles.models import Role
from members.roles.policies import nearest_leader

BRANCH = f"{ROOT}0101"
TERM = timedelta(days=200)


def load_handovers(*, now: datetime) -> None:
    """The deputy kept in touch with two who are away; where a small demo has no deputy, nothing happens."""
    _name_who_answers(now=now)
    branch = Organisation.objects.get(code=BRANCH)
    held = Member.objects.present().filter(posts__organisation=branch, posts__until=None)
    deputy = held.filter(posts__kind="deputy_secretary").order_by("number").first()
    secretary = held.filter(posts__kind="secretary").order_by("number").first()
    organiser = User.objects.filter(username="zuzhiyuan").first()
    home = Affiliation.objects.open().filter(organisation__path__startswith=branch.path)
    spells = MobileSpell.objects.open().filter(member_id__in=home.values("member_id"))
    if deputy is None or secretary is None or secretary.user is None or not spells.exists():
        return
    issue_code(actor=None, now=now, member=deputy)
    deputy.refresh_from_db()
    said = {"user": deputy.user, "role": Role.SECRETARY, "organisation": branch, "actor": None}
    grant = grant_role(**said, now=now - TERM)
    for spell in spells.order_by("-contact_due_on", "pk")[:2]:
        hand_on_contact(spell=spell, contact_person=deputy, actor=None, now=now)
    end_grant(grant=grant, actor=None, now=now)
    start_handover(organisation=branch, leaving=deputy.user, successor=secretary.user, actor=organiser, now=now)


def _name_who_answers(*, now: datetime) -> None:
    """What members said before anybody had a role belongs to whoever leads there now, but for the latest word."""
    unanswered = Feedback.objects.open().filter(owner=None).exclude(organisation=None).order_by("sent_at", "pk")
    for each in list(unanswered.select_related("organisation"))[:-1]:
        owner_id = nearest_leader(each.organisation.path, now=now, apart_from=each.author_id)
        if owner_id is not None:
            hand_on_feedback(feedback=each, owner=User.objects.get(pk=owner_id), actor=None, now=now)
