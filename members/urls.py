"""Hands over to the corners. Together they are one namespace."""

from django.urls import include, path

from members.accounts import urls as accounts
from members.feedback import urls as feedback

own = [*accounts.own, *feedback.own]

urlpatterns = [path("", include((own, "members"))), path("", include(accounts))]
