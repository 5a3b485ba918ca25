from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member, MemberQuerySet
from members.accounts.people import distinguished
from members.checkins.actions import Details
from members.checkins.models import ContactWay, MobileSpell, SpellReason
from members.checkins.people import candidates, named, team_of
from members.checkins.spell_steps import Step
from members.organisation.models import OrganisationQuerySet

NOT_KNOWN = _("Nobody is called so here. Please look at the name once more, or write the member number.")
FILL_IN = _("Please fill this in")


class Day(forms.DateField):
    """A day, chosen or typed as 2026-11-24."""

    def __init__(self, **rest) -> None:
        widget = forms.DateInput({"type": "date", "class": "short"}, format="%Y-%m-%d")
        wrong = {"invalid": _("Please write the day like 2026-11-24"), "required": FILL_IN}
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], error_messages=wrong, **rest)


class AwayForm(forms.Form):
    """What is asked of somebody who goes away, and no more."""

    destination = forms.CharField(
        label=_("County or city"),
        help_text=_("Only the county or the city, no address"),
        max_length=50,
        error_messages={"required": FILL_IN},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    is_abroad = forms.BooleanField(label=_("It is abroad"), required=False)
    reason = forms.ChoiceField(label=_("Reason for going"), choices=SpellReason.choices)
    leaves_on = Day(label=_("Leaves on"))
    returns_on = Day(
        label=_("Expected back on"), help_text=_("Roughly is enough; leave it empty if not known"), required=False
    )
    contact = forms.ChoiceField(label=_("Contact person"), required=False)
    contact_name = forms.CharField(
        label=_("Or somebody else of the same branch"),
        help_text=_("Full name or member number"),
        max_length=50,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, member: Member, today: date, spell: MobileSpell | None = None, **kwargs) -> None:
        home = member.organisation_now()
        team = team_of(member, home, on=today)
        first = {"leaves_on": today, "contact": team[0].number if team else ""}
        super().__init__(*args, initial=_said(spell, team) if spell else first, **kwargs)
        self.people = candidates(member, home)
        self.team = {each.number: each for each in team}
        names = distinguished(team)
        self.fields["contact"].choices = [*((each.number, names[each.pk]) for each in team), ("", _("Somebody else"))]

    def clean(self) -> dict:
        cleaned = super().clean()
        leaves, returns = cleaned.get("leaves_on"), cleaned.get("returns_on")
        if leaves and returns and returns < leaves:
            self.add_error("returns_on", _("This is before the day of leaving"))
        return cleaned

    def clean_contact_name(self) -> str:
        typed = self.cleaned_data["contact_name"].strip()
        chosen = self.team.get(self.cleaned_data.get("contact", ""))
        if not typed and chosen is None:
            raise ValidationError(_("Please choose a contact person, or write a name"))
        self.contact_person = _only(named(self.people, typed)) if typed else chosen
        return typed

    @property
    def details(self) -> Details:
        said = self.cleaned_data
        return Details(
            destination=said["destination"],
            is_abroad=said["is_abroad"],
            reason=said["reason"],
            leaves_on=said["leaves_on"],
            returns_on=said["returns_on"],
            contact_person=self.contact_person,
        )


class ArrivalForm(forms.Form):
    """What is asked of who is at the host already: three things, and none of who has registered before."""

    destination = AwayForm.base_fields["destination"]
    reason = AwayForm.base_fields["reason"]
    returns_on = AwayForm.base_fields["returns_on"]

    def __init__(self, *args, member: Member, today: date, is_registered: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        team = team_of(member, member.organisation_now(), on=today)
        self.contact_person = team[0] if team else None
        if is_registered:
            self.fields.clear()

    def clean_returns_on(self) -> date | None:
        day = self.cleaned_data["returns_on"]
        if day and day < self.today:
            raise ValidationError(_("This is before the day of leaving"))
        return day

    @property
    def details(self) -> Details | None:
        said = self.cleaned_data
        if not self.fields:
            return None
        return Details(
            destination=said["destination"],
            is_abroad=False,
            reason=said["reason"],
            leaves_on=self.today,
            returns_on=said["returns_on"],
            contact_person=self.contact_person,
        )


def _said(spell: MobileSpell, team: list[Member]) -> dict:
    names = ("destination", "is_abroad", "reason", "leaves_on", "returns_on")
    said = {name: getattr(spell, name) for name in names}
    contact = spell.contact_person
    if contact is None or contact in team:
        return said | {"contact": contact.number if contact else ""}
    return said | {"contact": "", "contact_name": contact.number}


class WhoForm(forms.Form):
    """Which of the people that one leads."""

    who = forms.CharField(
        label=_("Who is going away"),
        help_text=_("Full name or member number"),
        max_length=50,
        error_messages={"required": FILL_IN},
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, people: MemberQuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.people = people

    def clean_who(self) -> str:
        self.member = _only(named(self.people, self.cleaned_data["who"]))
        return self.cleaned_data["who"]


class HostForm(forms.Form):
    """One of the organisations that were found."""

    host = forms.ModelChoiceField(
        queryset=None,
        to_field_name="code",
        error_messages={
            "required": _("Please choose one of the organisations below"),
            "invalid_choice": _("Nobody can report in there any more. Please choose another organisation."),
        },
    )

    def __init__(self, *args, hosts: OrganisationQuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["host"].queryset = hosts


class DeclineForm(forms.Form):
    note = forms.CharField(
        label=_("Why not"),
        help_text=_("One sentence; the member and the home branch read it"),
        max_length=200,
        error_messages={"required": _("Please say in one sentence why not, so that the member knows what to do")},
        widget=forms.Textarea({"rows": 3}),
    )


class OwnContactForm(forms.Form):
    """A member says that they were in touch with the branch today."""

    way = forms.ChoiceField(label=_("In which way"), choices=ContactWay.choices)


class ContactForm(forms.Form):
    way = forms.ChoiceField(label=_("In which way"), choices=ContactWay.choices)
    happened_on = Day(label=_("On which day"))
    note = forms.CharField(
        label=_("What about"),
        help_text=_("May stay empty. The member reads it too; please write nothing about health or family."),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, spell: MobileSpell, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"happened_on": today}, **kwargs)
        self.today = today
        self.earliest = min(spell.leaves_on, timezone.localdate(spell.registered_at))

    def clean_happened_on(self) -> date:
        day = self.cleaned_data["happened_on"]
        _check_past(day, today=self.today)
        if day < self.earliest:
            raise ValidationError(_("This is before the time away was registered"))
        return day


class ReturnForm(forms.Form):
    ended_on = Day(label=_("Back since"))

    def __init__(self, *args, spell: MobileSpell, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"ended_on": today}, **kwargs)
        self.today, self.earliest = today, min(spell.leaves_on, today)

    def clean_ended_on(self) -> date:
        day = self.cleaned_data["ended_on"]
        _check_past(day, today=self.today)
        if day < self.earliest:
            raise ValidationError(_("This is before the day of leaving"))
        return day


class EndForm(ReturnForm):
    step = forms.ChoiceField(
        label=_("How did it end"),
        choices=[(Step.RETURNED, _("The member is back")), (Step.TRANSFERRED, _("The affiliation was transferred"))],
        widget=forms.RadioSelect,
    )
    field_order = ["step", "ended_on"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].label = _("On which day")


def _only(found: list[Member]) -> Member:
    if len(found) == 1:
        return found[0]
    if not found:
        raise ValidationError(NOT_KNOWN)
    called = _("; ").join(distinguished(found).values())
    raise ValidationError(
        _("Several people are called so: %(names)s. Please write the member number.") % {"names": called}
    )


def _check_past(day: date, *, today: date) -> None:
    if day > today:
        raise ValidationError(_("This day is still to come"))
