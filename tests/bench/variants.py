"""The same server with another journal, to compare with. Only the bench starts it: `python -m tests.bench.variants WAY --port N`.

no_store    the writer acknowledges saves without writing them
no_journal  the request acknowledges its save itself: neither a writer nor a store
one_by_one  the writer commits every request alone
bare_flask  a route of Flask alone answers saves, nothing of ours around it: the least that server and Flask cost on this machine
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, request

from examsrv.cli import main, serving
from examsrv.domain.time_ledger import TimeState
from examsrv.services import answering
from examsrv.services.answering import Acknowledged, Outcome, Request, Save
from examsrv.storage import journal
from examsrv.web import server

SAVES = "/exam/api/steps"
LIMIT = timedelta(minutes=90)
TIME = TimeState(timedelta(), paused=False, remaining=LIMIT)
carry_out = answering.carry_out


def acknowledged(request: Save) -> Acknowledged:
    return Acknowledged(request.steps[-1].seq, TIME, timedelta())


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


def bare_flask() -> None:
    make_ours = serving.create_app

    def with_bare_route(running: server.Server) -> Flask:
        ours, bare = make_ours(running), Flask("bare")

        @bare.post(SAVES)
        def save() -> Response:
            sent = request.get_json()
            return jsonify(acknowledged=sent["steps"][-1]["seq"], time={"remaining_ms": 1, "paused": False, "state": "running"})

        whole = ours.wsgi_app
        ours.wsgi_app = lambda environ, start: (bare if environ["PATH_INFO"] == SAVES else whole)(environ, start)
        return ours

    serving.create_app = with_bare_route


WAYS = {"no_store": no_store, "no_journal": no_journal, "one_by_one": one_by_one, "bare_flask": bare_flask}

if __name__ == "__main__":
    WAYS[sys.argv[1]]()
    main(["serve", *sys.argv[2:]])
