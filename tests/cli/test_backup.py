"""`examsrv backup` and `examsrv restore` as they are typed, on both databases."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examsrv.cli import main
from examsrv.cli.serving import LOCK, _lock_file
from tests.databases import fresh_database


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> dict[str, str]:
    settings = {**os.environ, "EXAMSRV_DATABASE_URL": database_url, "EXAMSRV_DATA": str(tmp_path / "here")}
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "secret.key").write_bytes(bytes(32))
    run(settings, "admin", "create", "--login", "boss", "--name", "管理员", "--password", "long enough 1")
    return settings


@pytest.fixture
def there(here: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    settings = {**os.environ, "EXAMSRV_DATA": str(tmp_path / "configured"), "EXAMSRV_DATABASE_URL": ""}
    if here["EXAMSRV_DATABASE_URL"].startswith("sqlite"):
        yield settings
    else:
        for url in fresh_database(request.getfixturevalue("postgresql_server"), "template1"):
            yield {**settings, "EXAMSRV_DATABASE_URL": url}


def run(settings: dict[str, str], *words: str) -> Result:
    return CliRunner(env=settings).invoke(main, words)


def test_what_was_backed_up_is_restored_into_another_folder(here: dict[str, str], there: dict[str, str], tmp_path: Path) -> None:
    made = run(here, "backup", str(tmp_path / "usb"))
    assert (made.exit_code, made.stderr) == (0, "")
    assert "妥善保管" in made.stdout
    archive = next((tmp_path / "usb").iterdir())
    restored = run(there, "restore", str(archive), "--into", str(tmp_path / "new"))
    assert (restored.exit_code, restored.stderr) == (0, "")
    assert "审计链" in restored.stdout
    again = {**there, "EXAMSRV_DATA": str(tmp_path / "new")}
    assert "boss" in run(again, "admin", "create", "--login", "boss", "--name", "管理员", "--password", "long enough 1").stderr
    assert run(again, "audit", "verify").exit_code == 0


def test_the_configured_folder_takes_the_backups_and_the_newest_are_kept(here: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for year in (2024, 2025):
        (folder / f"examsrv-{year}0101-000000Z.tar").touch()
    assert run({**here, "EXAMSRV_BACKUPS": str(folder)}, "backup", "--keep", "2").exit_code == 0
    assert next(path.name[:12] for path in sorted(folder.iterdir())) == "examsrv-2025"
    assert len(list(folder.iterdir())) == 2


def test_nothing_is_restored_while_a_server_runs(here: dict[str, str], tmp_path: Path) -> None:
    run(here, "backup", str(tmp_path / "usb"))
    archive = next((tmp_path / "usb").iterdir())
    busy = tmp_path / "busy"
    busy.mkdir()
    with _lock_file(busy / LOCK):
        refused = run({**os.environ, "EXAMSRV_DATABASE_URL": "", "EXAMSRV_DATA": str(busy)}, "restore", str(archive))
    assert refused.exit_code == 1
    assert "已有" in refused.stderr
    assert [path.name for path in busy.iterdir()] == [LOCK]


def test_a_folder_without_a_database_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    refused = run({**os.environ, "EXAMSRV_DATABASE_URL": "", "EXAMSRV_DATA": str(tmp_path / "wrong")}, "backup")
    assert (refused.exit_code, "EXAMSRV_DATA" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_database_server_that_does_not_answer_is_told(tmp_path: Path, command: str) -> None:
    (tmp_path / "secret.key").write_bytes(bytes(32))
    settings = {**os.environ, "EXAMSRV_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x", "EXAMSRV_DATA": str(tmp_path)}
    refused = run(settings, command, *(["x.tar"] if command == "restore" else []))
    assert refused.exit_code == 1
    assert "数据库" in refused.stderr


@pytest.mark.parametrize("words", [("backup", "--keep", "0"), ("backup", "a", "b"), ("restore",), ("restore", "--from", "x")])
def test_wrong_use_ends_with_2(words: tuple[str, ...]) -> None:
    assert run(dict(os.environ), *words).exit_code == 2
