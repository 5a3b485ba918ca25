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
from members.imports.models import IncomingList
from members.messages.models import Message, Mute
from members.organisation.models import Affiliation, ImportBatch, Organisation, Participation, Placement, Post
from members.organisation.rules import Rule
from members.roles.models import RoleGrant

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
    "IncomingList",
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
    "User",
]
