from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.claims.actions import Said
from learning.courses.categories import HoursCategory
from members.accounts.models import Member
from members.accounts.names import name_key
from members.activities.typed_hours import check_quarters


class ClaimForm(forms.Form):
    """Hours of one member that nothing here has recorded: a training elsewhere, for example."""

    who = forms.CharField(
        label=gettext_lazy("Whose hours are they?"),
        max_length=50,
        help_text=gettext_lazy("Name or member number."),
        error_messages={"required": gettext_lazy("Please write the name or the member number.")},
    )
    title = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=100,
        help_text=gettext_lazy("For example: training for Party members at the district school."),
        error_messages={"required": gettext_lazy("Please write what was studied.")},
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Counts as"), choices=HoursCategory.choices, widget=forms.RadioSelect
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Study hours"),
        min_value=0.25,
        max_value=99,
        decimal_places=2,
        validators=[check_quarters],
        help_text=gettext_lazy("In quarters, for example 4 or 1.5."),
        error_messages={
            "required": gettext_lazy("Please write how many hours."),
            "max_value": gettext_lazy("At most %(limit_value)s hours in one entry."),
        },
    )
    held_on = forms.DateField(
        label=gettext_lazy("On which day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("The hours count in the year of this day."),
        error_messages={
            "required": gettext_lazy("Please choose the day."),
            "invalid": gettext_lazy("This is not a date. Please write it like 2021-07-01."),
        },
    )
    note = forms.CharField(
        label=gettext_lazy("Note for whoever approves it"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Not needed. Please nothing about health or family."),
    )

    def __init__(self, *args, user: Any, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["category"].error_messages["required"] = _("Please choose one.")

    def clean_who(self) -> Member:
        typed = self.cleaned_data["who"].strip()
        led = Member.objects.led_by(self.user).present()
        found = list(led.filter(number=typed)[:1] or led.filter(name_key=name_key(typed))[:2])
        if not found:
            raise forms.ValidationError(_("No member of your units has this name or number. Please look once more."))
        if len(found) > 1:
            raise forms.ValidationError(_("Several members are called so. Please write the member number."))
        return found[0]

    def clean_held_on(self) -> date:
        day, today = self.cleaned_data["held_on"], timezone.localdate()
        if day > today:
            raise forms.ValidationError(_("The day lies in the future. Please come back on that day."))
        if day.year < today.year - 1:
            raise forms.ValidationError(_("Only hours of this year and of the last one can be entered."))
        return day

    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in ("title", "category", "hours", "held_on", "note")})


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is not recorded"),
        max_length=200,
        help_text=gettext_lazy("Whoever proposed it reads this. Please nothing about health or family."),
        error_messages={"required": gettext_lazy("Please write why.")},
    )
