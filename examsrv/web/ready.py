"""What is held ready for the start, while a room waits: each candidate's own part of the answer that will open the paper.

It is worked out when the waiting page is shown, and the start only puts the pieces together. It counts only for the paper and the order that it was
made of: when papers were exchanged meanwhile, it is worked out anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from gzip import decompress
from json import JSONEncoder
from threading import Lock
from typing import Any

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from examsrv.domain.order import candidate_order, order_told
from examsrv.domain.paper import kind_of, numbered, read_paper, written
from examsrv.services import papers, sitting_down
from examsrv.services.answering import Opened
from examsrv.services.sitting_down import OwnDetails
from examsrv.storage.database import Database
from examsrv.web.gbk import JSON_IN_GBK, in_gbk
from examsrv.web.server import Server
from examsrv.web.spliced import GzipBeginning, brotli_beginning, brotli_of, gzip_beginning, gzip_of
from question_bank.text import FOR_CANDIDATES

KEPT_PAPERS = 2_048
"""More than forms that are drawn at once, so that every candidate can have one of their own: about 105 KiB each, and 30 ms to pack one anew."""
KEPT_BROWSERS = 64
MOST_HELD = 20_000
NOTHING_HELD = ("", 0, b"")
BROTLI, GZIP = "br", "gzip"
PACKING = Lock()
COMPACT = JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class PackedAnswer:
    """An answer in JSON, in GBK, as it goes over the wire."""

    body: bytes
    coding: str

    @property
    def headers(self) -> dict[str, str]:
        """Return what has to be said of it so that it can be read."""
        return {"Content-Type": JSON_IN_GBK, "Content-Encoding": self.coding, "Vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class ReadyPaper:
    """A paper: what it says, and the beginning of every answer with it, packed for both codings."""

    content: dict[str, Any]
    gzip: GzipBeginning
    brotli: bytes


def hold_ready(server: Server, attempt: str, details: OwnDetails) -> None:
    """Hold ready what the opening will tell the candidate; does nothing while no paper is dealt. What was held before is replaced."""
    if details.paper is not None:
        held = server.held_ready
        while len(held) >= MOST_HELD:
            held.pop(next(iter(held)))
        held[attempt] = (
            details.paper,
            details.order_seed,
            own_part(_paper(server.database, details.paper), details.order_seed, details.name, details.seat, details.room, details.station),
        )


def kinds_of(server: Server, paper: str | None) -> list[str]:
    """Return the kinds of items that a paper has, so that a candidate can try them out; none while no paper is dealt."""
    return [] if paper is None else sorted({kind_of(group, item) for _number, group, item in numbered(_paper(server.database, paper).content)})


def item_of(server: Server, paper: str | None, number: int) -> dict[str, Any] | None:
    """Return an item of a paper by its number, as candidates are shown it; None where there is none."""
    found = () if paper is None else numbered(_paper(server.database, paper).content)
    return next((dict(item) for place, _group, item in found if place == number), None)


def shows_picture(server: Server, paper: str | None, digest: str) -> bool:
    """Tell whether a paper shows the picture with this digest."""
    if paper is None:
        return False
    content = _paper(server.database, paper).content
    texts = [group["case"]["text"] for group in content["groups"] if "case" in group] + [item["stem"] for _n, _group, item in numbered(content)]
    return any(f'src="{FOR_CANDIDATES}{digest}"' in text for text in texts)


def case_file_name(server: Server, paper: str | None, digest: str) -> str | None:
    """Return the name under which a paper gives the file with this digest; None where it gives no such file."""
    groups = [] if paper is None else _paper(server.database, paper).content["groups"]
    files = (file for group in groups for file in group.get("case", {}).get("files", ()))
    return next((str(file["name"]) for file in files if file["digest"] == digest), None)


def opening(server: Server, opened: Opened, told: Mapping[str, object], accepted: str) -> PackedAnswer:
    """Return the answer that opens the paper: the paper, what was held ready, and what is `told` now. `accepted` is what the browser unpacks."""
    paper = _paper(server.database, opened.paper)
    name, order_seed, held = server.held_ready.get(opened.attempt, NOTHING_HELD)
    if (name, order_seed) != (opened.paper, opened.order_seed):
        with server.database.reading() as session:
            details = sitting_down.own_details(session, server.secret, opened.attempt)
        held = own_part(paper, details.order_seed, details.name, details.seat, details.room, details.station)
    return answer(paper, held, told, accepted)


def ready_paper(content: dict[str, Any]) -> ReadyPaper:
    """Pack a paper, once for all answers that begin with it."""
    beginning = in_gbk(f'{{"paper":{written(content).decode()},')
    return ReadyPaper(content, gzip_beginning(beginning), brotli_beginning(beginning))


def own_part(paper: ReadyPaper, order_seed: int, name: str, seat: int, room: str, station: int | None = None) -> bytes:
    """Return what the answer tells one candidate only, and can tell before the start. A station is told where one is drawn."""
    order = order_told(paper.content, candidate_order(paper.content, order_seed))
    own = {"name": name, "seat": f"{seat:02}", "room": room, "order": order} | ({} if station is None else {"station": station})
    return in_gbk(f"{_inside(own)},")


def answer(paper: ReadyPaper, own: bytes, told: Mapping[str, object], accepted: str) -> PackedAnswer:
    """Put an answer together, packed as the browser unpacks it."""
    end = own + in_gbk(f"{_inside(told)}}}")
    if takes_brotli(accepted):
        return PackedAnswer(brotli_of(paper.brotli, end), BROTLI)
    return PackedAnswer(gzip_of(paper.gzip, end), GZIP)


@lru_cache(maxsize=KEPT_BROWSERS)
def takes_brotli(accepted: str) -> bool:
    """Tell whether a browser that sends this Accept-Encoding names brotli. Browsers do so over TLS only; gzip they all take."""
    return any(coding.lower() == BROTLI and quality > 0 for coding, quality in parse_accept_header(accepted, Accept))


def _inside(told: Mapping[str, object]) -> str:
    """Return the members of a JSON object without its brackets."""
    return COMPACT.encode(dict(told)).removeprefix("{").removesuffix("}")


def _paper(database: Database, paper: str) -> ReadyPaper:
    """Return a paper, packed once however many ask for it at one moment."""
    with PACKING:
        return _packed_paper(database, paper)


@lru_cache(maxsize=KEPT_PAPERS)
def _packed_paper(database: Database, paper: str) -> ReadyPaper:
    """Return a paper; a digest names one content for ever, so it is kept in memory."""
    with database.reading() as session:
        content = papers.paper_content(session, paper)
    return ready_paper(read_paper(decompress(content)))
