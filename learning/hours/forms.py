from django import forms
from django.utils.translation import gettext_lazy as _

from members.activities.typed_hours import check_quarters

NO_HEALTH = _("A short reason, such as “came in July”. Please nothing about health or family: it is not needed.")


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("What do you want to know?"),
        help_text=_("Whoever leads your unit answers by a day that is named. The answer stands here and under “Mine”."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Nothing has been written yet."),
            "max_length": _("This is longer than 2000 characters. Please send it in two parts."),
        },
    )


class TargetForm(forms.Form):
    hours = forms.DecimalField(
        label=_("Study hours of this year"),
        min_value=0,
        max_value=200,
        decimal_places=2,
        validators=[check_quarters],
        help_text=_("In quarters, for example 20 or 16.5."),
        error_messages={
            "required": _("Please write how many hours."),
            "max_value": _("At most %(limit_value)s hours in a year."),
        },
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=60,
        help_text=NO_HEALTH,
        error_messages={"required": _("Please write a short reason; the member reads it.")},
    )
