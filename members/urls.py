"""Hands over to the corners."""

from django.urls import include, path

urlpatterns = [path("", include("members.accounts.urls")), path("", include("members.activities.urls"))]
