"""Hands the corners' models to Django."""

from members.accounts.consent import Consent, ConsentText
from members.accounts.drafts import Draft
from members.accounts.letters import Letter
from members.accounts.models import Member, User
from members.accounts.sessions import OwnSession
from members.activities.models import (
    Activity,
    ActivityKindLine,
    Attachment,
    Attendance,
    Holding,
    Minutes,
    SignInCode,
)
from members.audit.models import AuditEvent, AuditHorizon
from members.checkins.models import CheckIn, MobileSpell
from members.feedback.models import Feedback, Reply
from members.handovers.models import Handover, HandoverLine
from members.imports.models import IncomingList
from members.messages.models import Message, Mute
from members.organisation.models import Affiliation, ImportBatch, Organisation, Participation, Placement, Post
from members.organisation.rules import Rule
from members.privacy.models import DataRequest
from members.reorganisation.models import UnitChange
from members.roles.models import RoleGrant
from members.transfers.models import Transfer

__all__ = [
    "Activity",
    "ActivityKindLine",
    "Affiliation",
    "Attachment",
    "Attendance",
    "AuditEvent",
    "AuditHorizon",
    "CheckIn",
    "Consent",
    "ConsentText",
    "DataRequest",
    "Draft",
    "Feedback",
    "Handover",
    "HandoverLine",
    "Holding",
    "ImportBatch",
    "IncomingList",
    "Letter",
    "Member",
    "Message",
    "Minutes",
    "MobileSpell",
    "Mute",
    "Organisation",
    "OwnSession",
    "Participation",
    "Placement",
    "Post",
    "Reply",
    "RoleGrant",
    "Rule",
    "SignInCode",
    "Transfer",
    "UnitChange",
    "User",
]
