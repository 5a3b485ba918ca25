"""Hands the corners' models to Django."""

from learning.completion.models import Completion, Delta, Enrolment, Tally
from learning.courses.models import CoursePage, LessonPage, StudyItem
from learning.hours.models import HoursEntry
from learning.plans.models import PlanItem, StudyPlan
from learning.progress.models import PastMark, Progress
from learning.quizzes.models import Answer, Attempt, Question, QuestionBank, Quiz
from learning.years.models import YearClosing, YearFigure, YearRecord

__all__ = [
    "Answer",
    "Attempt",
    "Completion",
    "CoursePage",
    "Delta",
    "Enrolment",
    "HoursEntry",
    "LessonPage",
    "PastMark",
    "PlanItem",
    "Progress",
    "Question",
    "QuestionBank",
    "Quiz",
    "StudyItem",
    "StudyPlan",
    "Tally",
    "YearClosing",
    "YearFigure",
    "YearRecord",
]
