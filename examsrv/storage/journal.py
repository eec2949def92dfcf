"""The journal: what many requests ask for is carried out and committed together, and acknowledged after the commit.

This is the one exception to "one use case = one transaction". Request threads hand in a request and wait; one writer thread takes what has
gathered, carries it out in a single transaction and releases the waiters once it is on disk. If a batch fails, each request is tried alone, so
that one bad request cannot fail its neighbours.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from examsrv.storage.database import Database

Request = TypeVar("Request")
Outcome = TypeVar("Outcome")
WAIT_SECONDS = 10.0
MOST_TOGETHER = 192
"""So many requests are carried out in one transaction, which has to stay short (as many saves take some 10 ms): others who write wait for it."""
GATHERING_SECONDS = 0.01
BUSY, BUSY_GATHERING_SECONDS = 32, 0.03
"""Where so many came together, all threads are at work: then it is worth the time that all of them take to come again."""


class _Waiter(Generic[Request, Outcome]):
    """A request and, once it is decided, what came of it. A plain lock tells: many wait at a time, each for one sign."""

    __slots__ = ("_decided", "_error", "_outcome", "request")

    def __init__(self, request: Request) -> None:
        self.request = request
        self._outcome: Outcome
        self._error: Exception | None = None
        self._decided = threading.Lock()
        self._decided.acquire()

    def succeed(self, outcome: Outcome) -> None:
        """Let the waiter go on with the outcome."""
        self._outcome = outcome
        self._decided.release()

    def fail(self, error: Exception) -> None:
        """Let the waiter go on with an error."""
        self._error = error
        self._decided.release()

    def result(self, timeout: float) -> Outcome:
        """Wait for the outcome and return it, or raise the error."""
        if not self._decided.acquire(timeout=timeout):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        return self._outcome


class Journal(Generic[Request, Outcome]):
    """A queue with one writer thread. `write` returns the outcome that `carry_out` gave for the request, after the commit."""

    def __init__(self, database: Database, carry_out: Callable[[Connection, Sequence[Request]], Sequence[Outcome]]) -> None:
        self._database = database
        self._carry_out = carry_out
        self._waiting: list[_Waiter[Request, Outcome]] = []
        self._wanted = 1
        self._arrived = threading.Condition(threading.Lock())
        self._stopped = False
        self.observe: Callable[[int], object] = _unobserved
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, request: Request) -> Outcome:
        """Carry `request` out in the next transaction and return its outcome once that is committed; an error is raised here, nothing of it kept."""
        waiter: _Waiter[Request, Outcome] = _Waiter(request)
        with self._arrived:
            if self._stopped:
                raise RuntimeError("the journal is closed")
            self._waiting.append(waiter)
            if len(self._waiting) >= self._wanted:  # each sign wakes the writer, and takes the processor from those who answer
                self._arrived.notify()
        return waiter.result(WAIT_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Tell whether what is handed in is written."""
        return self._thread.is_alive() and not self._stopped

    def close(self) -> None:
        """Write what has gathered, then stop."""
        with self._arrived:
            self._stopped = True
            self._arrived.notify()
        self._thread.join()

    def _run(self) -> None:
        together = 1
        while True:
            with self._arrived:
                self._await(1)
                self._await(together, GATHERING_SECONDS if together < BUSY else BUSY_GATHERING_SECONDS)
                batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            together = len(batch)
            if not batch:
                return
            self._commit(batch)
            self.observe(len(batch))

    def _await(self, as_many: int, timeout: float | None = None) -> None:
        """Wait until `as_many` have gathered. Many in one transaction cost little more than one, so the writer waits a moment for as many as came
        together the last time; somebody who is alone does not wait.
        """
        self._wanted = as_many
        self._arrived.wait_for(lambda: len(self._waiting) >= as_many or self._stopped, timeout)

    def _commit(self, batch: list[_Waiter[Request, Outcome]], *, is_again: bool = False) -> None:
        try:
            with self._database.appending() as connection:
                outcomes = self._carry_out(connection, [waiter.request for waiter in batch])
        except Exception as error:  # noqa: BLE001 -- whatever broke the batch is handed to its waiter or retried alone
            is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
            if is_again or (len(batch) == 1 and not is_lost):
                batch[0].fail(error)
                return
            for single in batch:
                self._commit([single], is_again=True)
            return
        for waiter, outcome in zip(batch, outcomes, strict=True):
            waiter.succeed(outcome)


def _unobserved(_size: int) -> None:
    """Nobody wants to know how many were committed together."""
