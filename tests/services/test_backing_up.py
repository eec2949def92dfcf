"""Backup and restore, on both databases: everything comes back elsewhere, and what is damaged or in the way is refused with nothing changed."""

import hashlib
import os
import random
import shutil
import stat
import tarfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from examsrv.services import backing_up, candidates
from examsrv.services.auditing import verify_chain
from examsrv.services.backing_up import Backup, CannotBackUp, back_up, backups_in
from examsrv.services.restoring import CannotRestore, restore
from examsrv.storage import archives, snapshots
from examsrv.storage.database import Database
from examsrv.storage.sealing import load_secret
from examsrv.storage.tables import Base, CandidateRow
from question_bank.message import ExamError
from tests.builders import MORNING, SECRET, Room, add_room, candidate_name
from tests.databases import fresh_database
from tests.services.attempts import answer, open_at, send

KEEP = 14


@pytest.fixture
def room(database: Database) -> Room:
    with database.writing() as session:
        made = add_room(session, 2, started=True)
    open_at(database, made)
    return made


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    file = tmp_path / "here" / "secret.key"
    file.parent.mkdir()
    file.write_bytes(SECRET.master)
    return file


@pytest.fixture
def elsewhere(database: Database, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of an empty database of the same kind on "another machine"."""
    if database.dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'there' / 'examsrv.db'}"
    else:
        yield from fresh_database(request.getfixturevalue("postgresql_server"), "template1")


@pytest.fixture
def key_elsewhere(tmp_path: Path) -> Path:
    return tmp_path / "there" / "secret.key"


@pytest.fixture
def made(database: Database, room: Room, secret_file: Path, tmp_path: Path) -> Backup:
    return backed_up(database, secret_file, tmp_path)


def backed_up(database: Database, secret_file: Path, tmp_path: Path, keep: int = KEEP, after: timedelta = timedelta()) -> Backup:
    return back_up(database, secret_file, tmp_path / "backups", keep, MORNING + after)


def digests(url: str) -> dict[str, str]:
    """Return a digest of the content of every table."""
    database = Database(url)
    with database.reading() as session:
        found = {
            table.name: hashlib.sha256("\n".join(sorted(map(repr, session.execute(select(table))))).encode()).hexdigest()
            for table in Base.metadata.sorted_tables
        }
    database.close()
    return found


def leftovers(tmp_path: Path) -> list[str]:
    return sorted(str(path.relative_to(tmp_path)) for path in (tmp_path / "there").rglob("*")) if (tmp_path / "there").exists() else []


def test_everything_comes_back_on_another_machine(database: Database, made: Backup, elsewhere: str, key_elsewhere: Path) -> None:
    before = digests(database.url.render_as_string(hide_password=False))
    restored = restore(made.archive, elsewhere, key_elsewhere)
    assert digests(elsewhere) == before
    assert restored.is_chain_as_backed_up
    assert restored.manifest.tables["step"] == 1


def test_names_can_be_read_with_the_key_that_came_back(made: Backup, elsewhere: str, key_elsewhere: Path, room: Room) -> None:
    restore(made.archive, elsewhere, key_elsewhere)
    database = Database(elsewhere)
    with database.reading() as session:
        row = session.scalars(select(CandidateRow).order_by(CandidateRow.id)).first()
        assert candidates.candidate_of(load_secret(key_elsewhere, bytes), row).name == candidate_name(room.id * 1000 + 1)
    database.close()
    assert stat.S_IMODE(key_elsewhere.stat().st_mode) == 0o600


def test_a_backup_during_saves_holds_one_state_and_no_save_is_refused(
    database: Database, room: Room, secret_file: Path, tmp_path: Path, elsewhere: str, key_elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "PAGES_AT_ONCE", 1)  # so that many saves fall into one copy
    stop, saved = threading.Event(), []

    def save() -> None:
        while not stop.is_set():
            send(database, room, answer(len(saved) + 1, item=1 + len(saved) % room.items))
            saved.append(None)

    saver = threading.Thread(target=save)
    saver.start()
    try:
        begun = len(saved)
        made = backed_up(database, secret_file, tmp_path)
        meanwhile = len(saved) - begun
    finally:
        stop.set()
        saver.join()
    restored = restore(made.archive, elsewhere, key_elsewhere)
    assert meanwhile > 0
    assert begun < restored.manifest.tables["step"] <= len(saved) + 1
    assert restored.is_chain_as_backed_up
    assert last_seq_and_steps(elsewhere, room) == (restored.manifest.tables["step"] - 1, restored.manifest.tables["step"])


def last_seq_and_steps(url: str, room: Room) -> tuple[int, int]:
    database = Database(url)
    with database.reading() as session:
        last = session.scalar(text("SELECT last_seq FROM attempt WHERE id = :id"), {"id": room.attempts[0]})
        steps = session.scalar(text("SELECT count(*) FROM step"))
    database.close()
    return last, steps


def test_only_the_owner_reads_the_archive_and_tar_does_too(made: Backup) -> None:
    assert stat.S_IMODE(made.archive.stat().st_mode) == 0o600
    with tarfile.open(made.archive) as tar:
        assert tar.getnames() == ["manifest.json", made.manifest.database_member, "secret.key"]
    assert list(made.archive.parent.iterdir()) == [made.archive]


@pytest.mark.parametrize("cut", [1, 100, 10_000, 1 << 40])
def test_a_truncated_archive_is_refused_and_nothing_is_written(made: Backup, elsewhere: str, key_elsewhere: Path, tmp_path: Path, cut: int) -> None:
    size = made.archive.stat().st_size
    os.truncate(made.archive, max(0, size - cut))
    with pytest.raises(archives.Damaged):
        restore(made.archive, elsewhere, key_elsewhere)
    assert leftovers(tmp_path) == []


def test_a_bit_changed_anywhere_is_refused(sqlite_url: str, secret_file: Path, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    archive = backed_up(database, secret_file, tmp_path).archive
    database.close()
    whole, places = archive.read_bytes(), random.Random(3)
    ends = [0, 1, 300, 512, len(whole) - 1, len(whole) - 66, len(whole) - 90, len(whole) - 600]
    for place in [*ends, *(places.randrange(len(whole)) for _ in range(40))]:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << places.randrange(8)
        archive.write_bytes(flipped)
        with pytest.raises(ExamError):
            restore(archive, f"sqlite:///{tmp_path / 'there' / 'examsrv.db'}", tmp_path / "there" / "secret.key")
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"x", b"not a backup at all" * 1000, os.urandom(4096)])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.tar"
    file.write_bytes(content)
    with pytest.raises(archives.Damaged, match="no backup"):
        restore(file, f"sqlite:///{tmp_path / 'examsrv.db'}", tmp_path / "secret.key")


def test_a_member_that_was_exchanged_is_refused_even_if_the_archive_is_closed_anew(made: Backup, elsewhere: str, key_elsewhere: Path) -> None:
    manifest = made.manifest
    other = made.archive.with_name("other-key")
    other.write_bytes(bytes(32))
    database_file = made.archive.with_name("database")
    database_file.write_bytes(b"anything")
    forged = made.archive.with_name("forged")
    archives.write_archive(forged, manifest, {manifest.database_member: database_file, "secret.key": other})
    with pytest.raises(archives.Damaged, match="is not what was written"):
        restore(forged, elsewhere, key_elsewhere)


def test_a_newer_schema_is_refused(made: Backup, elsewhere: str, key_elsewhere: Path, tmp_path: Path) -> None:
    newer = made.manifest.model_copy(update={"revision": "9999", "program": "9.9"})
    archive = made.archive.with_name("newer")
    archives.write_archive(archive, newer, {})
    with pytest.raises(CannotRestore, match=r"newer version \(9\.9\)"):
        restore(archive, elsewhere, key_elsewhere)
    assert leftovers(tmp_path) == []


def test_a_backup_of_the_other_kind_of_database_is_refused(made: Backup, database: Database, key_elsewhere: Path) -> None:
    other = "postgresql+psycopg://x@127.0.0.1/x" if database.dialect == "sqlite" else "sqlite:///x.db"
    with pytest.raises(CannotRestore, match="EXAMSRV_DATABASE_URL"):
        restore(made.archive, other, key_elsewhere)


def test_a_place_with_something_in_it_is_refused_and_left_as_it_is(made: Backup, elsewhere: str, key_elsewhere: Path) -> None:
    restore(made.archive, elsewhere, key_elsewhere)
    before = digests(elsewhere)
    with pytest.raises(CannotRestore, match=r"is there already|is not empty"):
        restore(made.archive, elsewhere, key_elsewhere)
    assert digests(elsewhere) == before


def test_another_key_in_the_folder_is_refused_and_kept(made: Backup, elsewhere: str, key_elsewhere: Path) -> None:
    key_elsewhere.parent.mkdir()
    key_elsewhere.write_bytes(bytes(32))
    with pytest.raises(CannotRestore, match=r"secret\.key is there already"):
        restore(made.archive, elsewhere, key_elsewhere)
    assert key_elsewhere.read_bytes() == bytes(32)


def test_what_an_interrupted_restore_left_is_no_hindrance(made: Backup, elsewhere: str, key_elsewhere: Path, tmp_path: Path) -> None:
    left = tmp_path / "there" / ".examsrv-restoring-abc"
    left.mkdir(parents=True)
    (left / "examsrv.db").write_bytes(b"half")
    shutil.copyfile(tmp_path / "here" / "secret.key", key_elsewhere)
    assert restore(made.archive, elsewhere, key_elsewhere).is_chain_as_backed_up
    assert not left.exists()


def test_a_chain_that_was_broken_comes_back_and_is_told(database: Database, room: Room, secret_file: Path, tmp_path: Path, elsewhere: str) -> None:
    with database.writing() as session:
        drop = "DROP TRIGGER audit_entry_no_update"
        session.execute(text(drop if database.dialect == "sqlite" else f"{drop} ON audit_entry"))
        session.execute(text("UPDATE audit_entry SET act = 'nothing' WHERE number = 1"))
    restored = restore(backed_up(database, secret_file, tmp_path).archive, elsewhere, tmp_path / "there" / "secret.key")
    assert not restored.is_chain_as_backed_up
    assert restored.chain.first_bad == 1


def test_the_newest_are_kept_and_the_one_just_made_is_never_removed(database: Database, room: Room, secret_file: Path, tmp_path: Path) -> None:
    hours = [0, 1, 2, 3, -50]  # before the last one the clock was set back
    made = [backed_up(database, secret_file, tmp_path, keep=3, after=timedelta(hours=hour)).archive for hour in hours]
    assert backups_in(tmp_path / "backups") == [made[4], made[2], made[3]]


def test_other_files_in_the_folder_are_left_alone(database: Database, room: Room, secret_file: Path, tmp_path: Path) -> None:
    (tmp_path / "backups" / ".examsrv-draft-left").mkdir(parents=True)
    (tmp_path / "backups" / "letter.txt").write_text("keep me")
    made = backed_up(database, secret_file, tmp_path, keep=1)
    assert sorted(path.name for path in (tmp_path / "backups").iterdir()) == [made.archive.name, "letter.txt"]


def test_without_the_key_there_is_no_backup(database: Database, tmp_path: Path) -> None:
    with pytest.raises(CannotBackUp, match=r"secret\.key"):
        backed_up(database, tmp_path / "secret.key", tmp_path)
    assert not (tmp_path / "backups").exists()


def test_an_empty_database_is_told(empty_database_url: str, secret_file: Path, tmp_path: Path) -> None:
    database = Database(empty_database_url)
    with pytest.raises(CannotBackUp, match="database is empty"):
        backed_up(database, secret_file, tmp_path)
    database.close()
    assert list((tmp_path / "backups").iterdir()) == []


def test_without_room_there_is_no_backup_and_nothing_is_left(database: Database, room: Room, secret_file: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(backing_up, "TIMES_THE_SIZE", 1 << 60)
    with pytest.raises(CannotBackUp, match="No space left"):
        backed_up(database, secret_file, tmp_path)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_missing_and_an_old_pg_dump_are_told_in_words(postgresql_url: str, secret_file: Path, tmp_path: Path, monkeypatch) -> None:
    database = Database(postgresql_url)
    monkeypatch.setattr(snapshots, "VERSIONED", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExamError, match="pg_dump is not found"):
        backed_up(database, secret_file, tmp_path)
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n")
    (tmp_path / "pg_dump").chmod(0o755)
    with pytest.raises(ExamError, match="pg_dump is version 9, too old"):
        backed_up(database, secret_file, tmp_path)
    database.close()
    assert list((tmp_path / "backups").iterdir()) == []


def test_the_chain_of_the_restored_database_goes_on(made: Backup, elsewhere: str, key_elsewhere: Path) -> None:
    restore(made.archive, elsewhere, key_elsewhere)
    database = Database(elsewhere)
    with database.writing() as session:
        add_room(session, 1, name="02 考场", paper=None, items=[])
    with database.reading() as session:
        assert verify_chain(session).first_bad is None
    database.close()
