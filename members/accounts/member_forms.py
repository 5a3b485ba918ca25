"""What a leader fills in about a member."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.accounts.models import StudyWay
from members.organisation.kinds import EndKind


class StudyForm(forms.Form):
    study_way = forms.ChoiceField(label=_("Way of study"), choices=StudyWay.choices)
    flexible_study = forms.BooleanField(label=_("Not required (no reason is asked or kept)"), required=False)


class EndForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("How it ended"),
        choices=EndKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one")},
    )
    ended_on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please fill in the day"),
            "invalid": _("Please write the day like 2026-11-24"),
        },
    )
