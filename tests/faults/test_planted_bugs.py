"""The trials find what they are for: bugs planted into a copy of the program are each found by one of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.clock_steps import WallClock, step_often
from tests.faults.crowd import Fault
from tests.faults.cuts import Machine, cut_often
from tests.faults.database_kills import kill_the_database_often
from tests.faults.disks import BoundedFiles, CopiedFolder, ImageDisk, SmallDisk, a_disk
from tests.faults.full_disk import fill_and_make_room
from tests.faults.ill_disk import Illness, fall_ill
from tests.faults.judging import DATABASE, require_unique_steps
from tests.faults.lost_page import lose_the_page
from tests.faults.plants import (
    ACKNOWLEDGED_TOO_EARLY,
    EPOCH_UNCHECKED,
    KEPT_WAITING,
    KEY_DROPPED,
    NOT_ON_DISK,
    OUTBOX_EMPTIED_TOO_EARLY,
    WALL_DEADLINE,
    CodeHasMoved,
    Plant,
    planted,
)
from tests.faults.rival_machine import go_there_and_back
from tests.faults.stage import Prepared, PreparedOnPostgreSQL, Stage
from tests.faults.test_faults import PATIENCE_SECONDS, SEED

CUTS, KILLS = 5, 3
PRAGMA = """
import sys
from examsrv.storage.database import Database
print(Database(sys.argv[1]).engine.raw_connection().cursor().execute("PRAGMA synchronous").fetchone()[0])
"""
FULL = "2"
pytestmark = pytest.mark.timeout(PATIENCE_SECONDS)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give an empty folder for a copy of the program."""
    made = tmp_path / "tree"
    made.mkdir()
    return made


def test_a_database_that_does_not_wait_for_the_disk_is_found(prepared: Prepared, tmp_path: Path, tree: Path) -> None:
    environment = planted(NOT_ON_DISK, tree)
    with a_disk(tmp_path, [ImageDisk, CopiedFolder]) as disk:
        if disk.is_cut_for_real:
            with pytest.raises(Fault, match=r"acknowledged and lost|damaged"):
                Stage(prepared, disk.folder, SEED, environment).play(
                    lambda server, crowd: cut_often(disk, Machine(tmp_path), server, crowd, CUTS, SEED)
                )
    assert synchronous(tmp_path, environment) != FULL


def test_a_database_that_does_not_hear_of_a_failed_fsync_is_found(prepared: Prepared, folder: Path, tree: Path, tmp_path: Path) -> None:
    illness = Illness(tmp_path)
    environment = planted(NOT_ON_DISK, tree) | illness.environment
    disk = CopiedFolder(folder)
    with pytest.raises(Fault, match="where nothing can be stored"):
        Stage(prepared, disk.folder, SEED, environment).play(lambda server, crowd: fall_ill(disk, illness, server, crowd))


def test_the_writers_connection_waits_for_the_disk(tmp_path: Path) -> None:
    assert synchronous(tmp_path, {}) == FULL


def test_an_acknowledgement_before_the_commit_is_found(prepared: Prepared, tmp_path: Path, tree: Path) -> None:
    environment = planted(ACKNOWLEDGED_TOO_EARLY, tree)
    found = "acknowledged and lost|where nothing can be stored was answered"  # whichever the trial meets first
    with a_disk(tmp_path, [SmallDisk, BoundedFiles]) as disk, pytest.raises(Fault, match=found):
        Stage(prepared, disk.folder, SEED, environment).play(lambda server, crowd: fill_and_make_room(disk, server, crowd))


def test_an_acknowledgement_before_the_commit_is_found_when_postgresql_is_killed(
    prepared_on_postgresql: PreparedOnPostgreSQL, folder: Path, tree: Path
) -> None:
    environment = planted(ACKNOWLEDGED_TOO_EARLY, tree, KEPT_WAITING)
    stage, cluster = Stage(prepared_on_postgresql, folder, SEED, environment), prepared_on_postgresql.cluster
    with pytest.raises(Fault, match="acknowledged and lost"):
        stage.play(lambda server, crowd: kill_the_database_often(cluster, server, crowd, KILLS, SEED))


def test_a_step_without_its_unique_key_is_found(prepared: Prepared, folder: Path, tree: Path) -> None:
    environment = planted(KEY_DROPPED, tree)
    subprocess.run(
        [sys.executable, "-m", "examsrv.cli", "db", "upgrade"],
        env={**os.environ, **environment, "EXAMSRV_DATA": str(folder)},
        check=True,
        capture_output=True,
    )
    with pytest.raises(Fault, match="twice"):
        require_unique_steps(folder)
    require_unique_steps(prepared.folder)


def test_an_epoch_that_nobody_checks_is_found(prepared: Prepared, folder: Path, tree: Path) -> None:
    environment = planted(EPOCH_UNCHECKED, tree)
    with pytest.raises(Fault, match="a step of epoch 1 was answered with"):
        Stage(prepared, folder, SEED, environment).play(lambda server, crowd: go_there_and_back(folder, server, crowd))


def test_a_deadline_from_the_wall_clock_is_found(prepared: Prepared, folder: Path, tree: Path, tmp_path: Path) -> None:
    environment = planted(WALL_DEADLINE, tree)
    clock = WallClock(tmp_path)
    with pytest.raises(Fault, match=r"was taken|is told: over|could not go on"):
        Stage(prepared, folder, SEED, environment | clock.environment).play(lambda server, crowd: step_often(folder, clock, server, crowd))


def test_an_outbox_emptied_before_the_acknowledgement_is_found(prepared: Prepared, folder: Path, tree: Path) -> None:
    environment = planted(OUTBOX_EMPTIED_TOO_EARLY, tree)
    with pytest.raises(Fault, match="of 5 answers that were given on the page the server has 2"):
        Stage(prepared, folder, SEED, environment).play(lambda server, crowd: lose_the_page(folder, server, crowd))


def test_a_plant_says_so_when_the_code_has_moved(tree: Path) -> None:
    with pytest.raises(CodeHasMoved):
        planted(Plant("examsrv/storage/database.py", {"synchronous=NEVER": ""}), tree)


def synchronous(folder: Path, environment: dict[str, str]) -> str:
    """Return what a writing connection of the program in this environment says of itself."""
    command = [sys.executable, "-c", PRAGMA, f"sqlite:///{folder / DATABASE}"]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout.strip()
