"""Whose word about a client is taken."""

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from examsrv.cli.serving import _Gunicorn
from examsrv.cli.transport import behind_proxies
from examsrv.config import Config

CLIENT, PROXY, STRANGER = "192.168.1.77", "10.0.0.5", "192.168.1.66"
TOLD = {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}


@Request.application
def telling(request: Request) -> Response:
    """Answer what the request seems to be."""
    return Response(f"{request.remote_addr} {request.url}")


def told(peer: str, headers: dict[str, str], *proxies: str) -> tuple[int, str]:
    got = Client(behind_proxies(telling, proxies)).get("/exam/", headers=headers, base_url="http://exam", environ_overrides={"REMOTE_ADDR": peer})
    return got.status_code, got.text


@pytest.mark.parametrize("peer", [PROXY, "127.0.0.1", "::1"])
def test_a_proxy_says_address_and_scheme_and_nothing_else(peer: str) -> None:
    assert told(peer, TOLD, PROXY) == (200, f"{CLIENT} https://exam/exam/")


def test_of_several_addresses_the_one_that_the_proxy_added_counts() -> None:
    assert told(PROXY, {"X-Forwarded-For": f"203.0.113.7, {CLIENT}"}, PROXY)[1].startswith(CLIENT)


@pytest.mark.parametrize("headers", [TOLD, {}])
def test_who_comes_past_the_proxies_is_sent_away_whatever_he_says(headers: dict[str, str]) -> None:
    assert told(STRANGER, headers, PROXY)[0] == 403


def test_this_machine_itself_is_served_without_a_proxy() -> None:
    assert told("127.0.0.1", {}, PROXY) == (200, "127.0.0.1 http://exam/exam/")


def test_gunicorn_itself_believes_nobody() -> None:
    settings = _Gunicorn(Config()).cfg
    assert (settings.forwarded_allow_ips, settings.forwarder_headers) == ([], [])
