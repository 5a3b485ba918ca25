"""Hands over to the corners."""

from django.urls import include, path

urlpatterns = [path("", include("members.privacy.urls")), path("", include("members.accounts.urls"))]
