"""Several people do something at the same moment, each with a connection of their own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection


def at_once(*deeds: Callable[[], object], refusals: tuple[type[Exception], ...]) -> list[object]:
    """What each came to, in their order: the result, or the refusal; anything else that breaks is raised."""
    start, found = Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int) -> None:
        try:
            start.wait(20)
            found[place] = deeds[place]()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[place]) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for each in found:
        if isinstance(each, Exception) and not isinstance(each, refusals):
            raise each
    return found
