"""What arrives while a commit is under way is committed together with the next one; nobody is answered before."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

TOGETHER = 100
LET_IN_TIMES = 6
WAITING_AT_MOST = 1000
PATIENCE_SECONDS = 10


class Busy(Exception):
    """Too much is waiting, or the database does not answer: nothing was promised, send it once more in a while."""


@dataclass(slots=True)
class _Waiting:
    said: Any
    is_over: Any = field(default_factory=threading.Lock)
    answer: Any = None
    trouble: BaseException | None = None


class Together:
    """One writer for a process. `write` takes a list and gives an answer for each, in one transaction of its own."""

    def __init__(self, write: Callable[[Sequence[Any]], Sequence[Any]]) -> None:
        self._write = write
        self._queue: deque[_Waiting | None] = deque()  # None: stop here
        self._is_wanted = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        os.register_at_fork(after_in_child=self._begin_anew)

    def commit(self, said: Any) -> Any:
        """The answer, after the commit. Raises what `write` raised, or Busy.

        Whoever calls it within a transaction has it written there and then.
        """
        if connection.in_atomic_block:
            return self._write([said])[0]
        if len(self._queue) >= WAITING_AT_MOST:
            raise Busy
        waiting = _Waiting(said)
        waiting.is_over.acquire()
        self._queue.append(waiting)
        self._is_wanted.set()
        self._see_that_somebody_writes()
        if not waiting.is_over.acquire(timeout=PATIENCE_SECONDS):
            raise Busy
        if waiting.trouble is not None:
            raise waiting.trouble
        return waiting.answer

    def stop(self) -> None:
        """The writer answers who waits and lets its connection go; the next commit starts another one."""
        with self._starting:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._queue.append(None)
                self._is_wanted.set()
                thread.join()

    def _begin_anew(self) -> None:
        """A child of a fork has no writer, and nobody waits in it."""
        self._queue, self._thread = deque(), None
        self._is_wanted, self._starting = threading.Event(), threading.Lock()

    def _see_that_somebody_writes(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            with self._starting:
                if self._thread is None or not self._thread.is_alive():
                    self._thread = threading.Thread(target=self._run, name="commits together", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while self._is_wanted.wait():
            self._is_wanted.clear()
            while self._queue:
                self._let_others_in()
                batch = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
                self._serve([waiting for waiting in batch if waiting is not None])
                if None in batch:
                    connection.close()
                    return

    def _let_others_in(self) -> None:
        """Who is about to come is in the same commit: the interpreter is given to them as long as somebody comes."""
        before = 0
        for _ in range(LET_IN_TIMES):
            if before == len(self._queue):
                return
            before = len(self._queue)
            time.sleep(0)

    def _serve(self, batch: list[_Waiting]) -> None:
        close_old_connections()
        try:
            self._answer(batch)
        except Exception:
            # One of them may be at fault, or the database was away: each by itself, with its own trouble.
            for waiting in batch:
                self._serve_alone(waiting)
        for waiting in batch:
            waiting.is_over.release()

    def _serve_alone(self, waiting: _Waiting) -> None:
        close_old_connections()
        try:
            self._answer([waiting])
        except (DatabaseError, InterfaceError) as trouble:
            connection.close_if_unusable_or_obsolete()
            waiting.trouble = Busy(str(trouble))
        except Exception as trouble:
            waiting.trouble = trouble

    def _answer(self, batch: list[_Waiting]) -> None:
        answers = self._write([waiting.said for waiting in batch])
        for waiting, answer in zip(batch, answers, strict=True):
            waiting.answer = answer
