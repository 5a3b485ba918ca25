from django import forms
from django.utils.translation import gettext_lazy as _

from members.imports.columns import NOT_THERE
from members.imports.exports import PhonePurpose
from members.imports.kinds import ListKind, choices
from members.imports.models import IncomingList
from members.imports.queries import Heading, wanted_of
from members.organisation import problems
from members.organisation.problems import Problem
from members.organisation.sentences import reason_of
from members.organisation.workbook import MEGABYTE, Limits


def too_large() -> str:
    return reason_of(Problem(problems.LARGE_FILE, values={"limit": Limits().file_bytes // MEGABYTE}))


class ListForm(forms.Form):
    """Which list, and the file."""

    kind = forms.ChoiceField(
        label=_("Which list"),
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say which list this is"), "invalid_choice": _("Please choose a list")},
    )
    file = forms.FileField(
        label=_("The file (.xlsx or .csv)"),
        help_text=_("At most 10 MB and 100,000 rows. One of the first rows must hold the headings."),
        error_messages={
            "required": _("Please choose the file"),
            "empty": _("The file is empty."),
            "invalid": _("Please choose the file"),
            "missing": _("Please choose the file"),
        },
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > Limits().file_bytes:
            raise forms.ValidationError(too_large())
        return file


class ColumnsForm(forms.Form):
    """For each thing that is needed, the heading under which it stands."""

    def __init__(self, *args, incoming: IncomingList, headings: list[Heading], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(heading.place), f"{heading.letter}　{heading.title}") for heading in headings]
        for place, (column, picked) in enumerate(wanted_of(incoming)):
            blank = _("Please choose") if column.is_needed else _("Not in this file")
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column.name,
                choices=[("" if column.is_needed else str(NOT_THERE), blank), *known],
                initial="" if picked == NOT_THERE and column.is_needed else str(picked),
                error_messages={"required": _("Please choose a column"), "invalid_choice": _("Please choose a column")},
            )

    def clean(self) -> dict:
        taken: dict[str, str] = {}
        for name, place in list(self.cleaned_data.items()):
            if place in taken and place != str(NOT_THERE):
                said = _("This column is already taken for “%(other)s”.") % {"other": self.fields[taken[place]].label}
                self.add_error(name, said)
            taken.setdefault(place, name)
        return self.cleaned_data

    def picked(self) -> list[int]:
        """For each column of the format the place of its heading."""
        return [int(self.cleaned_data[name]) for name in self.fields]


class ExportForm(forms.Form):
    """Which list, and whether with telephone numbers: then for what."""

    kind = forms.ChoiceField(
        label=_("Which list"),
        choices=ListKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say which list this is"), "invalid_choice": _("Please choose a list")},
    )
    has_phones = forms.BooleanField(label=_("With telephone numbers (members only)"), required=False)
    purpose = forms.ChoiceField(
        label=_("For what the telephone numbers are needed"),
        choices=PhonePurpose.choices,
        widget=forms.RadioSelect,
        required=False,
    )

    def clean(self) -> dict:
        said = self.cleaned_data
        if said.get("has_phones") and said.get("kind") == ListKind.MEMBERS and not said.get("purpose"):
            self.add_error("purpose", _("Please say for what the telephone numbers are needed"))
        return said

    def asked_purpose(self) -> PhonePurpose | None:
        """For what telephones are asked; nothing where none are."""
        said = self.cleaned_data
        wants = said["has_phones"] and said["kind"] == ListKind.MEMBERS
        return PhonePurpose(said["purpose"]) if wants else None
