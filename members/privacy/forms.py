from django import forms
from django.utils.translation import gettext_lazy as _

from members.privacy.models import RequestKind

LONGEST = 2000
TOO_LONG = _("This is longer than 2000 characters. Please send it in two parts.")


class AskForm(forms.Form):
    """What a member asks for; what is to be corrected has to be said, an erasure needs no reason."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=RequestKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    text = forms.CharField(
        label=_("What is wrong, and how is it right? Or what is to be erased?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Please no identity number and nothing about your health: it is not needed."),
        error_messages={"max_length": TOO_LONG},
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("kind") == RequestKind.CORRECT and not cleaned.get("text") and "text" not in self.errors:
            self.add_error("text", _("Please write what is wrong and how it is right."))
        return cleaned


class AnswerForm(forms.Form):
    """Whether it was done, and in words what was done or why not."""

    is_done = forms.TypedChoiceField(
        label=_("What was decided?"),
        choices=[("1", _("It is done")), ("0", _("It cannot be done, for a reason"))],
        coerce=lambda said: said == "1",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    answer = forms.CharField(
        label=_("Answer to the member"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was done; or why not, and by which rule. The member reads it under “Mine”."),
        error_messages={"required": _("Nothing has been written yet."), "max_length": TOO_LONG},
    )

    def __init__(self, *args, kind: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if kind == RequestKind.ERASE:
            field = self.fields["is_done"]
            field.choices = [("1", _("Agreed: it is erased now")), field.choices[1]]


class ConsentTextForm(forms.Form):
    text = forms.CharField(
        label=_("New text"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("One paragraph a line. Once it is issued, every member is asked once."),
        error_messages={"required": _("Nothing has been written yet.")},
    )
