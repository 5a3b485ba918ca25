"""What a branch does together (DOMAIN §5), and how somebody took part."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
