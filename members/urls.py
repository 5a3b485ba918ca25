"""The addresses of the corners. Most are one namespace; what is closed under /accounts/ comes last."""

from django.urls import include, path

from members.accounts import urls as accounts
from members.checkins import urls as checkins
from members.feedback import urls as feedback

own = [*accounts.pages, *checkins.urlpatterns, *feedback.own]

urlpatterns = [
    path("", include("members.privacy.urls")),
    path("", include((own, "members"))),
    path("", include("members.activities.urls")),
    path("", include("members.handovers.urls")),
    path("", include("members.imports.urls")),
    path("", include("members.messages.urls")),
    path("", include("members.reorganisation.urls")),
    path("", include("members.transfers.urls")),
    path("", include(accounts)),
]
