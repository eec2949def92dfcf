"""The journal: many requests' steps are written and committed together, and acknowledged after the commit.

This is the one exception to "one use case = one transaction". Request threads hand in a write and wait; one writer thread takes all that
has gathered, does it in a single transaction and releases the waiters once it is on disk. If a batch fails, each write is tried alone, so that
one bad write cannot fail its neighbours.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from sqlalchemy import Connection

from examsrv.storage.database import Database

Write = Callable[[Connection], object]
WAIT_SECONDS = 10.0


class Journal:
    """A queue with one writer thread. `write` returns what the given function returned, after the commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Write, Future[object]]] = []
        self._arrived = threading.Condition()
        self._stopped = False
        self.observe: Callable[[int], object] = _unobserved
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, what: Write) -> object:
        """Do `what` in the next transaction and return its value once that is committed; what it raises is raised here, nothing of it kept."""
        future: Future[object] = Future()
        with self._arrived:
            if self._stopped:
                raise RuntimeError("the journal is closed")
            self._waiting.append((what, future))
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
        while True:
            with self._arrived:
                self._arrived.wait_for(lambda: self._waiting or self._stopped)
                batch, self._waiting = self._waiting, []
            if not batch:
                return
            self._commit(batch)
            self.observe(len(batch))

    def _commit(self, batch: list[tuple[Write, Future[object]]]) -> None:
        try:
            with self._database.appending() as connection:
                values = [what(connection) for what, _ in batch]
        except Exception as error:  # noqa: BLE001 -- whatever broke the batch is handed to its waiter or retried alone
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for single in batch:
                self._commit([single])
            return
        for (_, future), value in zip(batch, values, strict=True):
            future.set_result(value)


def _unobserved(_size: int) -> None:
    """Nobody wants to know how many were committed together."""
