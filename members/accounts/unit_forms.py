"""What a leader fills in about a unit: who holds a post there, whom its members call."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.accounts.models import Member, MemberQuerySet
from members.accounts.people import distinguished
from members.organisation.kinds import PostKind
from members.organisation.models import Organisation
from members.roles.policies import under

FILL_IN = _("Please fill this in")
PHONE = re.compile(r"[0-9+()\- ]{3,30}")


class Day(forms.DateField):
    def __init__(self, **rest) -> None:
        wrong = {"invalid": _("Please write the day like 2026-11-24"), "required": FILL_IN}
        super().__init__(widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), error_messages=wrong, **rest)


class PostForm(forms.Form):
    """Somebody of the unit, by name or number; where several are called so, the number decides."""

    who = forms.CharField(
        label=_("Who holds it"),
        help_text=_("Full name or member number; somebody who belongs to this unit or takes part in it"),
        max_length=50,
        error_messages={"required": FILL_IN},
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Which post"))
    since = Day(label=_("From which day"))
    until = Day(label=_("Until which day"), help_text=_("Leave it empty if the term is not limited"), required=False)

    def __init__(self, *args, unit: Organisation, kinds: list[PostKind], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        self.people = people_at(unit)

    def clean_who(self) -> str:
        typed = self.cleaned_data["who"].strip()
        found = list(self.people.filter(Q(number=typed) | Q(name=typed))[:5])
        if len(found) == 1:
            self.member = found[0]
            return typed
        if not found:
            raise ValidationError(_("Nobody here is called so. Please look at the name, or write the member number."))
        said = _("Several people are called so: %(names)s. Please write the member number.")
        raise ValidationError(said % {"names": _("; ").join(distinguished(found).values())})

    def clean_kind(self) -> PostKind:
        return PostKind(self.cleaned_data["kind"])


class EndPostForm(forms.Form):
    until = Day(label=_("The last day"))

    def __init__(self, *args, today: date, **kwargs) -> None:
        super().__init__(*args, initial={"until": today}, **kwargs)


class ContactForm(forms.Form):
    help_name = forms.CharField(
        label=_("Who is called"), help_text=_("For example: the office of the branch"), max_length=50, required=False
    )
    help_phone = forms.CharField(
        label=_("Telephone of the unit"),
        help_text=_("Members who need help see this number on every page in elder mode"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_help_phone(self) -> str:
        typed = self.cleaned_data["help_phone"].strip()
        if typed and not PHONE.fullmatch(typed):
            raise ValidationError(_("Please write a telephone number: digits, blanks and hyphens."))
        return typed


def people_at(unit: Organisation) -> MemberQuerySet:
    """Who belongs to the unit or under it, or takes part there."""
    belongs = under("affiliations__organisation__path", [unit.path]) & Q(affiliations__until=None)
    takes_part = under("participations__organisation__path", [unit.path]) & Q(participations__until=None)
    present = Member.objects.present()
    there = present.filter(belongs).values("pk").union(present.filter(takes_part).values("pk"))
    return present.filter(pk__in=there).as_spoken()
