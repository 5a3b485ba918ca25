"""Hands the corners' models to Django."""

from members.accounts.drafts import Draft
from members.accounts.models import Member, User
from members.activities.models import (
    Activity,
    ActivityKindLine,
    Attachment,
    Attendance,
    Holding,
    Minutes,
    SignInCode,
)
from members.audit.models import AuditEvent
from members.checkins.models import CheckIn, MobileSpell
from members.feedback.models import Feedback, Reply
from members.messages.models import Message, Mute
from members.organisation.models import Affiliation, ImportBatch, Organisation, Participation, Placement, Post
from members.organisation.rules import Rule
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
    "CheckIn",
    "Draft",
    "Feedback",
    "Holding",
    "ImportBatch",
    "Member",
    "Message",
    "Minutes",
    "MobileSpell",
    "Mute",
    "Organisation",
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
