from django.urls import path

from members.activities.views import code, facts, own, record

app_name = "activities"
urlpatterns = [
    path("activities/", own.activities, name="activities"),
    path("activities/sign-in/", own.sign_in, name="sign_in"),
    path("activities/<int:pk>/", own.activity, name="activity"),
    path("activities/<int:pk>/leave/", own.leave, name="leave"),
    path("branch/activities/", record.records, name="records"),
    path("branch/activities/new/", facts.facts, name="facts_new"),
    path("branch/activities/<int:pk>/", record.record, name="record"),
    path("branch/activities/<int:pk>/facts/", facts.facts, name="facts"),
    path("branch/activities/<int:pk>/units/", facts.units, name="units"),
    path("branch/activities/<int:pk>/code/", code.code, name="code"),
    path("branch/activities/<int:pk>/judge/", record.judge, name="judge"),
    path("branch/activities/<int:pk>/record.docx", record.record_docx, name="record_docx"),
]
