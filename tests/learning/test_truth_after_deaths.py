"""Processes that change what counts die by SIGKILL at any moment: nothing is half done, and every figure is right.

`DEATHS=200` in the environment kills so many instead of a few.
"""

import os
import random
import signal
import time
from contextlib import suppress

import pytest
from django.db import DatabaseError, connections
from django.utils import timezone

from learning.completion.models import Delta
from learning.completion.recount import wrong_days, wrong_help, wrong_tallies
from learning.hours.checking import check_hours
from learning.hours.models import HoursEntry
from learning.tasks import turn_cranks
from members.accounts.models import User
from members.organisation.models import Organisation
from members.roles.models import Role
from tests.factories import grant, make_account
from tests.learning.pages_say import pages_agree
from tests.learning.town import differences, make_town
from tests.learning.writing import Writer

AT_ONCE, SHORTLY = 2, 0.05  # seconds
pytestmark = pytest.mark.django_db(transaction=True)


class Doomed:
    """A process of its own that does one random deed after the other until it is killed."""

    def __init__(self, seed: int) -> None:
        connections.close_all()
        self.reads, says = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._write_until_killed(Writer(seed), says)
        os.close(says)

    def _write_until_killed(self, writer: Writer, says: int) -> None:
        try:
            while True:
                with suppress(DatabaseError):  # of others who write at the same time; they are tested elsewhere
                    writer.deed()
                os.write(says, b".")
        finally:
            os._exit(1)

    def die_after(self, deeds: int, seconds: float) -> None:
        for _ in range(deeds):
            assert os.read(self.reads, 1), "it died before it was killed"
        time.sleep(seconds)
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        os.close(self.reads)


def test_whoever_dies_in_the_middle_of_a_deed_has_done_it_whole_or_not_at_all():
    make_town()
    chance = random.Random(7)
    for seed in range(0, int(os.environ.get("DEATHS", "6")), AT_ONCE):
        for doomed in [Doomed(seed + number) for number in range(AT_ONCE)]:
            doomed.die_after(chance.randrange(1, 5), chance.random() * SHORTLY)
        assert differences_at_once() == 0
    turn_cranks()
    assert not Delta.objects.exists()
    assert differences() == 0
    assert check_hours() == []
    assert_that_the_parts_add_up()
    root = Organisation.objects.get(depth=1)
    leader = make_account()
    grant(leader, Role.ORGANISER, root)
    for user in User.objects.exclude(member=None).order_by("pk")[:3]:
        pages_agree(user, leader=leader, root=root, today=timezone.localdate())


def differences_at_once() -> int:
    """Before anything has been folded or mended."""
    return len(wrong_tallies()) + len(wrong_days()) + wrong_help()


def assert_that_the_parts_add_up() -> None:
    """All lines together are worth what those are that nothing has taken back."""
    lines = HoursEntry.objects.all()
    standing = lines.filter(reverses=None, reversed_by=None)
    assert sum(line.hours for line in lines) == sum(line.hours for line in standing)
