from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from learning.quizzes import question_rows
from learning.quizzes.actions import publish_quiz, revise_question, withdraw_quiz
from learning.quizzes.models import Question, Quiz
from learning.quizzes.question_plan import questions_of
from learning.quizzes.question_rows import KIND_WORDS, QuestionRow, read_question, write_key
from learning.quizzes.scoring import LETTERS
from members.organisation.sentences import reason_of
from members.organisation.workbook import Row

OPTION_FIELDS = tuple(f"option_{letter.lower()}" for letter in LETTERS)
FIELDS = ("kind", "text", *OPTION_FIELDS, "answer", "explanation", "points", "difficulty", "tags")
FIELD_OF_COLUMN = dict(zip(question_rows.COLUMNS, FIELDS, strict=True))
WORD_OF_KIND = {kind: word for word, kind in KIND_WORDS.items()}


class QuestionForm(WagtailAdminModelForm):
    """One question as a row of the workbook has it, checked by the same rules."""

    option_a = forms.CharField(label="A", required=False)
    option_b = forms.CharField(label="B", required=False)
    option_c = forms.CharField(label="C", required=False)
    option_d = forms.CharField(label="D", required=False)
    option_e = forms.CharField(label="E", required=False)
    option_f = forms.CharField(label="F", required=False)
    answer = forms.CharField(
        label=gettext_lazy("right answer"),
        help_text=gettext_lazy("A, or ABD where several are right; 对 or 错; accepted texts with | between them."),
    )
    row: QuestionRow | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["bank"].disabled = True
            self.initial["answer"] = write_key(self.instance.kind, self.instance.key)
            for name, text in zip(OPTION_FIELDS, self.instance.options, strict=False):
                self.initial[name] = text

    def clean(self) -> dict:
        said = super().clean()
        cells = ["" if said.get(name) is None else str(said[name]).strip() for name in FIELDS]
        cells[0] = WORD_OF_KIND.get(cells[0], "")
        self.row, problems = read_question(Row(0, tuple(cells)))
        for problem in problems:
            name = FIELD_OF_COLUMN[problem.column]
            if name not in self.errors:
                self.add_error(name, reason_of(problem))
        there = questions_of(said["bank"]).get(self.row.identity) if said.get("bank") else None
        if there is not None and there.pk != self.instance.pk:
            self.add_error("text", _("This bank has the same question already."))
        if self.instance.successor_id:
            self.add_error(None, _("This question has been replaced by a newer one. Please edit that one."))
        return said

    def save(self, commit: bool = True) -> Question:
        """An asked question is never changed in place: what is returned then is its successor."""
        said = self.row.said | {"is_retired": self.cleaned_data["is_retired"]}
        if self.instance.pk:
            return revise_question(question=self.instance, said=said)
        for name, value in said.items():
            setattr(self.instance, name, value)
        return super().save(commit=commit)


class QuizForm(WagtailAdminModelForm):
    """Publishing and withdrawing go through the actions, so that the study item follows."""

    number_drawn = forms.IntegerField(label=gettext_lazy("how many questions"), min_value=1, max_value=100, initial=5)
    pass_percent = forms.IntegerField(
        label=gettext_lazy("passed from (%)"),
        min_value=1,
        max_value=100,
        initial=60,
        help_text=gettext_lazy(
            "Whoever has passed already keeps that; whoever holds enough by a lower figure has passed at once."
        ),
    )
    hours = forms.DecimalField(
        label=gettext_lazy("study hours"),
        min_value=0,
        max_digits=4,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("Leave empty: as the rules of your organisation say."),
    )

    def clean(self) -> dict:
        said = super().clean()
        bank = said.get("bank")
        if said.get("is_published") and bank is not None and not bank.questions.live().exists():
            self.add_error("is_published", _("This bank has no question yet. Please add one before you publish."))
        return said

    def save(self, commit: bool = True) -> Quiz:
        quiz = super().save(commit=commit)
        if quiz.is_published:
            publish_quiz(quiz=quiz, now=timezone.now())
        else:
            withdraw_quiz(quiz=quiz, now=timezone.now())
        return quiz
