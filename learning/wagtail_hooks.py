"""The only place where learning touches Wagtail's serving and admin."""

from wagtail import hooks

from learning.courses.models import StudyPage
from learning.quizzes.wagtail_hooks import QuizzesInAdmin
from learning.study.views import study_page


@hooks.register("before_serve_page")
def serve_study_page(page, request, serve_args, serve_kwargs):
    """Models never ask for progress: the study corner answers for every page that can be studied."""
    return study_page(request, page) if isinstance(page, StudyPage) else None


@hooks.register("register_admin_viewset")
def edit_quizzes():
    return QuizzesInAdmin()
