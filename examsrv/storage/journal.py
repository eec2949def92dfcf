"""The journal: what many requests ask for is carried out and committed together, and acknowledged after the commit.

This is the one exception to "one use case = one transaction". Request threads hand in a request and wait; one writer thread takes what has
gathered, carries it out in a single transaction and releases the waiters once it is on disk. If a batch fails, each request is tried alone, so
that one bad request cannot fail its neighbours.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from sqlalchemy import Connection

from examsrv.storage.database import Database

Request = TypeVar("Request")
Outcome = TypeVar("Outcome")
WAIT_SECONDS = 10.0
GATHERING_SECONDS = 0.01
MOST_TOGETHER = 64
"""So many requests are carried out in one transaction, which has to stay short: others who write wait for it."""


class Journal(Generic[Request, Outcome]):
    """A queue with one writer thread. `write` returns the outcome that `carry_out` gave for the request, after the commit."""

    def __init__(self, database: Database, carry_out: Callable[[Connection, Sequence[Request]], Sequence[Outcome]]) -> None:
        self._database = database
        self._carry_out = carry_out
        self._waiting: list[tuple[Request, Future[Outcome]]] = []
        self._arrived = threading.Condition()
        self._stopped = False
        self.observe: Callable[[int], object] = _unobserved
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, request: Request) -> Outcome:
        """Carry `request` out in the next transaction and return its outcome once that is committed; an error is raised here, nothing of it kept."""
        future: Future[Outcome] = Future()
        with self._arrived:
            if self._stopped:
                raise RuntimeError("the journal is closed")
            self._waiting.append((request, future))
            self._arrived.notify()
        return future.result(timeout=WAIT_SECONDS)

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
                self._arrived.wait_for(lambda: self._waiting or self._stopped)
                self._gather(together)
                batch, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            together = len(batch)
            if not batch:
                return
            self._commit(batch)
            self.observe(len(batch))

    def _gather(self, as_many: int) -> None:
        """Wait a moment until `as_many` have gathered as came together the last time: many in one transaction cost little more than one.

        Somebody who is alone does not wait.
        """
        self._arrived.wait_for(lambda: len(self._waiting) >= as_many or self._stopped, timeout=GATHERING_SECONDS)

    def _commit(self, batch: list[tuple[Request, Future[Outcome]]]) -> None:
        try:
            with self._database.appending() as connection:
                outcomes = self._carry_out(connection, [request for request, _ in batch])
        except Exception as error:  # noqa: BLE001 -- whatever broke the batch is handed to its waiter or retried alone
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for single in batch:
                self._commit([single])
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            future.set_result(outcome)


def _unobserved(_size: int) -> None:
    """Nobody wants to know how many were committed together."""
