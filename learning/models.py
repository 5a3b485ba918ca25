"""Hands the corners' models to Django."""

from learning.claims.models import HoursClaim
from learning.completion.models import Completion, Delta, Enrolment, Tally
from learning.courses.models import CoursePage, ItemRule, LessonPage, StudyItem
from learning.hours.models import HoursEntry, HoursQuestion, HoursTarget
from learning.plans.models import PlanItem, StudyPlan
from learning.progress.group_study import GroupMark, GroupStudy
from learning.progress.models import Confirmation, PastMark, Progress
from learning.quizzes.models import Answer, Attempt, Question, QuestionBank, Quiz

__all__ = [
    "Answer",
    "Attempt",
    "Completion",
    "Confirmation",
    "CoursePage",
    "Delta",
    "Enrolment",
    "GroupMark",
    "GroupStudy",
    "HoursClaim",
    "HoursEntry",
    "HoursQuestion",
    "HoursTarget",
    "ItemRule",
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
]
