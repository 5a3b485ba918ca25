"""What administrators fill in."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from members.accounts.models import User
from members.accounts.queries import accounts_for
from members.organisation.models import Organisation
from members.roles.models import ADMINISTRATORS, Role


class StaffForm(forms.Form):
    """A short name that is no member's number, and how the person is called on pages."""

    username = forms.CharField(
        label=_("Short name for signing in"),
        help_text=_("2 to 20 small letters and digits, a letter first"),
        validators=[
            RegexValidator(r"^[a-z][a-z0-9]{1,19}$", _("2 to 20 small letters and digits, a letter first, please"))
        ],
        error_messages={"required": _("Please fill in a short name")},
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    display_name = forms.CharField(
        label=_("How the person is called"),
        max_length=50,
        error_messages={"required": _("Please fill in a name")},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class GrantForm(forms.Form):
    """Who, which role, for which unit, until when and for whom: numbers or short names, the code or name of a unit."""

    who = forms.CharField(
        label=_("Member number or short name"),
        error_messages={"required": _("Please fill in a number or short name")},
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.CharField(
        label=_("For which unit, and all under it"),
        help_text=_("Its code or its name; leave this blank for the three administrators"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    last_day = forms.DateField(
        label=_("Last day of the term"),
        help_text=_("Leave this blank where no end is known; a deputy always has one"),
        required=False,
        error_messages={"invalid": _("This is no day. Please write it like 2026-12-31.")},
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    deputy_for = forms.CharField(
        label=_("As the deputy of"),
        help_text=_(
            "The number or short name of whoever is away and keeps the role; leave this blank if it is no deputy"
        ),
        required=False,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_who(self) -> User:
        return self._account(self.cleaned_data["who"])

    def clean_deputy_for(self) -> User | None:
        typed = self.cleaned_data["deputy_for"].strip()
        return self._account(typed) if typed else None

    def _account(self, typed: str) -> User:
        found = accounts_for(self.user).filter(username="".join(typed.split())).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no account of this number or short name. A member gets one with the first sign-in card.")
            )
        return found

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        role, typed = cleaned.get("role"), cleaned.get("unit", "").strip()
        cleaned["organisation"] = None
        if role in ADMINISTRATORS:
            if typed:
                self.add_error("unit", _("Administrators serve the whole installation; leave this blank."))
        elif role:
            cleaned["organisation"] = self._unit(typed)
        if cleaned.get("deputy_for") and not cleaned.get("last_day") and not self.has_error("last_day"):
            self.add_error("last_day", _("A deputy acts for a term. Please fill in the last day."))
        return cleaned

    def _unit(self, typed: str) -> Organisation | None:
        units = Organisation.objects.open()
        if not typed:
            self.add_error("unit", _("Please fill in the unit"))
            return None
        exact = units.filter(code=typed).first()
        found = [exact] if exact else list(units.filter(name__contains=typed).in_order()[:6])
        if len(found) == 1:
            return found[0]
        named = "；".join(f"{unit.code} {unit.name}" for unit in found[:5])
        said = _("Several units are called so; please fill in a code: %(units)s") % {"units": named}
        self.add_error("unit", said if found else _("There is no such unit. Please look at the code once more."))
        return None
