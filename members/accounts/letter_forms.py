"""What is filled in about one's own e-mail address."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class EmailForm(forms.Form):
    """The address, and the password: whoever holds the phone for a moment cannot turn letters to themselves."""

    address = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Leave this blank to take the address away"),
        required=False,
        error_messages={"invalid": _("This is no e-mail address. Please look at it once more.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        error_messages={"required": _("Please fill in your password")},
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("This is not your password. Please look at it once more."))
        return self.cleaned_data["password"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("The six digits in the letter"),
        max_length=10,
        error_messages={"required": _("Please fill in the six digits")},
        widget=forms.TextInput(
            {"class": "code", "autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )
