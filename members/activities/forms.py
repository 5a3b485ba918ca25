from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member
from members.accounts.people import distinguished
from members.activities.actions import Facts
from members.activities.kinds import EARNING, ActivityKind
from members.activities.models import Activity
from members.activities.queries import last_place
from members.activities.typed_hours import check_quarters
from members.activities.wording import say_hours
from members.activities.worth import hours_by_minutes
from members.organisation.kinds import BRANCH_KINDS
from members.organisation.models import Organisation
from members.organisation.rules import Rule

USUAL_MINUTES = 90
LENGTHS = (30, 60, 90, 120, 150, 180, 240, 360)
CATEGORIES = {"group": _("Group study"), "training": _("Centralised training")}


class FactsForm(forms.Form):
    """What, when, where. The rest has a default that is nearly always right."""

    kinds = forms.MultipleChoiceField(
        label=_("What kind of activity is it?"),
        choices=ActivityKind.choices,
        error_messages={"required": _("Please tick at least one kind.")},
    )
    topic = forms.CharField(
        label=_("What is it about?"), max_length=100, error_messages={"required": _("Please write what it is about.")}
    )
    lead = forms.ModelChoiceField(Organisation.objects.none(), label=_("Which unit holds it?"), to_field_name="code")
    day = forms.DateField(label=_("On which day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    begins = forms.TimeField(label=_("Begins at"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int)
    place = forms.CharField(label=_("At what place"), max_length=100, required=False)
    is_online = forms.BooleanField(label=_("Held online"), required=False)
    hours = forms.DecimalField(
        label=_("Study hours for each"),
        required=False,
        min_value=0,
        max_value=99,
        decimal_places=2,
        validators=[check_quarters],
        help_text=_("Empty: counted by how long it takes. 0: none."),
    )
    hours_category = forms.ChoiceField(
        label=_("Recorded as"), choices=[(each, CATEGORIES[each]) for each in EARNING[::-1]]
    )

    def __init__(self, *args, units, unit: Organisation, is_changing: int | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = units
        lengths = sorted({*LENGTHS, *([is_changing] if is_changing else [])})
        self.fields["minutes"].choices = _lengths(lengths, unit)

    def facts(self) -> Facts:
        said = self.cleaned_data
        starts_at = timezone.make_aware(datetime.combine(said["day"], said["begins"]))
        return Facts(
            lead=said["lead"],
            kinds=said["kinds"],
            topic=said["topic"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=said["minutes"]),
            place=said["place"],
            is_online=said["is_online"],
            hours=said["hours"],
            hours_category=said["hours_category"],
        )


class RecordForm(forms.Form):
    """Host, recorder and minutes, of the people on the list; and a guest, if there was one."""

    host = forms.ModelChoiceField(Member.objects.none(), label=_("Chaired by"), required=False)
    recorder = forms.ModelChoiceField(Member.objects.none(), label=_("Recorded by"), required=False)
    minutes = forms.CharField(
        label=_("Minutes of the meeting"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("It is enough to write what was discussed and what was decided."),
    )
    guest_number = forms.CharField(label=_("Member number"), required=False, max_length=20)
    guest_name = forms.CharField(label=_("Name"), required=False, max_length=50)

    def __init__(self, *args, members: list[Member], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        called = distinguished(members)
        for name in ("host", "recorder"):
            field = self.fields[name]
            field.queryset = Member.objects.filter(pk__in=[member.pk for member in members])
            field.choices = [("", "—"), *((member.pk, called[member.pk]) for member in members)]


class ReasonForm(forms.Form):
    """Why a record goes back."""

    reason = forms.CharField(
        label=_("What should be changed?"),
        max_length=200,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("The unit reads this first. One sentence is enough."),
        error_messages={"required": _("Please write what should be changed, so that the unit knows.")},
    )


def initial_facts(activity: Activity) -> dict:
    """The fields of the form as the activity has them."""
    start = timezone.localtime(activity.starts_at)
    return {
        "kinds": sorted(activity.kind_set),
        "topic": activity.topic,
        "lead": activity.lead.code,
        "day": start.date(),
        "begins": start.time(),
        "minutes": activity.minutes_long,
        "place": activity.place,
        "is_online": activity.is_online,
        "hours": activity.hours,
        "hours_category": activity.hours_category,
    }


def usual_facts(unit: Organisation, *, now: datetime) -> dict:
    """The fields of a new activity: one that is just over (after midnight it was yesterday), where the unit meets."""
    begins = timezone.localtime(now - timedelta(minutes=USUAL_MINUTES)).replace(minute=0, second=0, microsecond=0)
    return {
        "lead": unit.code,
        "day": begins.date(),
        "begins": begins.time(),
        "minutes": USUAL_MINUTES,
        "place": last_place(unit),
        "hours_category": "group" if unit.kind in BRANCH_KINDS else "training",
    }


def _lengths(minutes: list[int], unit: Organisation) -> list[tuple[int, str]]:
    per_hour = Rule.objects.value("hours.minutes_per_hour", on=timezone.localdate(), organisation=unit)
    said = gettext("%(minutes)d minutes, %(hours)s study hours")
    return [(each, said % {"minutes": each, "hours": say_hours(hours_by_minutes(each, per_hour))}) for each in minutes]
