"""What a branch does together (DOMAIN §5), and how somebody took part."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.organisation.kinds import FUNCTIONAL_KINDS, OrganisationKind, PostKind


class ActivityKind(models.TextChoices):
    GENERAL_MEETING = "general_meeting", _("Party branch general meeting")
    COMMITTEE_MEETING = "committee_meeting", _("Meeting of the branch committee")
    GROUP_MEETING = "group_meeting", _("Party group meeting")
    PARTY_LECTURE = "party_lecture", _("Party lecture")
    THEME_DAY = "theme_day", _("Theme Party day")
    ORG_LIFE_MEETING = "org_life_meeting", _("Organisational life meeting")
    DEMOCRATIC_APPRAISAL = "democratic_appraisal", _("Democratic appraisal")
    GROUP_STUDY = "group_study", _("Group study")
    TRAINING = "training", _("Training course")
    HOME_STUDY = "home_study", _("Home-study visit")
    VOLUNTEER = "volunteer", _("Volunteer service")


class ActivityState(models.TextChoices):
    ANNOUNCED = "announced", _("Announced")
    RECORDING = "recording", _("Being recorded")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for changes")
    ACCEPTED = "accepted", _("Accepted")
    CANCELLED = "cancelled", _("Cancelled")


class AttendanceState(models.TextChoices):
    PRESENT = "present", _("Present")
    LATE = "late", _("Late")
    LEAVE = "leave", _("Excused")
    ABSENT = "absent", _("Absent")


# Who was there, also late, has taken part: hours and plan items follow.
TOOK_PART = (AttendanceState.PRESENT, AttendanceState.LATE)
EARNING = ("training", "group")  # the categories of hours that an activity can give
MOST_PHOTOS = 3

# The record is with the branch; «submitted» still is, until the unit above has accepted it.
OPEN = (ActivityState.ANNOUNCED, ActivityState.RECORDING, ActivityState.RETURNED)
CHANGEABLE = (*OPEN, ActivityState.SUBMITTED)
# The minutes of these are read by those who took part, not by the whole branch.
CONFINED = frozenset(
    {
        ActivityKind.COMMITTEE_MEETING,
        ActivityKind.ORG_LIFE_MEETING,
        ActivityKind.DEMOCRATIC_APPRAISAL,
        ActivityKind.HOME_STUDY,
    }
)
WITHOUT_HOURS = frozenset({ActivityKind.VOLUNTEER})  # service is no study: alone it gives no hours by itself
COMMITTEE_POSTS = tuple(kind for kind in PostKind if kind != PostKind.GROUP_LEADER)

_FOR_EVERYBODY = (
    ActivityKind.THEME_DAY,
    ActivityKind.PARTY_LECTURE,
    ActivityKind.GROUP_STUDY,
    ActivityKind.VOLUNTEER,
    ActivityKind.HOME_STUDY,
)
_OF_A_BRANCH = (ActivityKind.GENERAL_MEETING, ActivityKind.ORG_LIFE_MEETING, ActivityKind.DEMOCRATIC_APPRAISAL)
_OF_A_GROUP = (ActivityKind.GROUP_MEETING, ActivityKind.ORG_LIFE_MEETING)
_BRANCHES = frozenset(
    {
        OrganisationKind.GENERAL_BRANCH,
        OrganisationKind.BRANCH,
        OrganisationKind.JOINT_BRANCH,
        OrganisationKind.TEMPORARY_BRANCH,
        OrganisationKind.MOBILE_BRANCH,
    }
)


def fitting_kinds(unit_kind: str, *, has_committee: bool) -> list[ActivityKind]:
    """The kinds that are offered first to a unit: a meeting only where the body that meets exists (DOMAIN §3)."""
    if unit_kind in FUNCTIONAL_KINDS:
        return list(_FOR_EVERYBODY)
    if unit_kind == OrganisationKind.GROUP:
        return [*_FOR_EVERYBODY, *_OF_A_GROUP]
    if unit_kind in _BRANCHES:
        committee = [ActivityKind.COMMITTEE_MEETING] if has_committee else []
        return [*_FOR_EVERYBODY, *_OF_A_BRANCH, *committee]
    return [ActivityKind.TRAINING, *_FOR_EVERYBODY]
