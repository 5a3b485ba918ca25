"""Banks, questions and quizzes in Wagtail's admin, for editors. Attempts are people's and are not there."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from learning.quizzes.forms import OPTION_FIELDS, QuestionForm, QuizForm
from learning.quizzes.models import Question, QuestionBank, Quiz


def is_asked(question: Question) -> bool:
    return not question.is_retired


class QuestionIndex(IndexView):
    """Questions as they read now; what they replaced is kept for the attempts that were asked it."""

    def get_base_queryset(self) -> QuerySet[Question]:
        return super().get_base_queryset().filter(successor=None).select_related("bank")


class Kept(ModelViewSet):
    """What is found by its words in the database and is not copied."""

    copy_view_enabled = False
    search_backend_name = None
    add_to_reference_index = False


class BanksInAdmin(Kept):
    model = QuestionBank
    icon = "folder-open-inverse"
    list_display = ["name", "organisation"]
    search_fields = ["name"]
    edit_handler = ObjectList([FieldPanel("name"), FieldPanel("organisation")])


class QuestionsInAdmin(Kept):
    model = Question
    icon = "help"
    index_view_class = QuestionIndex
    list_display = ["text", "kind", "bank", BooleanColumn("is_asked", label=_("is asked"), accessor=is_asked)]
    list_filter = ["bank", "kind", "is_retired"]
    search_fields = ["text"]
    edit_handler = ObjectList(
        [
            FieldPanel("bank"),
            FieldPanel("kind"),
            FieldPanel("text"),
            MultiFieldPanel([FieldPanel(name) for name in OPTION_FIELDS], _("options")),
            FieldPanel("answer"),
            FieldPanel("explanation"),
            FieldRowPanel([FieldPanel("points"), FieldPanel("difficulty"), FieldPanel("tags")]),
            FieldPanel("is_retired"),
        ],
        base_form_class=QuestionForm,
    )


class QuizInAdmin(Kept):
    model = Quiz
    icon = "list-ul"
    list_display = ["title", "bank", "organisation", BooleanColumn("is_published", label=_("published"))]
    list_filter = ["bank", "is_published"]
    search_fields = ["title"]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("bank"),
            FieldRowPanel([FieldPanel("number_drawn"), FieldPanel("pass_percent"), FieldPanel("hours")]),
            FieldPanel("lesson", help_text=_("A quiz after a lesson is for the same readers as the lesson.")),
            MultiFieldPanel([FieldPanel("organisation"), FieldPanel("audience")], _("Audience")),
            FieldPanel("is_published"),
        ],
        base_form_class=QuizForm,
    )


class QuizzesInAdmin(ModelViewSetGroup):
    items = (QuizInAdmin, QuestionsInAdmin, BanksInAdmin)
    menu_label = _("Quizzes")
    menu_icon = "list-ul"
    menu_order = 250
