"""Eight who write at once, at random: nobody waits in a circle, and every figure is right afterwards."""

import json
from collections import Counter

import pytest

from tests.learning import writing
from tests.learning.town import differences, make_town

# On SQLite one writes at a time anyway: nobody can wait in a circle.
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DEEDS = {"study", "change_home", "move_unit", "change_plan", "take_in", "arrange", "help", "fold", "accept"}


def test_eight_writers_never_wait_in_a_circle_and_every_figure_is_right_afterwards():
    make_town()
    writers = [writing.start(seconds=4, seed=seed) for seed in range(8)]
    done: Counter = Counter()
    for writer in writers:
        done += Counter(json.loads(writer.communicate(timeout=120)[0]))
    assert set(done) <= DEEDS, done
    assert sum(done.values()) > len(writers)
    assert differences() == 0
