"""A page in a real browser: the server goes while answers are under way, then the page itself goes, and a new one sends what was kept."""

import asyncio
import json
import re
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from examsrv.rehearsal.people import VirtualCandidate
from examsrv.rehearsal.running import OwnServer
from tests.browser.conftest import CHROMIUM, FLAGS, SCREEN
from tests.faults.crowd import Crowd, Fault, arrive, patience, together
from tests.faults.judging import opened

BEFORE, UNDER_WAY = (1, 2), (3, 4, 5)
SAVED = re.compile(r"^已保存 \d\d:\d\d:\d\d$")
TRIES_SECONDS = 3.0
"""The page sends within a second; by then it has tried."""
PATIENCE_MS = 20_000
ANSWERED = "SELECT item, value FROM step WHERE attempt_id = ? AND kind = 'answered' ORDER BY epoch, seq"


async def lose_the_page(folder: Path, server: OwnServer, crowd: Crowd) -> None:
    """Answer on the page with and without a server, close the page without a word, and open another on the same machine."""
    candidate, proctor = crowd.candidates[0], next(each for each in crowd.proctors if each.room.id == crowd.candidates[0].seat.room)
    await together([proctor.enter_all(), arrive(candidate)])
    await proctor.check_in_all()
    await proctor.start()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            context = await chromium.new_context(viewport=SCREEN)
            context.set_default_timeout(patience(PATIENCE_MS))
            await context.add_cookies([{"name": name, "value": value, "url": server.url} for name, value in candidate.client.cookies.items()])
            page = await _paper(await context.new_page(), server)
            await _answer(page, BEFORE)
            await expect(page.locator("#save-words")).to_have_text(SAVED, timeout=patience(PATIENCE_MS))
            server.kill()
            await _answer(page, UNDER_WAY)
            await asyncio.sleep(patience(TRIES_SECONDS))
            await page.close()
            await asyncio.to_thread(server.start)
            await proctor.until_answered(proctor.resume_if_paused)
            page = await _paper(await context.new_page(), server)
            await expect(page.locator("#save-words")).to_have_text(SAVED, timeout=patience(PATIENCE_MS))
            filled = await page.locator("#cells .cell.answered").count()
        finally:
            await chromium.close()
    _require_answers(folder, candidate, filled)


async def _paper(page: Page, server: OwnServer) -> Page:
    await page.goto(f"{server.url}/exam/paper")
    await expect(page.locator("#exam")).to_be_visible(timeout=patience(PATIENCE_MS))
    return page


async def _answer(page: Page, items: tuple[int, ...]) -> None:
    for item in items:
        await page.locator("#cells .cell").nth(item - 1).click()
        await page.keyboard.press("A")


def _require_answers(folder: Path, candidate: VirtualCandidate, filled: int) -> None:
    with opened(folder) as connection:
        stored = {item: json.loads(value) for item, value in connection.execute(ANSWERED, [candidate.log.attempt])}
    wanted = len(BEFORE) + len(UNDER_WAY)
    if (len(stored), filled) != (wanted, wanted):
        raise Fault(f"of {wanted} answers that were given on the page the server has {len(stored)}, and the new page shows {filled}")
