"""The demo has its three administrators, each with a job of their own."""

import pytest
from config.demo_accounts import administrator_cards
from django.test import Client
from django.utils import timezone

from members.roles.models import ADMINISTRATORS, RoleGrant


@pytest.mark.django_db
def test_the_three_administrators_come_in_with_their_cards_however_often_they_are_printed():
    list(administrator_cards(now=timezone.now()))
    for _who, username, code in administrator_cards(now=timezone.now()):
        client = Client()
        client.post("/accounts/card/", {"login": username, "password": code})
        assert "_auth_user_id" in client.session
    assert sorted(RoleGrant.objects.values_list("role", flat=True)) == sorted(ADMINISTRATORS)
