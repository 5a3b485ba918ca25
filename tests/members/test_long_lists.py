"""Every list of a large house stays short and quick to ask for: one load for the whole module, nothing is written.

`BIG_HOUSE=1` is the full size, thirty thousand units and a hundred thousand members; `make bench` measures that.
"""

import os

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.accounts.context import general
from tests.bench.big_house import make_big_house
from tests.bench.long_lists import LISTS, asked, cookies_of

pytestmark = pytest.mark.django_db
SHARE = float(os.environ.get("BIG_HOUSE", "0.05"))
QUERIES = 10
KILOBYTES = 150


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        general.forget()
        yield make_big_house(share=SHARE)
        transaction.set_rollback(True)
        general.forget()


@pytest.fixture(scope="module")
def cookies(house):
    return cookies_of(house)


@pytest.mark.parametrize("who", LISTS)
def test_every_list_asks_few_queries_and_answers_one_page(house, cookies, who):
    client = Client()
    client.cookies.load(cookies[who])
    client.get("/accounts/")  # what the frame keeps for a moment is known
    too_much = []
    for path in LISTS[who]:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(house.fill(path, who))
        queries = asked(captured)
        assert response.status_code == 200, f"{path}: {response.status_code}"
        if len(queries) > QUERIES or len(response.content) > KILOBYTES * 1024:
            lines = "\n    ".join(query[:160] for query in queries)
            too_much.append(f"{path}: {len(queries)} queries, {len(response.content) // 1024} KB\n    {lines}")
    assert not too_much, "\n".join(too_much)
