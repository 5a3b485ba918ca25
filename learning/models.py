"""Hands the corners' models to Django."""

from learning.claims.models import HoursClaim
from learning.completion.models import Completion, DayCount, Delta, Enrolment, HelpNote, NightlyCheck, Tally
from learning.courses.models import CoursePage, ItemRule, LessonPage, StudyItem
from learning.hours.models import HoursEntry, HoursQuestion, HoursTarget
from learning.plans.models import AudienceLine, PlanItem, StudyPlan
from learning.progress.group_study import GroupMark, GroupStudy
from learning.progress.models import Confirmation, PastMark, Progress
from learning.quizzes.models import Answer, Attempt, Question, QuestionBank, Quiz
from learning.years.models import YearClosing, YearFigure, YearRecord

__all__ = [
    "Answer",
    "Attempt",
    "AudienceLine",
    "Completion",
    "Confirmation",
    "CoursePage",
    "DayCount",
    "Delta",
    "Enrolment",
    "GroupMark",
    "GroupStudy",
    "HelpNote",
    "HoursClaim",
    "HoursEntry",
    "HoursQuestion",
    "HoursTarget",
    "ItemRule",
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
    "YearClosing",
    "YearFigure",
    "YearRecord",
]
