"""Rosters between being looked at and being imported: kept in the memory of the process, a few, for a while, each for who sent it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from examsrv.services.rostering import RosterFile

KEPT_FOR = timedelta(minutes=30)
KEPT_MOST = 8  # each may hold photos of a whole sitting


@dataclass(frozen=True, slots=True)
class Upload:
    """A roster that was read, by whom and for which sitting, and when (exam time)."""

    person: int
    sitting: int
    name: str
    roster: RosterFile
    since: timedelta


@dataclass(slots=True)
class Uploads:
    """What is kept, by token. After a restart or the time nothing is there, and the person is asked to choose the file again."""

    kept: dict[str, Upload] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, upload: Upload, new_token: Callable[[], str]) -> str:
        """Keep a roster and return its token; the same person's earlier one for the sitting goes, and the oldest when there are too many."""
        with self.lock:
            self._forget_old(upload.since)
            mine = [token for token, each in self.kept.items() if (each.person, each.sitting) == (upload.person, upload.sitting)]
            for token in mine:
                del self.kept[token]
            while len(self.kept) >= KEPT_MOST:
                del self.kept[next(iter(self.kept))]
            token = new_token()
            self.kept[token] = upload
            return token

    def find(self, token: str, person: int, sitting: int, at: timedelta) -> Upload | None:
        """Return what this person sent for this sitting, if it is still there."""
        with self.lock:
            self._forget_old(at)
            found = self.kept.get(token)
        return found if found is not None and (found.person, found.sitting) == (person, sitting) else None

    def drop(self, token: str) -> None:
        """Forget a roster."""
        with self.lock:
            self.kept.pop(token, None)

    def _forget_old(self, at: timedelta) -> None:
        for token in [token for token, each in self.kept.items() if at - each.since > KEPT_FOR]:
            del self.kept[token]
