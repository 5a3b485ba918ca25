from django import forms
from django.utils.translation import gettext_lazy as _

from learning.completion.models import HelpReason


class HelpForm(forms.Form):
    """What is in the way; one of a few, so that nobody writes down what does not belong here."""

    reason = forms.ChoiceField(
        label=_("What is in the way?"),
        choices=HelpReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what is in the way"), "invalid_choice": _("Please choose one")},
    )
