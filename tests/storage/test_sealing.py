"""Personal data at rest: readable with the right key only, damaged never, and not to be seen in the file."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from examsrv.services.candidates import candidate_of
from examsrv.storage.database import Database
from examsrv.storage.sealing import Secret, load_secret, seal, unseal
from examsrv.storage.tables import CandidateRow
from tests.builders import SECRET
from tests.services.rosters import add_sitting, csv_roster, id_number, imported, row

KEY, NONCE = bytes(range(32)), bytes(12)
VALUE = {"name": "王小明", "id_number": "150102199003070010"}


def test_what_was_sealed_comes_back() -> None:
    assert unseal(KEY, seal(KEY, VALUE, NONCE)) == VALUE


def test_nothing_of_it_can_be_read_outside() -> None:
    sealed = seal(KEY, VALUE, NONCE)
    assert "王小明".encode() not in sealed
    assert b"1501" not in sealed


@pytest.mark.parametrize("place", range(0, len(seal(KEY, VALUE, NONCE)), 7))
def test_damaged_bytes_are_refused_wherever_the_damage_is(place: int) -> None:
    sealed = bytearray(seal(KEY, VALUE, NONCE))
    sealed[place] ^= 1
    with pytest.raises(InvalidTag):
        unseal(KEY, bytes(sealed))


def test_a_cut_end_is_refused() -> None:
    with pytest.raises(InvalidTag):
        unseal(KEY, seal(KEY, VALUE, NONCE)[:-1])


def test_another_key_cannot_read() -> None:
    with pytest.raises(InvalidTag):
        unseal(bytes(32), seal(KEY, VALUE, NONCE))


def test_keys_and_digests_differ_by_purpose_by_text_and_by_secret() -> None:
    other = Secret(bytes(32))
    found = [SECRET.keyed("identity", "1"), SECRET.keyed("identity", "2"), SECRET.keyed("nobody", "1"), other.keyed("identity", "1")]
    assert len(set(found)) == 4
    assert SECRET.derived("csrf") != SECRET.derived("flask") != other.derived("flask")
    assert SECRET.keyed("identity", "1") == found[0]


def test_a_secret_is_made_once_for_its_owner_only_and_kept(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret.key"
    first = load_secret(file, lambda: b"k" * 32)
    assert load_secret(file, lambda: b"x" * 32) == first == Secret(b"k" * 32)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


@pytest.mark.parametrize("damaged", [b"", b"k" * 31, b"k" * 33])
def test_a_secret_of_another_length_is_refused(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(damaged)
    with pytest.raises(ValueError, match=r"secret.key is damaged"):
        load_secret(tmp_path / "secret.key", lambda: b"k" * 32)


def test_a_draft_that_a_crash_left_behind_is_not_taken_for_the_secret(tmp_path: Path) -> None:
    def crash() -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_secret(tmp_path / "secret.key", crash)
    assert load_secret(tmp_path / "secret.key", lambda: b"k" * 32) == Secret(b"k" * 32)


@pytest.fixture
def rostered(sqlite_url: str) -> Database:
    """Give a SQLite database into which a roster of 30 candidates with photos was imported."""
    database = Database(sqlite_url)
    with database.writing() as session:
        people = [row(person, name=f"金丝雀{person}") for person in range(1, 31)]
        imported(session, add_sitting(session), csv_roster(*people))
    yield database
    database.close()


def test_no_name_and_no_id_number_stands_in_the_file_after_a_roster_import(rostered: Database) -> None:
    file = Path(rostered.url.database)
    stored = file.read_bytes() + file.with_name(file.name + "-wal").read_bytes()
    assert b"0001" in stored  # the tickets are there: this is the right file
    for person in range(1, 31):
        for canary in (f"金丝雀{person}", id_number(person)):
            assert canary.encode() not in stored
            assert json.dumps(canary)[1:-1].encode() not in stored
            assert canary.encode("utf-16-le") not in stored


def test_another_secret_cannot_read_a_candidate(rostered: Database) -> None:
    with rostered.reading() as session:
        rows = session.scalars(select(CandidateRow)).all()
        assert candidate_of(SECRET, rows[0]).name.startswith("金丝雀")
        with pytest.raises(InvalidTag):
            candidate_of(Secret(bytes(32)), rows[0])


def test_one_persons_key_does_not_read_anothers_row(rostered: Database) -> None:
    with rostered.reading() as session:
        one, other = session.scalars(select(CandidateRow).limit(2)).all()
        one.sealed = other.sealed
        with pytest.raises(InvalidTag):
            candidate_of(SECRET, one)
        session.expunge_all()
