"""How browsers reach the server: by TLS that it ends itself, or through a proxy that does. Whose word about a client is taken stands here too."""

import ssl
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from examsrv.config import THIS_MACHINE, Config
from examsrv.storage.tls_folder import SERVER, SERVER_KEY, certificate_in, is_there, require_pair
from question_bank.message import N_, ExamError, Message

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SILENCE_SECONDS = 10
"""How long a client may be silent in the middle of a handshake or a request; each one that waits holds a thread."""


class UnsafeAddress(ExamError):
    """Others would reach the server without protection."""


def with_transport(config: Config) -> Config:
    """Return the settings with certificate and key: those that are set, else those of `examsrv tls init` where others reach the address.

    Refused: an address that others reach without TLS or past the proxy, and a certificate and key that cannot be used.
    """
    if config.is_reached_by_others and not config.is_encrypted:
        config = _with_made_certificate(config)
    if config.is_reached_by_others and config.tls_certificate is None and set(config.proxies) <= set(THIS_MACHINE):
        text = N_("%(host)s can be reached past the proxy. Listen on 127.0.0.1, or set EXAMSRV_BEHIND_PROXY to the addresses of other machines.")
        raise UnsafeAddress(Message(text, {"host": config.host}))
    if config.tls_certificate is not None and config.tls_key is not None:
        require_pair(config.tls_certificate, config.tls_key)
    return config


def date_warning(config: Config, at: datetime) -> Message | None:
    """Return what to say of a certificate that does not hold at `at`. The server serves all the same: this clock may be the wrong one."""
    if config.tls_certificate is None:
        return None
    certificate = certificate_in(config.tls_certificate)
    if certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        return None
    days = {"begin": f"{certificate.not_valid_before_utc:%Y-%m-%d}", "end": f"{certificate.not_valid_after_utc:%Y-%m-%d}", "today": f"{at:%Y-%m-%d}"}
    text = N_("Today is %(today)s, and the server's certificate holds from %(begin)s to %(end)s: browsers will refuse it. Run examsrv tls init.")
    return Message(text, days)


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return one context for all connections, so that browsers can resume their sessions: TLS 1.2 or newer."""
    context = _PatientContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["http/1.1"])
    context.sslsocket_class = _PatientSocket
    return context


def behind_proxies(app: "WSGIApplication", proxies: Iterable[str]) -> "WSGIApplication":
    """Return the application as proxies serve it: a client's address and scheme are theirs to say, and who comes past them is sent away.

    The name in the address bar is not theirs to say: they hand on the Host header as it came.
    """
    trusted = {*proxies, *THIS_MACHINE}
    told = ProxyFix(app, x_for=1, x_proto=1)

    def served(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        known = environ.get("REMOTE_ADDR") in trusted
        answer: WSGIApplication = told if known else Response("Only through the proxy.\n", HTTPStatus.FORBIDDEN, mimetype="text/plain")
        return answer(environ, start_response)

    return served


def _with_made_certificate(config: Config) -> Config:
    certificate, key = config.tls_folder / SERVER, config.tls_folder / SERVER_KEY
    if not is_there(certificate):
        text = N_("%(host)s can be reached by others, and there is no TLS. Run examsrv tls init, or put a proxy in front (EXAMSRV_BEHIND_PROXY=yes).")
        raise UnsafeAddress(Message(text, {"host": config.host}))
    return replace(config, tls_certificate=certificate, tls_key=key)


class _PatientSocket(ssl.SSLSocket):
    """A connection whose blocking reads end: gunicorn sets it blocking before each request, without a limit."""

    def setblocking(self, flag: bool) -> None:
        self.settimeout(SILENCE_SECONDS if flag else 0)


class _PatientContext(ssl.SSLContext):
    """A context whose handshakes end as well."""

    def wrap_socket(self, sock: socket, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        sock.settimeout(SILENCE_SECONDS)
        return super().wrap_socket(sock, *arguments, **options)
