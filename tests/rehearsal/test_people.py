"""Virtual people go the whole way against a real server in a process of its own."""

import asyncio
from pathlib import Path

import pytest

from examsrv.rehearsal.client import address_of
from examsrv.rehearsal.measuring import Act, Measured, quantile
from examsrv.rehearsal.people import Ground, VirtualAdministrator, VirtualCandidate, VirtualProctor
from examsrv.rehearsal.running import OwnServer
from examsrv.rehearsal.setting_up import Plan, set_up
from examsrv.storage.database import Database
from examsrv.storage.migrating import upgrade
from examsrv.storage.sealing import load_secret
from examsrv.web import chance
from question_bank.pack import load_pack
from tests.rehearsal.stage import CHANCE, marked, this_moment


@pytest.fixture
def own(quick_folder: Path) -> tuple[OwnServer, Plan]:
    """Give a server that is about to start, and what is set up on its database."""
    folder = quick_folder / "own"
    folder.mkdir()
    server = OwnServer(folder)
    database = Database(f"sqlite:///{folder / 'examsrv.db'}")
    upgrade(database)
    secret = load_secret(folder / "secret.key", chance.key)
    plan = set_up(marked(database), secret, load_pack("4-05-06-02"), CHANCE, 2, this_moment())
    database.close()
    yield server, plan
    server.kill()


def test_two_candidates_a_room_and_two_administrators_go_the_whole_way(own: tuple[OwnServer, Plan]) -> None:
    server, plan = own
    server.start()
    ground = Ground(address_of(server.url), Measured())
    first, second = asyncio.run(whole_way(ground, server, plan))
    assert (first.log.receipt, second.log.receipt) != (None, None)
    assert [step.value for step in first.log.acknowledged_steps()] == [right_answer(plan, first, 1), right_answer(plan, first, 2)]
    assert ground.measured.refused == {}
    assert len(ground.measured.seconds[Act.HAND_IN]) == 2
    assert server.cpu_seconds() > 0
    server.stop()


async def whole_way(ground: Ground, server: OwnServer, plan: Plan) -> tuple[VirtualCandidate, VirtualCandidate]:
    candidates = [VirtualCandidate(ground, seat) for seat in plan.candidates]
    for candidate in candidates:
        await candidate.bind()
        await candidate.sign_in()
        await candidate.confirm()
    proctor = VirtualProctor(ground, plan.rooms[0])
    await proctor.enter_all()
    await proctor.check_in_all()
    await proctor.start()
    assert "演练考生00001" in await proctor.look()
    assert not await proctor.resume_if_paused()
    for candidate in candidates:
        await candidate.wait_for_start()
        await candidate.open()
        candidate.answer(1, right_answer(plan, candidate, 1))
        assert await candidate.deliver() == "ok"
    server.kill()
    candidates[0].answer(2, right_answer(plan, candidates[0], 2))
    assert await candidates[0].flush() == "offline"
    await asyncio.to_thread(server.start)
    for candidate in candidates:
        assert await candidate.hand_in() == "ok"
    administrator = VirtualAdministrator(ground, plan.administrators[0])
    await administrator.sign_in()
    run = await administrator.mark(plan.sittings[0], "rehearsal")
    await administrator.apply(run, plan.administrators[1])
    for person in (*candidates, proctor, administrator):
        person.leave()
    await asyncio.sleep(0)
    return candidates[0], candidates[1]


def right_answer(plan: Plan, candidate: VirtualCandidate, item: int) -> object:
    right = plan.items[candidate.seat.paper][item].right
    return sorted(right) if isinstance(right, frozenset) else right


@pytest.mark.parametrize(("share", "value"), [(0.0, 1.0), (0.5, 2.0), (0.51, 3.0), (0.75, 3.0), (0.76, 4.0), (1.0, 4.0)])
def test_a_quantile_is_the_smallest_value_that_the_share_does_not_exceed(share: float, value: float) -> None:
    assert quantile([4.0, 1.0, 3.0, 2.0], share) == value
    assert quantile([], share) == 0
