from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.accounts.codes import plain_code
from members.accounts.device import device_key
from members.accounts.sessions import WHERE, Where, default_where, hold_session, remember_where

PASSWORD_RULE = _("At least 8 characters. Not only digits that others can guess, and not your number or name.")
NOT_EQUAL = _("The two do not agree. Please type the new password once more.")


class SignInForm(LoginForm):
    """One sentence for every refusal: unknown, wrong, locked, closed and expired look alike."""

    no_match = _(
        "The number (or telephone) and the password do not match. Please look at both once more. "
        "After five tries that do not match, wait five minutes."
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("Member number or telephone")
        login.help_text = _("If you share a telephone with your family, use the member number")
        login.error_messages["required"] = _("Please fill in your member number or telephone")
        login.widget.attrs = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        password.error_messages["required"] = _("Please fill in your password")
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""

        self.fields["where"] = forms.ChoiceField(
            label=_("Whose phone or computer is this?"),
            choices=Where.choices,
            required=False,
            widget=forms.RadioSelect,
            initial=default_where(self.request),
        )

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Says for how long the session holds; after the second step the adapter does."""
        request.session[WHERE] = self.cleaned_data.get("where") or default_where(request)
        response = super().login(request, redirect_url)
        if request.user.is_authenticated:
            hold_session(request, request.user, now=timezone.now())
        remember_where(request, response, device_key(self.user.pk))
        return response

    def clean(self) -> dict:
        try:
            return super().clean()
        except ValidationError:
            raise ValidationError(self.no_match, code="no_match") from None


class CardForm(SignInForm):
    no_match = _(
        "The number and the one-time code do not match, or this card has been used or has expired. "
        "Please look at both once more. After five tries that do not match, wait five minutes."
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["password"]
        code.label = _("One-time code")
        code.error_messages["required"] = _("Please fill in the eight letters and digits on the card")
        code.widget = forms.TextInput(
            {"class": "code", "autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        )
        code.help_text = _("Upper or lower case, with or without the hyphen")
        self.fields["login"].label, self.fields["login"].help_text = _("Member number"), ""


class ChoosePasswordForm(forms.Form):
    """A new password, typed twice; shown in clear where `is_shown`."""

    password1 = forms.CharField(label=_("New password"), strip=False, max_length=128, help_text=PASSWORD_RULE)
    password2 = forms.CharField(label=_("The same once more"), strip=False, max_length=128)

    def __init__(self, *args, user, is_shown: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        for field in self.fields.values():
            attrs = {"autocomplete": "new-password", "autocapitalize": "none", "spellcheck": "false"}
            field.widget = forms.TextInput(attrs) if is_shown else forms.PasswordInput(attrs, render_value=True)
            field.error_messages["required"] = _("Please fill in the new password")

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        validate_password(password, self.user)
        if self.user.check_password(plain_code(password)):
            raise ValidationError(_("This is the code on your card. Please choose a password of your own."))
        return password

    def clean(self) -> dict:
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", NOT_EQUAL)
        return self.cleaned_data


class NewPasswordForm(ChangePasswordForm):
    """The password used so far, and a new one typed twice."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("The password used so far"),
            "password1": _("New password"),
            "password2": _("The same once more"),
        }
        for name, label in labels.items():
            field = self.fields[name]
            field.label, field.help_text = label, PASSWORD_RULE if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = _("Please fill this in")

    def clean(self) -> dict:
        cleaned = super().clean()
        if self.has_error("password2"):
            self.errors["password2"] = self.error_class([NOT_EQUAL])
        return cleaned
