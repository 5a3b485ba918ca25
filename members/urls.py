"""Hands over to the corners."""

from django.urls import include, path

urlpatterns = [
    path("", include("members.imports.urls")),
    path("", include("members.messages.urls")),
    path("", include("members.accounts.urls")),
]
