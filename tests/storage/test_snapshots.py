"""How a copy's programs are told where the database is."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from examsrv.storage.snapshots import _connection_words

URLS = [
    ("postgresql+psycopg://boss:p:w%5C@db.example:5433/exam?sslmode=require", r"*:*:*:*:p\:w\\"),
    ("postgresql+psycopg:///exam?host=/run/postgresql", None),
]


@pytest.mark.parametrize(("url", "line"), URLS)
def test_a_password_goes_by_a_file_that_only_the_owner_reads_and_never_on_the_command_line(url: str, line: str | None) -> None:
    with _connection_words(make_url(url)) as words:
        told = psycopg.conninfo.conninfo_to_dict(words)
        file = Path(told.pop("passfile")) if line else None
        assert "password" not in told
        if file is not None:
            assert (file.read_text().strip(), file.stat().st_mode & 0o077) == (line, 0)
    assert file is None or not file.exists()


def test_address_and_options_are_handed_on() -> None:
    with _connection_words(make_url(URLS[0][0])) as words:
        told = psycopg.conninfo.conninfo_to_dict(words)
    assert (told["host"], told["port"], told["user"], told["dbname"], told["sslmode"]) == ("db.example", "5433", "boss", "exam", "require")
