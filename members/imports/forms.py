from django import forms
from django.utils.translation import gettext_lazy as _

from members.imports.kinds import ListKind
from members.organisation import problems
from members.organisation.problems import Problem
from members.organisation.sentences import reason_of
from members.organisation.workbook import MEGABYTE, Limits


def too_large() -> str:
    return reason_of(Problem(problems.LARGE_FILE, values={"limit": Limits().file_bytes // MEGABYTE}))


class ListForm(forms.Form):
    """Which list, and the workbook."""

    kind = forms.ChoiceField(
        label=_("Which list"),
        choices=ListKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say which list this is"), "invalid_choice": _("Please choose a list")},
    )
    file = forms.FileField(
        label=_("The workbook (.xlsx)"),
        help_text=_("At most 5 MB. The first row holds the headings, as in the examples above."),
        error_messages={
            "required": _("Please choose the file"),
            "empty": _("The file is empty."),
            "invalid": _("Please choose the file"),
            "missing": _("Please choose the file"),
        },
        widget=forms.FileInput({"accept": ".xlsx"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > Limits().file_bytes:
            raise forms.ValidationError(too_large())
        return file
