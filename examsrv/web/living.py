"""A page that lives: its parts are made when what they show has changed, and sent to whoever has not got them yet.

Many look at the same page every two seconds, and little changes in between: nothing is made twice, and what has not changed is not sent.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

MARK = "-"


class Part(NamedTuple):
    """A part by its name, what it shows (compared with `==`), and what makes it of that."""

    name: str
    shows: object
    make: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Made:
    shows: object
    made: object
    edition: int


class LivingPage:
    """The parts of one page in one language, as they were made last. `key` tells its editions from those of a server before this one."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._edition = 0
        self._parts: dict[str, _Made] = {}
        self._looking = threading.Lock()

    @contextmanager
    def looked_at(self) -> Iterator[None]:
        """Let one at a time look and show: what was seen earlier never takes the place of what was seen later."""
        with self._looking:
            yield

    def show(self, parts: Iterable[Part], known: str) -> tuple[str, Mapping[str, object]]:
        """Return the present edition and those of `parts` that came after the edition `known`; all of them if that is none of this page's."""
        since = self._since(known)
        edition = self._edition + 1
        new: dict[str, object] = {}
        for name, shows, make in parts:
            kept = self._parts.get(name)
            if kept is None or kept.shows != shows:
                kept = self._parts[name] = _Made(shows, make(), edition)
                self._edition = edition
            if kept.edition > since:
                new[name] = kept.made
        return f"{self._key}{MARK}{self._edition}", new

    def _since(self, known: str) -> int:
        key, _, edition = known.partition(MARK)
        return int(edition) if key == self._key and edition.isdecimal() and edition.isascii() else 0
