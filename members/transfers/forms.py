from django import forms
from django.utils.translation import gettext_lazy as _

from members.organisation.models import Organisation
from members.transfers.queries import receiving_units


class ProposeForm(forms.Form):
    """Which unit is asked, with a word to it."""

    unit = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Receiving unit"),
        to_field_name="code",
        error_messages={
            "required": _("Please choose the receiving unit"),
            "invalid_choice": _("This unit cannot receive anybody. Please choose another one."),
        },
    )
    note = forms.CharField(
        label=_("A word to the receiving unit"),
        help_text=_("May stay empty. Both sides and the member can read it; nothing about health or family, please."),
        max_length=200,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args, home: Organisation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = receiving_units(home)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"),
        help_text=_("One sentence that the other unit and the member read"),
        max_length=200,
        error_messages={"required": _("Please write one sentence: the other unit reads it")},
        widget=forms.Textarea({"rows": 3}),
    )
