"""The short way, past the framework, of what a whole room asks for at once and goes as usual: saves, and the shell of the paper.

It is taken only where everything is known to be good already: the session and the token from an earlier request of the same browser, the site from
the browser's own word. Whatever else comes, and every outcome but the plain acknowledgement, takes the ordinary way, which does it again and answers
in full: appending the same steps again changes nothing.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from werkzeug.http import parse_cookie

from blueprints.candidate.messages import Steps
from blueprints.candidate.shell import TOKEN_MARK
from blueprints.candidate.telling import time_told
from examsrv.domain.attempt import Phase
from examsrv.services.answering import Acknowledged, Save
from examsrv.services.signing_in import CandidateSession, token_digest
from examsrv.web.clock import stopwatch
from examsrv.web.csrf import HEADER
from examsrv.web.language import COOKIE as LANGUAGE
from examsrv.web.security import OWN_SITES
from examsrv.web.server import Server
from examsrv.web.sessions import CANDIDATE, name_of_cookie
from examsrv.web.translation import DEFAULT_LANGUAGE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/exam/api/steps"
SHELL = "/exam/paper"
LARGEST = 256 * 1024
TOKEN = f"HTTP_{HEADER.upper().replace('-', '_')}"


class DirectWay:
    """The application with the short way before it.

    `tokens` are those found good, by the digest of the browser's cookie; `saved` counts a save with its seconds, `shown` a shell.
    """

    def __init__(
        self, app: "WSGIApplication", server: Server, tokens: Mapping[str, str], saved: Callable[[float], None], shown: Callable[[], None]
    ) -> None:
        self._app = app
        self._server = server
        self._tokens = tokens
        self._saved = saved
        self._shown = shown
        self._cookie = name_of_cookie(CANDIDATE, server.settings)
        self._zone = ZoneInfo(server.settings.time_zone)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        asked = (environ["REQUEST_METHOD"], environ["PATH_INFO"])
        if asked == ("POST", PATH):
            return self._answer(self._acknowledgement(environ), "application/json", environ, start_response)
        if asked == ("GET", SHELL):
            return self._answer(self._shell(environ), "text/html; charset=utf-8", environ, start_response)
        return self._app(environ, start_response)

    def _answer(self, body: bytes | None, kind: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if body is None:
            return self._app(environ, start_response)
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def _shell(self, environ: "WSGIEnvironment") -> bytes | None:
        """Return the paper's shell for a candidate who was told of the start; None where it is not that simple."""
        cookies = parse_cookie(environ)
        key = token_digest(cookies.get(self._cookie, ""))
        own, token = self._server.known_candidates.get(key), self._tokens.get(key)
        shell = self._server.shells.get(cookies.get(LANGUAGE, DEFAULT_LANGUAGE))
        if own is None or token is None or shell is None or own.attempt not in self._server.led_on:
            return None
        self._server.hear(own.attempt)
        self._shown()
        return shell.replace(TOKEN_MARK, token).encode()

    def _acknowledgement(self, environ: "WSGIEnvironment") -> bytes | None:
        """Return the answer to a save that was taken; None leaves the request, its body unread or put back, to the ordinary way."""
        begun = stopwatch()
        own, length = self._candidate(environ), str(environ.get("CONTENT_LENGTH", ""))
        if own is None or not length.isdecimal() or int(length) > LARGEST:
            return None
        sent = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = BytesIO(sent)
        try:
            message = Steps.model_validate_json(sent)
            server, at = self._server, self._server.now()
            outcome = server.journal.write(Save(own.attempt, message.device, message.as_steps(), at, server.settings.grace))
        except ValidationError:
            return None
        except Exception:  # noqa: BLE001 -- the ordinary way meets it again, and says it in the product's own words
            return None
        if not isinstance(outcome, Acknowledged):
            return None
        server.hear(own.attempt)
        told: dict[str, Any] = {"acknowledged": outcome.seq}
        told["time"] = time_told(outcome.time, outcome.limit, outcome.leave_in, Phase.RUNNING, server.now().wall.astimezone(self._zone))
        self._saved(stopwatch() - begun)
        return json.dumps(told, separators=(",", ":")).encode()

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
