"""`bank export`: the bank of the configured database as a file, for its owner only and on record."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from examsrv.cli import main
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow
from question_bank.formats import FORMATS
from tests.question_bank.builders import make_item
from tests.services.bank_workers import add_items
from tests.services.sittings_to_mark import PACK, add_standard

ITEMS = [make_item("S-1"), make_item("S-2", stem="![图](media:" + "0" * 64 + ") 应当（　　）。")]


@pytest.fixture
def settings(sqlite_url: str, tmp_path: Path) -> dict[str, str]:
    database = Database(sqlite_url)
    with database.writing() as session:
        add_standard(session)
        add_items(session, *ITEMS)
    database.close()
    return {**os.environ, "EXAMSRV_DATABASE_URL": sqlite_url, "EXAMSRV_DATA": str(tmp_path / "data")}


def run(settings: dict[str, str], *words: str) -> Result:
    return CliRunner(env=settings).invoke(main, ["bank", "export", *words])


def test_the_bank_comes_back_from_its_file_and_what_is_lost_is_told(settings: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "bank.yaml"
    done = run(settings, PACK, str(file))
    assert (done.exit_code, "2 道试题，1 处无法带出" in done.stdout, "S-2: 文件中只有图片的引用" in done.stderr) == (0, True, True)
    assert [item.digest for item in FORMATS["yaml"].read(file.read_bytes(), "bank.yaml").items] == [item.digest for item in ITEMS]
    assert file.stat().st_mode & 0o777 == 0o600
    database = Database(settings["EXAMSRV_DATABASE_URL"])
    with database.reading() as session:
        assert "items.exported" in set(session.scalars(select(AuditRow.act)))
    database.close()


def test_nothing_is_overwritten(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bank.xlsx").write_bytes(b"mine")
    refused = run(settings, "--format", "excel", PACK, str(tmp_path / "bank.xlsx"))
    assert (refused.exit_code, "无法写入" in refused.stderr) == (1, True)
    assert (tmp_path / "bank.xlsx").read_bytes() == b"mine"


def test_a_bank_that_is_not_there_is_refused(settings: dict[str, str], tmp_path: Path) -> None:
    refused = run(settings, "9-99-99-99", str(tmp_path / "bank.yaml"))
    assert (refused.exit_code, "没有已批准的试题" in refused.stderr) == (1, True)
