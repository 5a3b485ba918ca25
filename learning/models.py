"""Hands the corners' models to Django."""

from learning.completion.models import Completion, DayCount, Delta, Enrolment, HelpNote, NightlyCheck, Tally
from learning.courses.models import CoursePage, LessonPage, StudyItem
from learning.hours.models import HoursEntry
from learning.plans.models import PlanItem, StudyPlan
from learning.progress.models import PastMark, Progress
from learning.quizzes.models import Answer, Attempt, Question, QuestionBank, Quiz

__all__ = [
    "Answer",
    "Attempt",
    "Completion",
    "CoursePage",
    "DayCount",
    "Delta",
    "Enrolment",
    "HelpNote",
    "HoursEntry",
    "LessonPage",
    "NightlyCheck",
    "PastMark",
    "PlanItem",
    "Progress",
    "Question",
    "QuestionBank",
    "Quiz",
    "StudyItem",
    "StudyPlan",
    "Tally",
]
