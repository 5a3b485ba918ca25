from django import forms
from django.utils.translation import gettext_lazy as _

from members.organisation.kinds import OrganisationKind
from members.organisation.models import Organisation, OrganisationQuerySet
from members.organisation.unit_rows import NAME_CHARACTERS, SECTOR_CHARACTERS
from members.organisation.unit_words import SUPERIORS
from members.reorganisation.rules import why_not_called

BY_CODE = {"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}


class NameForm(forms.Form):
    """How a unit is called and whom its people can call."""

    name = forms.CharField(
        label=_("Full name"), max_length=NAME_CHARACTERS, error_messages={"required": _("Please fill in a name")}
    )
    sector = forms.CharField(label=_("Sector (may stay empty)"), max_length=SECTOR_CHARACTERS, required=False)
    help_name = forms.CharField(label=_("Whom its people can ask (may stay empty)"), max_length=50, required=False)
    help_phone = forms.CharField(
        label=_("Telephone for help (may stay empty)"),
        help_text=_("Stands on every page of its people in the version for elders"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Letters and digits; it stays as long as the unit"),
        max_length=40,
        error_messages={"required": _("Please fill in a code")},
        widget=forms.TextInput(BY_CODE),
    )

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if why_not := why_not_called(code):
            raise forms.ValidationError(why_not)
        return code


class OpenForm(CodeForm, NameForm):
    kind = forms.ChoiceField(label=_("Type"))
    field_order = ["kind", "code", "name"]

    def __init__(self, *args, parent: Organisation, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        fitting = [kind for kind in OrganisationKind if parent.kind in SUPERIORS[kind]]
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in fitting]


class ToForm(forms.Form):
    """Which other unit: one of those that may be chosen."""

    to = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Which unit"),
        to_field_name="code",
        error_messages={
            "required": _("Please choose a unit"),
            "invalid_choice": _("This unit cannot be chosen. Please choose another one."),
        },
    )

    def __init__(self, *args, units: OrganisationQuerySet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = units


class SplitForm(CodeForm):
    """The new unit beside this one, and who passes over to it."""

    name = forms.CharField(
        label=_("Full name"), max_length=NAME_CHARACTERS, error_messages={"required": _("Please fill in a name")}
    )
    people = forms.MultipleChoiceField(label=_("Who passes over"), required=False)
    units = forms.MultipleChoiceField(label=_("Units that pass over"), required=False)

    def __init__(self, *args, people: list, units: list[Organisation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = [(str(each.pk), each.name) for each in people]
        self.fields["units"].choices = [(unit.code, unit.name) for unit in units]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        if not cleaned.get("people") and not cleaned.get("units"):
            self.add_error("people", _("Please choose who passes over to the new unit."))
        return cleaned
