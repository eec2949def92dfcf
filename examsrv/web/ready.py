"""What is held ready for the start, while a room waits: each candidate's own part of the answer that will open the paper.

It is worked out when the waiting page is shown, and the start only puts the pieces together. It counts only for the paper and the order that it was
made of: when papers were exchanged meanwhile, it is worked out anew.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from gzip import decompress
from typing import Any
from zlib import Z_BEST_SPEED

from examsrv.domain.canonical import canonical
from examsrv.domain.paper import candidate_order, read_paper
from examsrv.services import papers, sitting_down
from examsrv.services.answering import Opened
from examsrv.services.sitting_down import OwnDetails
from examsrv.storage.database import Database
from examsrv.web.server import Server
from examsrv.web.spliced import Packed, gzip_of, packed

KEPT_PAPERS = 64
MOST_HELD = 20_000
AND_THE_PAPER = packed(b',"paper":')
END = packed(b"}")
NOTHING_HELD = ("", 0, END)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper: what it says, and the same packed."""

    content: dict[str, Any]
    packed: Packed


def hold_ready(server: Server, attempt: str, details: OwnDetails) -> None:
    """Hold ready what the opening will tell the candidate; does nothing while no paper is dealt. What was held before is replaced."""
    if details.paper is not None:
        held = server.held_ready
        while len(held) >= MOST_HELD:
            held.pop(next(iter(held)))
        held[attempt] = (details.paper, details.order_seed, _own_part(server, details.paper, details))


def opening(server: Server, opened: Opened, told: Mapping[str, object]) -> bytes:
    """Return the answer that opens the paper, gzip: what is `told` now, what was held ready, and the paper."""
    paper, order_seed, held = server.held_ready.get(opened.attempt, NOTHING_HELD)
    if (paper, order_seed) != (opened.paper, opened.order_seed):
        with server.database.reading() as session:
            details = sitting_down.own_details(session, server.secret, opened.attempt)
        held = _own_part(server, opened.paper, details)
    before = json.dumps(dict(told), ensure_ascii=False, separators=(",", ":")).removesuffix("}") + ","
    return gzip_of(packed(before.encode(), Z_BEST_SPEED), held, AND_THE_PAPER, _paper(server.database, opened.paper).packed, END)


def _own_part(server: Server, paper: str, details: OwnDetails) -> Packed:
    order = candidate_order(_paper(server.database, paper).content, details.order_seed)
    own = {"subject": details.subject, "name": details.name, "seat": f"{details.seat:02}", "room": details.room, "order": order}
    return packed(json.dumps(own, ensure_ascii=False, separators=(",", ":")).removeprefix("{").removesuffix("}").encode(), Z_BEST_SPEED)


@lru_cache(maxsize=KEPT_PAPERS)
def _paper(database: Database, paper: str) -> _Paper:
    """Return a paper; a digest names one content for ever, so it is kept in memory."""
    with database.reading() as session:
        plain = decompress(papers.paper_content(session, paper))
    content = read_paper(plain)
    return _Paper(content, packed(canonical(content)))
