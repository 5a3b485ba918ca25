from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 2000


class WordForm(forms.Form):
    """One text, in the author's own words."""

    text = forms.CharField(
        label=_("Just write what you want to say"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Nothing has been written yet."),
            "max_length": _("This is longer than 2000 characters. Please send it in two parts."),
        },
    )

    def __init__(self, *args, label=None, help_text="", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label or self.fields["text"].label
        self.fields["text"].help_text = help_text
