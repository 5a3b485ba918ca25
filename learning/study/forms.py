from django import forms
from django.utils.translation import gettext_lazy as _


class ReasonForm(forms.Form):
    """Why a leader confirms, or takes a confirmation back."""

    reason = forms.CharField(
        label=_("The reason for it"),
        max_length=100,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("One short sentence that the member reads too. Nothing about health, family or income."),
        error_messages={"required": _("Please write a reason, so that it can be understood later.")},
    )
