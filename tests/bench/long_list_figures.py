"""The long lists in a house of the full size: queries and milliseconds of each page, the median of five."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from statistics import median

import django

from tests.bench.report import Figure

TIMES = 5
QUERIES = 24  # of the page of a unit, the largest; of a list ten beside those of the frame
MILLISECONDS = 1_000


def measure() -> list[Figure]:
    """In a process and a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="long-lists-") as folder:
        environment = {**os.environ, "VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
        command = [sys.executable, "-m", "tests.bench.long_list_figures"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [Figure(**each) for each in json.loads(done.stdout.splitlines()[-1])]


def main(share: float) -> list[Figure]:
    """Fills the empty database and asks every list; the writing of what was read is part of it."""
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.big_house import make_big_house
    from tests.bench.long_lists import LISTS, cookies_of

    call_command("migrate", verbosity=0)
    call_command("createcachetable", database="cache", verbosity=0)
    begun = time.perf_counter()
    house = make_big_house(share=share)
    load = round(time.perf_counter() - begun, 1)
    base = {"bench": "long_lists", "database": connection.vendor}
    size = f"{house.number_of_units} units, {house.number_of_members} members"
    figures = [Figure(figure=size, value=load, unit="s", **base)]
    cookies = cookies_of(house)
    for who, paths in LISTS.items():
        figures += [each for path in paths for each in _of_page(house.fill(path, who), who, cookies[who], base)]
    return figures


def _of_page(path: str, who: str, cookies: str, base: dict) -> list[Figure]:
    from django.test import Client

    from tests.bench.long_lists import FRAME, asked

    client = Client(headers={"host": "127.0.0.1"})
    client.cookies.load(cookies)
    frame = len(asked(client, FRAME)[0])
    took, numbers = [], []
    for _ in range(TIMES):
        begun = time.perf_counter()
        queries, response = asked(client, path)
        took.append(1000 * (time.perf_counter() - begun))
        numbers.append(len(queries))  # now and then with what the house keeps for a moment: the fewest are the page's
        assert response.status_code == 200, f"{path}: {response.status_code}"
    return [
        Figure(figure=f"{path} {who}", value=min(numbers) - frame, unit="queries", accept=QUERIES, **base),
        Figure(figure=f"{path} {who}", value=round(median(took)), unit="ms", accept=MILLISECONDS, **base),
    ]


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps([asdict(each) for each in main(float(os.environ.get("BIG_HOUSE", "1")))]) + "\n")
