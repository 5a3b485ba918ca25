from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.accounts.models import MemberQuerySet, User
from members.checkins.people import named

NOT_KNOWN = _("Nobody is called so here. Please look at the name once more, or write the member number.")
SEVERAL = _("Several people are called so. Please write the member number.")


class SuccessorForm(forms.Form):
    """One of those who lead the unit now, or somebody else who belongs there."""

    chosen = forms.ChoiceField(label=_("Who takes it over"), required=False)
    name = forms.CharField(
        label=_("Or somebody else of the same branch"),
        help_text=_("Full name or member number"),
        max_length=50,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, *args, leaders: list[User], people: MemberQuerySet, **kwargs) -> None:
        super().__init__(*args, initial={"chosen": leaders[0].pk if leaders else ""}, **kwargs)
        self.leaders, self.people = {str(each.pk): each for each in leaders}, people
        leading = [(pk, str(each)) for pk, each in self.leaders.items()]
        self.fields["chosen"].choices = [*leading, ("", _("Somebody else"))]

    def clean_name(self) -> str:
        typed = self.cleaned_data["name"].strip()
        chosen = self.leaders.get(self.cleaned_data.get("chosen", ""))
        if not typed and chosen is None:
            raise ValidationError(_("Please choose who takes it over, or write a name"))
        if not typed:
            self.successor = chosen
            return typed
        found = named(self.people, typed)
        if len(found) != 1:
            raise ValidationError(SEVERAL if found else NOT_KNOWN)
        self.successor = found[0].user
        return typed


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not yet"),
        help_text=_("One sentence; whoever hands over reads it"),
        max_length=200,
        error_messages={"required": _("Please say in one sentence what is missing")},
        widget=forms.Textarea({"rows": 3}),
    )
