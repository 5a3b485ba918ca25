from django.urls import path

from learning.board import views as board
from learning.claims import views as claims
from learning.hours import views as hours
from learning.planning.views import copies, running
from learning.planning.views import plans as planning
from learning.quizzes import views as quizzes
from learning.reminders import views as reminders
from learning.study import views as study
from learning.together import views as together
from learning.years.views import closing, record, verifying

app_name = "learning"
urlpatterns = [
    path("study/", study.study, name="study"),
    path("study/again/<int:pk>/", study.study_again, name="study_again"),
    path("study/hours/", hours.hours, name="hours"),
    path("study/hours/<int:pk>/", hours.hours_line, name="hours_line"),
    path("branch/activities/<int:pk>/studied/", together.studied, name="studied"),
    path("branch/hours/", claims.claims, name="claims"),
    path("branch/hours/new/", claims.claim_new, name="claim_new"),
    path("branch/hours/<int:pk>/", claims.claim, name="claim"),
    path("branch/people/<str:number>/hours/", hours.hours_target, name="hours_target"),
    path("branch/help/<int:pk>/", board.help_note, name="help_note"),
    path("study/read/", study.read, name="read"),
    path("study/help/", study.own_help, name="own_help"),
    path("study/heartbeat/", study.heartbeat, name="heartbeat"),
    path("quizzes/", quizzes.quizzes, name="quizzes"),
    path("quizzes/<int:pk>/", quizzes.quiz, name="quiz"),
    path("quizzes/<int:pk>/begin/", study.begin_quiz, name="begin_quiz"),
    path("quizzes/<int:pk>/attempt/", quizzes.attempt, name="attempt"),
    path("quizzes/<int:pk>/attempt/check/", quizzes.attempt_check, name="attempt_check"),
    path("quizzes/attempts/<int:pk>/", quizzes.attempt_review, name="attempt_review"),
    path("quizzes/attempts/<int:pk>/hand-in/", study.hand_in, name="hand_in"),
    path("organise/", board.board, name="board"),
    path("organise/plans/", planning.plan_list, name="plan_list"),
    path("organise/plans/new/", planning.plan_new, name="plan_new"),
    path("organise/plans/<int:pk>/", planning.plan, name="plan"),
    path("organise/plans/<int:pk>/discard/", planning.plan_discard, name="plan_discard"),
    path("organise/plans/<int:pk>/publish/", planning.plan_publish, name="plan_publish"),
    path("organise/plans/<int:pk>/people/", running.plan_people, name="plan_people"),
    path("organise/plans/<int:pk>/change/", running.plan_change, name="plan_change"),
    path("organise/plans/<int:pk>/template/", copies.plan_template, name="plan_template"),
    path("organise/plans/<int:pk>/copy/", copies.plan_copy, name="plan_copy"),
    path("organise/plans/<int:pk>/repeat/", copies.plan_repeat, name="plan_repeat"),
    path("organise/years/", closing.years, name="years"),
    path("organise/years/<int:year>/", closing.year, name="year"),
    path("organise/years/<int:year>/close/", closing.year_close, name="year_close"),
    path("organise/years/<int:year>/export.xlsx", closing.year_export, name="year_export"),
    path("organise/years/<int:year>/people/<str:number>/", record.year_record, name="year_record"),
    path("study/record/<int:year>/", record.own_record, name="own_record"),
    path("records/", verifying.record_code, name="record_code"),
    path("records/<str:code>/", verifying.verify_record, name="verify_record"),
    path("organise/<str:code>/", board.board, name="board_unit"),
    path("organise/<str:code>/export.xlsx", board.board_export, name="board_export"),
    path("organise/<str:code>/remind/", reminders.remind, name="remind"),
    path("organise/<str:code>/people/<str:number>/", board.person, name="person"),
    path("organise/<str:code>/people/<str:number>/confirm/<int:item>/", study.confirm, name="confirm"),
    path(
        "organise/<str:code>/people/<str:number>/confirm/<int:item>/withdraw/",
        study.confirm_withdraw,
        name="confirm_withdraw",
    ),
    path(
        "organise/<str:code>/people/<str:number>/confirm/<int:item>/withdraw/<int:confirmation>/",
        study.confirm_withdraw,
        name="confirm_withdraw_filed",
    ),
    path("organise/<str:code>/people/<str:number>/help/", board.person_help, name="person_help"),
]
