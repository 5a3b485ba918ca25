"""The addresses of the corners. Those of the members' own corners are one namespace."""

from django.urls import include, path

from members.accounts import urls as accounts
from members.checkins import urls as checkins
from members.feedback import urls as feedback

own = [*accounts.own, *checkins.urlpatterns, *feedback.own]

urlpatterns = [
    path("", include((own, "members"))),
    path("", include("members.activities.urls")),
    path("", include(accounts)),
]
