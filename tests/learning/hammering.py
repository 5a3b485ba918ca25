"""A process of its own that studies with many threads at once and writes down every beat that was acknowledged."""

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parents[2]
THREADS = 16


def start(visits: list[str], *, seed: int, beats: int | None, address: str = "") -> subprocess.Popen:
    """Each thread sends so many beats (None: until it is killed), each for one of the visits; a line for each taken.

    On the database of the calling test, or on another one at `address`.
    """
    from django.db import connection

    name = "" if address else str(connection.settings_dict["NAME"])
    told = {"database": name, "visits": visits, "seed": seed, "beats": beats}
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    if address:
        environment["DATABASE_URL"] = address
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "site"), str(ROOT)])
    command = [sys.executable, "-m", "tests.learning.hammering", json.dumps(told)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def hammer(told: dict, thread: int, saying: threading.Lock) -> None:
    from django.test import Client

    client, chance = Client(), random.Random(f"{told['seed']}-{thread}")
    sent = 0
    while told["beats"] is None or sent < told["beats"]:
        sent += 1
        visit, begin = chance.randrange(len(told["visits"])), chance.randrange(3000)
        span = [begin, begin + chance.randrange(1, 40)]
        # Numbers of beats are those of one window: here every beat is one of its own.
        seq = (told["seed"] * THREADS + thread) * 100_000 + sent
        body = {"visit": told["visits"][visit], "seq": seq, "spans": [span], "position": span[1], "at": 0}
        answer = client.post("/study/heartbeat/", json.dumps(body), content_type="text/plain")
        if answer.status_code == 200:
            with saying:
                sys.stdout.write(json.dumps([visit, span]) + "\n")
                sys.stdout.flush()


def main(told: dict) -> None:
    import django

    django.setup()
    from django.db import connection

    if told["database"]:
        connection.settings_dict["NAME"] = told["database"]
    saying = threading.Lock()
    threads = [threading.Thread(target=hammer, args=(told, number, saying), daemon=True) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
