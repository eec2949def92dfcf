"""What `examsrv doctor` looks at, each on both sides of its edge."""

import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import text

from examsrv.domain.exam_clock import ClockMark
from examsrv.services import making_pdf, timekeeping
from examsrv.services.auditing import record
from examsrv.services.diagnosing import forms, keeping, machine, sitting_today, storing, table
from examsrv.services.diagnosing.findings import Installation, Look, Severity
from examsrv.storage.ballast import SIZE, lay_ballast
from examsrv.storage.certificates import Places, make_authority, new_key
from examsrv.storage.database import Database
from examsrv.storage.tables import SittingRow
from tests.builders import BEGIN, MINUTE, MORNING, OFFICE, add_proctor, add_room, at

FINE, WARNING, WRONG = Severity.FINE, Severity.WARNING, Severity.WRONG
DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Installation]:
    database = Database(sqlite_url)
    yield installation(database, tmp_path)
    database.close()


@pytest.fixture
def each(database: Database, tmp_path: Path) -> Installation:
    """Give an installation on each kind of database."""
    return installation(database, tmp_path)


def installation(database: Database, tmp_path: Path) -> Installation:
    (tmp_path / "secret.key").write_bytes(bytes(32))
    (tmp_path / "secret.key").chmod(0o600)
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 8000000 kB\n")
    (tmp_path / "mounts").write_text("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n")
    return Installation(
        database=database,
        data_folder=tmp_path,
        backup_folder=tmp_path / "backups",
        secret_file=tmp_path / "secret.key",
        certificates=(),
        ends_tls_elsewhere=False,
        time_zone="Asia/Shanghai",
        installed=MORNING - DAY,
        wall=MORNING,
        boot=timedelta(hours=7),
        boot_id="first start",
        memory=tmp_path / "meminfo",
        mounts=tmp_path / "mounts",
    )


def told(look: Look, place: Installation) -> list[Severity]:
    return [finding.severity for finding in look(place)]


def words(look: Look, place: Installation) -> str:
    return "\n".join(str(finding.message) for finding in look(place))


@pytest.mark.parametrize(("free", "due"), [(100, FINE), (15, FINE), (14, WARNING), (5, WARNING), (4, WRONG), (0, WRONG)])
def test_a_disk_is_told_of_below_15_and_below_5_percent(place: Installation, monkeypatch: pytest.MonkeyPatch, free: int, due: Severity) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(100, 100 - free, free))
    assert told(machine.look_at_disks, place) == [due]


def test_a_ballast_that_is_not_there_or_holds_too_little_is_told_of(place: Installation) -> None:
    assert told(machine.look_at_ballast, place) == [WARNING]
    lay_ballast(place.data_folder, SIZE // 2)
    assert (told(machine.look_at_ballast, place), "only 32 of 64 MB" in words(machine.look_at_ballast, place)) == ([WARNING], True)
    lay_ballast(place.data_folder)
    assert told(machine.look_at_ballast, place) == [FINE]


@pytest.mark.parametrize(("megabytes", "due"), [(512, FINE), (511, WARNING), (128, WARNING), (127, WRONG)])
def test_memory_is_told_of_when_little_is_available(place: Installation, megabytes: int, due: Severity) -> None:
    place.memory.write_text(f"MemTotal: 99 kB\nMemAvailable: {megabytes * 1024} kB\n")
    assert told(machine.look_at_memory, place) == [due]


def keep_mark(place: Installation, boot_id: str = "first start", age: timedelta = timedelta(), wall: timedelta = timedelta()) -> None:
    with place.database.writing() as session:
        timekeeping.keep_mark(session, ClockMark(boot_id, place.boot - age, BEGIN), place.wall + wall)


CLOCKS = [
    ("first start", timedelta(), FINE),
    ("first start", 59 * SECOND, FINE),
    ("first start", 61 * SECOND, WARNING),
    ("first start", -HOUR, WARNING),
    ("another start", -DAY, FINE),
    ("another start", HOUR, WARNING),
]


@pytest.mark.parametrize(("boot_id", "wall", "due"), CLOCKS)
def test_a_clock_that_was_set_is_told_of(place: Installation, boot_id: str, wall: timedelta, due: Severity) -> None:
    keep_mark(place, boot_id, wall=wall)
    assert told(machine.look_at_clock, place) == [due]


def test_a_clock_before_the_installation_of_the_program_is_wrong(place: Installation) -> None:
    assert told(machine.look_at_clock, place) == [FINE]
    assert told(machine.look_at_clock, replace(place, installed=place.wall + SECOND)) == [WRONG]


def test_an_unknown_time_zone_is_wrong(place: Installation) -> None:
    assert "Mars/Olympus" in words(machine.look_at_clock, replace(place, time_zone="Mars/Olympus"))


@pytest.mark.parametrize(("age", "boot_id", "due"), [(15, "first start", FINE), (16, "first start", WARNING), (0, "another start", WARNING)])
def test_a_server_that_marks_its_clock_runs(place: Installation, age: int, boot_id: str, due: Severity) -> None:
    keep_mark(place, boot_id, age * SECOND)
    assert told(machine.look_at_server, place) == [due]


@pytest.mark.parametrize(("mode", "due"), [(0o600, FINE), (0o400, FINE), (0o640, WRONG), (0o604, WRONG)])
def test_a_key_that_others_can_read_is_wrong(place: Installation, mode: int, due: Severity) -> None:
    place.secret_file.chmod(mode)
    assert told(keeping.look_at_secret, place) == [due]


def test_a_missing_and_a_damaged_key_are_wrong(place: Installation) -> None:
    place.secret_file.write_bytes(bytes(31))
    assert "31 bytes" in words(keeping.look_at_secret, place)
    place.secret_file.unlink()
    assert "There is no" in words(keeping.look_at_secret, place)


BEFORE_THE_END = [(timedelta(), WRONG), (SECOND, WARNING), (30 * DAY - SECOND, WARNING), (30 * DAY, FINE)]


@pytest.mark.parametrize(("before", "due"), BEFORE_THE_END)
def test_a_certificate_is_told_of_a_month_before_its_end(place: Installation, before: timedelta, due: Severity) -> None:
    certificate = make_authority(new_key(), Places(("exam.example",)), MORNING)
    file = place.data_folder / "ca.crt"
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    found = replace(place, certificates=(file,), wall=certificate.not_valid_after_utc - before)
    assert told(keeping.look_at_certificates, found) == [due]
    assert told(keeping.look_at_certificates, replace(found, wall=certificate.not_valid_before_utc - SECOND)) == [WRONG]


def test_a_certificate_that_is_missing_or_none_is_wrong(place: Installation) -> None:
    other = place.data_folder / "other.crt"
    other.write_text("nothing")
    found = replace(place, certificates=(other, place.data_folder / "missing.crt"))
    assert told(keeping.look_at_certificates, found) == [WRONG, WRONG]
    assert told(keeping.look_at_certificates, place) == [WARNING]


@pytest.mark.parametrize(("hours", "due"), [(0, FINE), (26, FINE), (27, WARNING)])
def test_a_backup_older_than_a_day_and_two_hours_is_told_of(place: Installation, hours: int, due: Severity) -> None:
    place.backup_folder.mkdir()
    (place.backup_folder / f"examsrv-{MORNING - hours * HOUR:%Y%m%d-%H%M%S}Z.tar").touch()
    assert told(keeping.look_at_backups, place) == [due, WARNING]
    assert "same disk" in words(keeping.look_at_backups, place)


def test_no_backup_at_all_is_told_of(place: Installation) -> None:
    assert told(keeping.look_at_backups, place) == [WARNING]


MOUNTS = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 0:25 / /dev/shm rw - tmpfs tmpfs rw
31 22 0:26 / /srv/my\\040exam rw - nfs4 10.0.0.1:/x rw
32 22 8:2 / /fast rw - ext4 /dev/sdb1 rw,nobarrier
33 22 8:3 / /odd rw - newfs /dev/sdc1 rw
"""
FOLDERS = [("/var/lib/examsrv", FINE), ("/dev/shm/x", WRONG), ("/srv/my exam", WRONG), ("/fast/x", WRONG), ("/odd", WARNING), ("/fastest", FINE)]


@pytest.mark.parametrize(("folder", "due"), FOLDERS)
def test_a_file_system_that_forgets_is_told_of(folder: str, due: Severity) -> None:
    mount = storing.mount_of(Path(folder), MOUNTS)
    assert [finding.severity for finding in storing.file_system_findings(Path(folder), mount)] == [due]


def test_sqlite_as_a_server_opens_it_is_durable_and_told_when_it_is_not(sqlite_url: str, place: Installation) -> None:
    durable = replace(place, database=Database(sqlite_url))
    assert told(storing.look_at_durability, durable) == [FINE, FINE]
    raw = durable.database.engine.raw_connection()
    raw.cursor().execute("PRAGMA synchronous=NORMAL")
    raw.close()
    assert "synchronous=NORMAL" in words(storing.look_at_durability, durable)
    assert told(storing.look_at_durability, durable)[0] is WRONG
    durable.database.close()


def test_postgresql_without_its_safety_is_wrong(postgresql_url: str, place: Installation) -> None:
    """The tests' own server runs so."""
    unsafe = replace(place, database=Database(postgresql_url))
    assert told(storing.look_at_durability, unsafe) == [WRONG]
    assert "fsync=off, full_page_writes=off, synchronous_commit=off" in words(storing.look_at_durability, unsafe)
    unsafe.database.close()


@pytest.mark.parametrize(("revision", "due"), [(None, FINE), ("0000", WRONG), ("9999", WRONG)])
def test_another_schema_than_the_present_one_is_wrong(each: Installation, revision: str | None, due: Severity) -> None:
    if revision:
        with each.database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    assert told(storing.look_at_schema, each) == [due]


def test_the_head_of_the_audit_chain_is_told(each: Installation) -> None:
    assert told(storing.look_at_audit, each) == [WARNING]
    with each.database.writing() as session:
        record(session, "anything", "nothing/1", OFFICE, at())
    assert told(storing.look_at_audit, each) == [FINE]
    assert "1 entries" in words(storing.look_at_audit, each)


@pytest.fixture
def sitting(each: Installation) -> Callable[..., Installation]:
    """Plan a sitting for today, with one proctor for each that is asked for."""

    def plan(proctors: int = 2, **room: object) -> Installation:
        with each.database.writing() as session:
            made = add_room(session, 2, leave_after=30 * MINUTE, **room)
            for number in range(proctors):
                add_proctor(session, made, f"proctor{number}")
        return each

    return plan


def test_pdf_without_pango_or_without_a_chinese_font_is_told_of(place: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(forms.look_at_pdf, place) == [FINE]
    monkeypatch.setattr(forms, "has_chinese_font", lambda: False)
    assert told(forms.look_at_pdf, place) == [WARNING]
    monkeypatch.setattr(forms, "lacking_for_pdf", lambda: making_pdf.NO_PANGO)
    assert "Pango is not installed" in str(next(forms.look_at_pdf(place)).message)


def test_a_day_without_a_sitting_lacks_nothing(place: Installation) -> None:
    assert told(sitting_today.look_at_sittings, place) == [FINE]


def test_a_published_sitting_with_its_proctors_lacks_nothing(sitting: Callable[..., Installation]) -> None:
    assert "nothing is lacking" in words(sitting_today.look_at_sittings, sitting())


def test_a_sitting_with_too_few_proctors_is_wrong(sitting: Callable[..., Installation]) -> None:
    assert "need 2 proctors, 1 are planned" in words(sitting_today.look_at_sittings, sitting(proctors=1))


def test_a_sitting_of_yesterday_or_tomorrow_is_not_today_s(sitting: Callable[..., Installation]) -> None:
    found = sitting(proctors=0)
    for wall in (found.wall - DAY, found.wall + DAY):
        assert told(sitting_today.look_at_sittings, replace(found, wall=wall)) == [FINE]


def test_a_sitting_that_has_begun_is_left_alone(sitting: Callable[..., Installation]) -> None:
    assert "has begun" in words(sitting_today.look_at_sittings, sitting(proctors=0, started=True))


def test_a_proctor_without_a_pin_and_a_sitting_not_published_are_wrong(sitting: Callable[..., Installation]) -> None:
    found = sitting()
    with found.database.writing() as session:
        session.execute(text("UPDATE person SET pin_hash = NULL WHERE login = 'proctor0'"))
    assert "has no PIN" in words(sitting_today.look_at_sittings, found)
    with found.database.writing() as session:
        session.execute(text("UPDATE person SET pin_hash = 'x'"))
        session.get_one(SittingRow, 1).is_published = False
    assert "it is not published" in words(sitting_today.look_at_sittings, found)


def test_what_cannot_be_looked_at_is_wrong_and_keeps_nothing_else_from_it(each: Installation) -> None:
    found = replace(each, memory=each.data_folder / "missing")
    with each.database.writing() as session:
        session.execute(text("DROP TABLE clock_mark"))
    by_name: dict[str, list[Severity]] = {}
    for check, finding in table.examine(found):
        by_name.setdefault(check.name, []).append(finding.severity)
    assert list(by_name) == [check.name for check in table.CHECKS]
    assert [name for name, severities in by_name.items() if WRONG in severities and name != "durability"] == ["memory", "clock", "server"]


def test_looking_leaves_nothing_behind(each: Installation) -> None:
    before = sorted(each.data_folder.iterdir())
    list(table.examine(each))
    assert sorted(each.data_folder.iterdir()) == before
