"""The same server with another journal, to compare with. Only the bench starts it: `python -m tests.bench.variants WAY --port N`.

no_store    the writer acknowledges saves without writing them
no_journal  the request acknowledges its save itself: neither a writer nor a store
one_by_one  the writer commits every request alone
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from examsrv.cli import main
from examsrv.domain.time_ledger import TimeState
from examsrv.services import answering
from examsrv.services.answering import Acknowledged, Outcome, Request, Save
from examsrv.storage import journal
from examsrv.web import server

LIMIT = timedelta(minutes=90)
TIME = TimeState(timedelta(), paused=False, remaining=LIMIT)
carry_out = answering.carry_out


def acknowledged(request: Save) -> Acknowledged:
    return Acknowledged(request.steps[-1].seq, TIME, LIMIT, timedelta())


def acknowledge_only(connection: Any, requests: Sequence[Request]) -> list[Outcome]:
    """Write everything but saves."""
    others = [request for request in requests if not isinstance(request, Save)]
    outcomes = iter(carry_out(connection, others) if others else ())
    return [acknowledged(request) if isinstance(request, Save) else next(outcomes) for request in requests]


class NoJournal(journal.Journal):
    """Lets everything but saves through."""

    def write(self, request: Request) -> Outcome:
        return acknowledged(request) if isinstance(request, Save) else super().write(request)


def no_store() -> None:
    answering.carry_out = acknowledge_only


def no_journal() -> None:
    server.Journal = NoJournal


def one_by_one() -> None:
    journal.MOST_TOGETHER = 1


WAYS = {"no_store": no_store, "no_journal": no_journal, "one_by_one": one_by_one}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    main(["serve", *sys.argv[2:]])
