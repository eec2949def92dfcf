"""The short way, past the framework, of what a whole room asks for at once and goes as usual: saves, handing in, and what opens the paper.

It is taken only where everything is known to be good already: the session and the token from an earlier request of the same browser, the site from
the browser's own word. Whatever else comes, and every outcome but the plain acknowledgement, takes the ordinary way, which does it again and answers
in full: appending the same steps again changes nothing.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from werkzeug.http import parse_cookie

from blueprints.candidate.messages import HandIn, Open, Steps
from blueprints.candidate.shell import TOKEN_MARK
from blueprints.candidate.telling import opening_told, receipt_told, time_told
from examsrv.services import answering
from examsrv.services.answering import Acknowledged, Finished, Opened, Save
from examsrv.services.signing_in import CandidateSession, token_digest
from examsrv.web.clock import stopwatch
from examsrv.web.csrf import HEADER
from examsrv.web.language import COOKIE as LANGUAGE
from examsrv.web.metrics import Meters
from examsrv.web.ready import PackedAnswer, opening
from examsrv.web.security import OWN_SITES
from examsrv.web.server import Server
from examsrv.web.sessions import CANDIDATE, name_of_cookie
from examsrv.web.translation import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STEPS, HAND_IN, OPEN, SHELL = "/exam/api/steps", "/exam/api/hand-in", "/exam/api/open", "/exam/paper"
JSON, HTML = [("Content-Type", "application/json")], [("Content-Type", "text/html; charset=utf-8")]
LARGEST = 256 * 1024
TOKEN = f"HTTP_{HEADER.upper().replace('-', '_')}"


class DirectWay:
    """The application with the short way before it.

    `tokens` are those found good, by the digest of the browser's cookie; `meters` count what was answered here.
    """

    def __init__(self, app: "WSGIApplication", server: Server, tokens: Mapping[str, str], meters: Meters) -> None:
        self._app = app
        self._server = server
        self._tokens = tokens
        self._meters = meters
        self._cookie = name_of_cookie(CANDIDATE, server.settings)
        self._zone = ZoneInfo(server.settings.time_zone)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if asked == ("POST", STEPS):
            return self._answer(self._acknowledgement(environ), JSON, environ, start_response)
        if asked == ("POST", OPEN):
            opened = self._opening(environ)
            if opened is None:
                return self._app(environ, start_response)
            return self._answer(opened.body, list(opened.headers.items()), environ, start_response)
        if asked == ("POST", HAND_IN):
            return self._answer(self._receipt(environ), JSON, environ, start_response)
        if asked == ("GET", SHELL):
            return self._answer(self._shell(environ), HTML, environ, start_response)
        return self._app(environ, start_response)

    def _answer(
        self, body: bytes | None, about: list[tuple[str, str]], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if body is None:
            return self._app(environ, start_response)
        start_response("200 OK", [*about, ("Content-Length", str(len(body)))])
        return [body]

    def _acknowledgement(self, environ: "WSGIEnvironment") -> bytes | None:
        """Return the answer to a save that was taken; None leaves the request, its body unread or put back, to the ordinary way."""
        begun = stopwatch()
        own, sent = self._sent(environ)
        if own is None:
            return None
        try:
            message = Steps.model_validate_json(sent)
        except ValidationError:
            return None
        grace = self._server.settings.grace
        outcome = self._carried_out(Save(own.attempt, message.device, message.as_steps(), self._server.now(), grace))
        if not isinstance(outcome, Acknowledged):
            return None
        self._server.hear(own.attempt)
        told: dict[str, Any] = {"acknowledged": outcome.seq}
        told["time"] = time_told(outcome.time, outcome.leave_in, self._local())
        self._meters.saved(stopwatch() - begun)
        return json.dumps(told, separators=(",", ":")).encode()

    def _opening(self, environ: "WSGIEnvironment") -> PackedAnswer | None:
        """Return the answer to an opening for which everything is held ready; None leaves it to the ordinary way."""
        own, sent = self._sent(environ)
        if own is None or own.attempt not in self._server.held_ready:
            return None
        try:
            message = Open.model_validate_json(sent)
        except ValidationError:
            return None
        outcome = self._carried_out(answering.Open(own.attempt, message.device, own.seat, self._server.now()))
        if not isinstance(outcome, Opened):
            return None
        self._server.hear(own.attempt)
        self._meters.opened()
        told = opening_told(outcome, self._local())
        return opening(self._server, outcome, told, environ.get("HTTP_ACCEPT_ENCODING", ""))

    def _receipt(self, environ: "WSGIEnvironment") -> bytes | None:
        """Return the receipt of a paper that was handed in just so; None leaves it to the ordinary way."""
        begun = stopwatch()
        own, sent = self._sent(environ)
        if own is None:
            return None
        try:
            message = HandIn.model_validate_json(sent)
        except ValidationError:
            return None
        at, grace = self._server.now(), self._server.settings.grace
        request = answering.HandIn(own.attempt, message.device, message.epoch, message.as_steps(), message.answers, at, grace)
        outcome = self._carried_out(request)
        if not isinstance(outcome, Finished):
            return None
        self._meters.handed_in(stopwatch() - begun)
        receipt = receipt_told(outcome.receipt, outcome.receipt.handed_in.astimezone(self._zone))
        return json.dumps({"receipt": receipt}, separators=(",", ":")).encode()

    def _shell(self, environ: "WSGIEnvironment") -> bytes | None:
        """Return the paper's shell for a candidate who was told of the start; None where it is not that simple."""
        cookies = parse_cookie(environ)
        key = token_digest(cookies.get(self._cookie, ""))
        own, token = self._server.known_candidates.get(key), self._tokens.get(key)
        shell = self._server.shells.get(cookies.get(LANGUAGE, DEFAULT_LANGUAGE))
        if own is None or token is None or shell is None or own.attempt not in self._server.led_on:
            return None
        self._server.hear(own.attempt)
        self._meters.shown()
        return shell.replace(TOKEN_MARK, token).encode()

    def _sent(self, environ: "WSGIEnvironment") -> tuple[CandidateSession | None, bytes]:
        """Return whose request it is and what it brings; None for whose where that is not known at once."""
        own, length = self._candidate(environ), str(environ.get("CONTENT_LENGTH", ""))
        if own is None or not length.isdecimal() or int(length) > LARGEST:
            return None, b""
        sent = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(sent)
        return own, sent

    def _carried_out(self, request: answering.Request) -> answering.Outcome | None:
        """Return what came of a request; None for a fault."""
        try:
            return self._server.journal.write(request)
        except Exception:  # noqa: BLE001 -- the ordinary way meets it again, and says it in the product's own words
            return None

    def _local(self) -> datetime:
        return self._server.now().wall.astimezone(self._zone)

    def _candidate(self, environ: "WSGIEnvironment") -> CandidateSession | None:
        """Return whose save it is, where nothing has to be looked up or reckoned to know that it may be taken."""
        token, browser = environ.get(TOKEN, ""), parse_cookie(environ).get(self._cookie)
        if not token or not browser:
            return None
        key = token_digest(browser)
        if self._tokens.get(key) != token or environ.get("HTTP_SEC_FETCH_SITE", "none") not in OWN_SITES:
            return None
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and origin != f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST')}":
            return None
        return self._server.known_candidates.get(key)
