from django import forms
from django.utils.translation import gettext_lazy as _

from learning.plans.models import StudyPlan
from members.organisation.models import Organisation

DAY = {"type": "date", "class": "short"}
TICKS = ("is_in_order", "asks_anew", "is_yearly")


class PlanForm(forms.ModelForm):
    """Title, for whom, and the period."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("For which unit"),
        help_text=_("Everybody in this unit and in the units under it"),
        empty_label=None,
        to_field_name="code",
        error_messages={"required": _("Please choose a unit"), "invalid_choice": _("Please choose a unit of yours")},
    )

    class Meta:
        model = StudyPlan
        fields = ["title", "organisation", "starts_on", "ends_on"]
        labels = {"title": _("Title of the plan"), "starts_on": _("First day"), "ends_on": _("Last day")}
        widgets = {
            "starts_on": forms.DateInput(DAY, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(DAY, format="%Y-%m-%d"),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, said in (
            ("title", _("Please give the plan a title")),
            ("starts_on", _("Please fill in the first day")),
            ("ends_on", _("Please fill in the last day")),
        ):
            self.fields[name].error_messages["required"] = said
        for name in ("starts_on", "ends_on"):
            self.fields[name].error_messages["invalid"] = _("This is not a date. Please write it like 2021-07-01.")
        units = Organisation.objects.organised_by(user).open().filter(is_functional=False).in_order()
        self.fields["organisation"].queryset = units
        if self.instance.organisation_id:  # a form shows a unit by its code
            self.initial["organisation"] = self.instance.organisation.code

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


class NewPlanForm(PlanForm):
    """A plan begins empty, or as a template has it."""

    template = forms.ModelChoiceField(
        StudyPlan.objects.none(), label=_("Begin from a template"), required=False, empty_label=_("Begin empty")
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, user=user, **kwargs)
        templates = StudyPlan.objects.templates().offered_to(user).order_by("title", "pk")
        self.fields["template"].queryset = templates
        if not templates.exists():
            del self.fields["template"]


class WholePlanForm(PlanForm):
    """All facts of a plan; what is in it and whom it concerns is typed beside it."""

    asks_anew = forms.BooleanField(
        label=_("What was studied before the first day is to be studied once more"),
        help_text=_("Otherwise it counts at once."),
        required=False,
    )

    class Meta(PlanForm.Meta):
        fields = [*PlanForm.Meta.fields, "is_in_order", "is_yearly"]
        labels = {
            **PlanForm.Meta.labels,
            "is_in_order": _("To be studied in this order"),
            "is_yearly": _("Once a year: every December a draft for the next year is made"),
        }
        help_texts = {
            "is_in_order": _("Members are told what comes first. What is studied in another order counts as well."),
            "is_yearly": _("It is sent out only when you do so."),
        }

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.initial["asks_anew"] = not self.instance.counts_earlier

    @property
    def written(self) -> list:
        return [field for field in self if field.name not in TICKS]

    @property
    def ticks(self) -> list:
        return [self[name] for name in TICKS]
