"""Every list of a large house stays short and quick to ask for: one load for the whole module, nothing is written.

`BIG_HOUSE=1` is the full size, thirty thousand units and a hundred thousand members; `make bench` measures that.
"""

import os

import pytest
from django.db import transaction
from django.test import Client

from members.accounts.context import general
from tests.bench.big_house import make_big_house
from tests.bench.long_lists import FRAME, LISTS, asked, cookies_of

pytestmark = pytest.mark.django_db
SHARE = float(os.environ.get("BIG_HOUSE", "0.05"))
QUERIES, OF_A_UNIT = 10, 24
KILOBYTES = 100


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
    """Ten at most beside those of the frame; the page of a unit, which is many lists in one, twenty-four."""
    client = Client()
    client.cookies.load(cookies[who])
    client.get(FRAME)  # what the house keeps for a moment is known
    too_much = []
    frame, _ = asked(client, FRAME)
    for path in LISTS[who]:
        queries, response = asked(client, house.fill(path, who))
        assert response.status_code == 200, f"{path}: {response.status_code}"
        own = len(queries) - len(frame)
        if own > (OF_A_UNIT if "/units/{unit}/" in path else QUERIES) or len(response.content) > KILOBYTES * 1024:
            lines = "\n    ".join(query[:160] for query in queries)
            too_much.append(f"{path}: {own} queries, {len(response.content) // 1024} KB\n    {lines}")
    assert not too_much, "\n".join(too_much)
