from django import forms
from django.utils.translation import gettext_lazy as _

from learning.plans.models import StudyPlan
from members.organisation.models import Organisation

DAY = {"type": "date", "class": "short"}


class PeriodForm(forms.ModelForm):
    """What may still be changed once people study: the title and the period."""

    class Meta:
        model = StudyPlan
        fields = ["title", "starts_on", "ends_on"]
        labels = {"title": _("Title of the plan"), "starts_on": _("First day"), "ends_on": _("Last day")}
        widgets = {
            "starts_on": forms.DateInput(DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(DAY, format="%Y-%m-%d"),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, said in (
            ("title", _("Please give the plan a title")),
            ("starts_on", _("Please fill in the first day")),
            ("ends_on", _("Please fill in the last day")),
        ):
            self.fields[name].error_messages["required"] = said
        for name in ("starts_on", "ends_on"):
            self.fields[name].error_messages["invalid"] = _("This is not a date. Please write it like 2021-07-01.")

    def clean(self) -> dict:
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not lie before the first"))
        return self.cleaned_data

    @property
    def period(self):
        """First and last day, once both are understood."""
        days = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        return days if all(days) else None


class PlanForm(PeriodForm):
    """A draft: title, period, and for whom."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("For which unit"),
        help_text=_("Everybody in this unit and in the units under it"),
        empty_label=None,
        to_field_name="code",
        error_messages={"required": _("Please choose a unit"), "invalid_choice": _("Please choose a unit of yours")},
    )

    class Meta(PeriodForm.Meta):
        fields = ["title", "organisation", "starts_on", "ends_on"]

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        units = Organisation.objects.organised_by(user).open().filter(is_functional=False).in_order()
        self.fields["organisation"].queryset = units
        if self.instance.organisation_id:  # a form shows a unit by its code
            self.initial["organisation"] = self.instance.organisation.code
