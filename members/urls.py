"""The addresses of the corners."""

from django.urls import include, path

from members.accounts.urls import own
from members.checkins.urls import urlpatterns as checkins

urlpatterns = [
    path("", include(([*own, *checkins], "members"))),
    path("", include("members.activities.urls")),
    path("", include("members.accounts.urls")),
]
