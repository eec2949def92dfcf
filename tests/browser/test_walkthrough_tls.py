"""A short sitting over TLS under a name that is not localhost, in a browser that trusts the made authority: from sign-in to hand-in.

Once with the server ending TLS itself, once behind nginx as deploy/ has it. The server is the shipped command with the machine's clock.
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from examsrv.services.demonstrating import Demonstration
from tests.browser.conftest import CHROMIUM, FLAGS, SCREEN
from tests.browser.deployed import NAME, Deployed
from tests.browser.installation import Door, Installation, start_room
from tests.browser.stage import SMALL_ROOM, Machine, answered, choose, go_to, hand_in, opened, receipt, saved

ANSWERED = 3
PROTECTED = "() => [location.hostname, location.protocol, isSecureContext, typeof crypto.subtle, typeof navigator.locks]"
Launch = Callable[[Path | None], Browser]


@pytest.fixture
def launch(browser: Browser, tmp_path: Path) -> Iterator[Launch]:
    """Give a function that starts a browser which finds the server's name on this machine and trusts the authority in a file, if one is given."""
    started: list[Browser] = []

    def start(authority: Path | None) -> Browser:
        home = tmp_path / f"home_{len(started)}"
        (home / ".pki/nssdb").mkdir(parents=True)
        if authority is not None:  # the line that `examsrv tls init` prints
            add = ["certutil", "-d", f"sql:{home}/.pki/nssdb", "-A", "-t", "C,,", "-n", "examsrv", "-i", authority]
            subprocess.run(add, check=True, stdin=subprocess.DEVNULL)
        flags = [*FLAGS, f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        started.append(browser.browser_type.launch(executable_path=CHROMIUM, args=flags, env={**os.environ, "HOME": str(home)}))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture(params=["by itself", "behind nginx"])
def door(request: pytest.FixtureRequest, installation: Installation) -> Iterator[Door]:
    """Give the door of a server that is reached by TLS; whoever opened the paper may hand in at once."""
    installation.execute("UPDATE sitting SET leave_after = 0")
    if request.param == "by itself":
        installation.encrypt(NAME)
        installation.start()
        yield installation.door
    else:
        deployed = Deployed(installation)
        deployed.start()
        yield deployed.door
        deployed.stop()


def test_a_candidate_sits_over_tls(
    door: Door, installation: Installation, prepared: tuple[Path, Demonstration], launch: Launch, shots: Path | None
) -> None:
    address = f"https://{NAME}:{door.port}"
    way = next(each for each in prepared[1].candidates if each.room == SMALL_ROOM)
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        launch(None).new_page().goto(f"{address}/exam/seat")
    trusting = launch(installation.folder / "tls/ca.crt")
    candidate = Machine(trusting.new_context(viewport=SCREEN), address, shots)
    codings = []
    candidate.page.on("response", lambda answer: codings.append(answer.headers.get("content-encoding")) if answer.url.endswith("/api/open") else None)
    candidate.come_in(way)
    candidate.confirm()
    start_room(installation, prepared[1], way, door)
    opened(candidate.page)
    assert set(codings) == {"br"}
    assert candidate.page.evaluate(PROTECTED) == [NAME, "https:", True, "object", "object"]
    for number in range(1, ANSWERED + 1):
        go_to(candidate.page, number)
        choose(candidate.page, "A")
    saved(candidate.page)
    assert answered(candidate.page) == ANSWERED
    hand_in(candidate.page)
    code = receipt(candidate.page, "已交卷，服务器已收妥")
    assert code == installation.one(f"SELECT receipt FROM attempt WHERE ticket = '{way.ticket}'")
    cookies = candidate.context.cookies()
    assert {(each["name"].startswith("__Host-"), each["secure"], each["httpOnly"]) for each in cookies} == {(True, True, True)}
    assert candidate.faults == []
