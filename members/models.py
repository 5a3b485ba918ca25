"""Hands the corners' models to Django."""

from members.accounts.models import Member, User
from members.audit.models import AuditEvent
from members.organisation.models import Affiliation, ImportBatch, Organisation, Participation, Placement, Post
from members.organisation.rules import Rule
from members.roles.models import RoleGrant

__all__ = [
    "Affiliation",
    "AuditEvent",
    "ImportBatch",
    "Member",
    "Organisation",
    "Participation",
    "Placement",
    "Post",
    "RoleGrant",
    "Rule",
    "User",
]
