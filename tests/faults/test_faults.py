"""What a server must survive: killed, without power, its disk full, its clock stepped. `make torture N=…` tries the same more often."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.clock_steps import WallClock, require_only_wall_is_stepped, step_often
from tests.faults.conftest import KILLS_OF_A_ROUND
from tests.faults.crowd import Fault
from tests.faults.cuts import Machine, cut_often
from tests.faults.database_kills import kill_the_database_often
from tests.faults.disks import BoundedFiles, CopiedFolder, ImageDisk, SmallDisk, a_disk
from tests.faults.full_disk import fill_and_make_room, fill_down_to_the_ballast
from tests.faults.ill_disk import Illness, fall_ill
from tests.faults.judging import require_unique_steps
from tests.faults.kills import kill_often
from tests.faults.lost_page import lose_the_page
from tests.faults.rival_machine import go_there_and_back
from tests.faults.stage import Prepared, PreparedOnPostgreSQL, Stage
from tests.faults.stalls import AS_IS, STALLS, shorter, stall_often

CUTS_OF_A_ROUND, TRIES_OF_THE_TOOL = 2, 3
KILLS_ON_POSTGRESQL, KILLS_OF_POSTGRESQL = 4, 4
SEED = 1  # of what does not depend on it
PATIENCE_SECONDS = 900  # a machine that others use too takes its time
Tell = Callable[[str], None]
pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)


def test_killing_the_server_loses_nothing_acknowledged_and_takes_no_time(prepared: Prepared, folder: Path, seed: int, tell: Tell) -> None:
    done = Stage(prepared, folder, seed).play(lambda server, crowd: kill_often(folder, server, crowd, KILLS_OF_A_ROUND, seed))
    require_unique_steps(folder)
    longest = max(kill.back for kill in done)
    tell(f"seed {seed}: {KILLS_OF_A_ROUND} kills, {done[-1].acknowledged} steps acknowledged and kept; a page again within {longest:.1f} s")


def test_killing_the_server_on_postgresql_loses_nothing(prepared_on_postgresql: PreparedOnPostgreSQL, folder: Path, seed: int, tell: Tell) -> None:
    stage = Stage(prepared_on_postgresql, folder, seed)
    done = stage.play(lambda server, crowd: kill_often(server.database_url, server, crowd, KILLS_ON_POSTGRESQL, seed))
    longest = max(kill.back for kill in done)
    tell(f"seed {seed}: {KILLS_ON_POSTGRESQL} kills on PostgreSQL, {done[-1].acknowledged} steps kept; a page again within {longest:.1f} s")


def test_killing_postgresql_loses_nothing(prepared_on_postgresql: PreparedOnPostgreSQL, folder: Path, seed: int, tell: Tell) -> None:
    cluster, stage = prepared_on_postgresql.cluster, Stage(prepared_on_postgresql, folder, seed)
    done = stage.play(lambda server, crowd: kill_the_database_often(cluster, server, crowd, KILLS_OF_POSTGRESQL, seed))
    longest = max(kill.all_saved for kill in done)
    tell(f"seed {seed}: PostgreSQL gone {KILLS_OF_POSTGRESQL} times, {done[-1].acknowledged} steps kept; all saved within {longest:.1f} s")


def test_a_power_cut_loses_nothing_acknowledged(prepared: Prepared, tmp_path: Path, seed: int, tell: Tell) -> None:
    with a_disk(tmp_path, [ImageDisk, CopiedFolder]) as disk:
        stage = Stage(prepared, disk.folder, seed)
        back = stage.play(lambda server, crowd: cut_often(disk, Machine(tmp_path), server, crowd, CUTS_OF_A_ROUND, seed))
    tell(f"seed {seed}: {CUTS_OF_A_ROUND} power cuts ({disk.how}); a page again within {max(back):.1f} s")


def test_a_full_disk_acknowledges_nothing_and_room_on_it_is_enough(prepared: Prepared, tmp_path: Path, seed: int, tell: Tell) -> None:
    with a_disk(tmp_path, [SmallDisk, BoundedFiles]) as disk:
        recovered = Stage(prepared, disk.folder, seed).play(lambda server, crowd: fill_and_make_room(disk, server, crowd))
    tell(f"seed {seed}: a full disk ({disk.how}); everybody had saved again {recovered:.1f} s after there was room")


def test_on_a_full_disk_the_ballast_is_room_enough_to_end(prepared: Prepared, tmp_path: Path, tell: Tell) -> None:
    with a_disk(tmp_path, [SmallDisk, BoundedFiles]) as disk:
        if not disk.is_full_for_real:
            return tell(f"the ballast was not tried: {disk.how}")
        recovered = Stage(prepared, disk.folder, SEED).play(lambda server, crowd: fill_down_to_the_ballast(disk, server, crowd))
    return tell(f"the ballast given up ({disk.how}); everybody had saved again {recovered:.1f} s later")


def test_an_ill_disk_acknowledges_nothing_that_it_loses_and_is_used_again_when_it_is_well(prepared: Prepared, tmp_path: Path, tell: Tell) -> None:
    illness = Illness(tmp_path)
    with a_disk(tmp_path, [ImageDisk, CopiedFolder]) as disk:
        Stage(prepared, disk.folder, SEED, illness.environment).play(lambda server, crowd: fall_ill(disk, illness, server, crowd))
    tell(f"writes and fsyncs failing now and then and always, then a power cut ({disk.how})")


def test_a_server_that_is_held_still_loses_nothing_and_takes_no_time(prepared: Prepared, folder: Path, tmp_path: Path, tell: Tell, request) -> None:
    is_torture = request.config.getoption("--kills") > KILLS_OF_A_ROUND
    limits, stalls = (AS_IS, STALLS) if is_torture else shorter()
    tree = tmp_path / "tree"
    tree.mkdir()
    Stage(prepared, folder, SEED, limits.environment(tree)).play(lambda server, crowd: stall_often(folder, server, crowd, limits, stalls))
    tell(f"held still for {[stall.seconds for stall in stalls]} s, the last time until its process was replaced")


def test_what_a_machine_held_from_before_it_lost_the_attempt_is_kept_aside(prepared: Prepared, folder: Path) -> None:
    Stage(prepared, folder, SEED).play(lambda server, crowd: go_there_and_back(folder, server, crowd))


def test_a_page_that_is_lost_with_answers_under_way_leaves_them_to_the_next(prepared: Prepared, folder: Path) -> None:
    Stage(prepared, folder, SEED).play(lambda server, crowd: lose_the_page(folder, server, crowd))


def test_a_wall_clock_that_is_stepped_moves_nobodys_time_and_signs_nobody_out(prepared: Prepared, tmp_path: Path, seed: int, tell: Tell) -> None:
    for attempt in range(1, TRIES_OF_THE_TOOL + 1):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        clock = WallClock(folder)
        require_only_wall_is_stepped(clock)
        try:
            Stage(prepared, folder, seed, clock.environment).play(lambda server, crowd: step_often(folder, clock, server, crowd))  # noqa: B023
        except Fault:
            if attempt == TRIES_OF_THE_TOOL or not clock.has_failed(folder / "server.log"):
                raise
        else:
            break
    tell(f"seed {seed}: the wall clock stepped by an hour on and back, a day on and to 1970, and a restart there")
