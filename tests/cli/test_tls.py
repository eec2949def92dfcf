"""`examsrv tls init`, and what `serve` makes of certificates and proxies before it serves."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examsrv.cli import main
from examsrv.cli.transport import UnsafeAddress, date_warning, with_transport
from examsrv.config import Config, from_environment
from examsrv.storage.certificates import places
from examsrv.storage.tls_folder import issue
from question_bank.message import ExamError

EVERYWHERE, HERE = "0.0.0.0", "127.0.0.1"
EXAM = places(["exam.example.cn"], ["192.168.1.10"])


def run(folder: Path, *words: str) -> Result:
    return CliRunner(env={**os.environ, "EXAMSRV_DATA": str(folder)}).invoke(main, words)


def init(folder: Path, *words: str) -> Result:
    return run(folder, "tls", "init", *words)


@pytest.fixture
def certified(tmp_path: Path) -> Config:
    """Give an installation that `tls init` was run for."""
    issue(tmp_path / "tls", EXAM, datetime.now(UTC))
    return Config(data_folder=tmp_path)


def test_init_makes_the_files_and_says_what_to_install_with_the_fingerprint(tmp_path: Path) -> None:
    done = init(tmp_path, "--name", "exam.example.cn", "--address", "192.168.1.10")
    assert done.exit_code == 0
    assert sorted(file.name for file in (tmp_path / "tls").iterdir()) == ["ca.crt", "ca.key", "server.crt", "server.key"]
    assert "certutil -addstore -f Root ca.crt" in done.stdout
    assert "SHA-256" in done.stdout


def test_init_again_renews_with_the_same_authority_and_asks_nothing_of_the_machines(tmp_path: Path) -> None:
    init(tmp_path, "--name", "exam")
    authority = (tmp_path / "tls" / "ca.crt").read_bytes()
    done = init(tmp_path)
    assert done.exit_code == 0
    assert "无须任何操作" in done.stdout
    assert "certutil" not in done.stdout
    assert (tmp_path / "tls" / "ca.crt").read_bytes() == authority


def test_init_writes_to_another_folder_when_told(tmp_path: Path) -> None:
    assert init(tmp_path, "--name", "exam", "--folder", str(tmp_path / "elsewhere")).exit_code == 0
    assert not (tmp_path / "tls").exists()


def test_init_refuses_in_words_with_nothing_changed(tmp_path: Path) -> None:
    assert init(tmp_path).exit_code == 1
    assert "--name" in init(tmp_path).stderr
    (tmp_path / "file").write_text("")
    refused = init(tmp_path, "--name", "exam", "--folder", str(tmp_path / "file" / "tls"))
    assert (refused.exit_code, "无法读写" in refused.stderr) == (1, True)


@pytest.mark.parametrize("words", [("--name", "192.168.1.10"), ("--address", "exam"), ("--name", "*.cn"), ("--nothing",)])
def test_init_takes_what_is_no_name_or_address_for_wrong_use(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert init(tmp_path, *words).exit_code == 2


# ---- what serve is told


def test_made_certificates_are_used_where_others_reach_the_address_and_only_there(certified: Config) -> None:
    others = with_transport(Config(data_folder=certified.data_folder, host=EVERYWHERE))
    assert (others.tls_certificate, others.is_encrypted) == (certified.tls_folder / "server.crt", True)
    here = with_transport(Config(data_folder=certified.data_folder, host=HERE))
    assert (here.tls_certificate, here.is_encrypted) == (None, False)


def test_a_proxy_on_this_machine_leaves_made_certificates_to_itself(certified: Config) -> None:
    behind = with_transport(Config(data_folder=certified.data_folder, proxies=("127.0.0.1",)))
    assert (behind.tls_certificate, behind.is_encrypted) == (None, True)


def test_certificates_that_are_set_are_used_on_every_address(certified: Config, tmp_path: Path) -> None:
    pair = {"tls_certificate": certified.tls_folder / "server.crt", "tls_key": certified.tls_folder / "server.key"}
    assert with_transport(Config(data_folder=tmp_path / "other", **pair)).is_encrypted
    assert with_transport(Config(data_folder=tmp_path / "other", host=EVERYWHERE, **pair)).is_encrypted


@pytest.mark.parametrize(
    ("host", "proxies"), [(EVERYWHERE, ()), ("192.168.1.10", ()), ("::", ()), (EVERYWHERE, ("127.0.0.1",)), ("::", ("127.0.0.1", "::1"))]
)
def test_an_address_that_others_reach_without_tls_or_past_the_proxy_is_refused(tmp_path: Path, host: str, proxies: tuple[str, ...]) -> None:
    with pytest.raises(UnsafeAddress):
        with_transport(Config(data_folder=tmp_path, host=host, proxies=proxies))


@pytest.mark.parametrize(
    ("host", "proxies"), [(HERE, ()), ("127.0.0.2", ()), ("::1", ()), ("localhost", ()), (HERE, ("127.0.0.1",)), (EVERYWHERE, ("10.0.0.5",))]
)
def test_an_address_of_this_machine_or_for_a_named_proxy_is_taken(tmp_path: Path, host: str, proxies: tuple[str, ...]) -> None:
    assert with_transport(Config(data_folder=tmp_path, host=host, proxies=proxies)).tls_certificate is None


@pytest.mark.parametrize("damaged", ["server.crt", "server.key"])
def test_serve_refuses_a_damaged_certificate_or_key_and_names_the_file(certified: Config, damaged: str) -> None:
    (certified.tls_folder / damaged).write_text("damaged")
    refused = run(certified.data_folder, "serve", "--host", EVERYWHERE)
    assert refused.exit_code == 1
    assert damaged in refused.stderr


def test_a_certificate_that_does_not_hold_today_is_told_and_served_all_the_same(certified: Config) -> None:
    config = with_transport(Config(data_folder=certified.data_folder, host=EVERYWHERE))
    now = datetime.now(UTC)
    assert date_warning(config, now) is None
    assert "tls init" in str(date_warning(config, now + timedelta(days=397)))
    assert "tls init" in str(date_warning(config, now - timedelta(days=2)))


@pytest.mark.parametrize(("text", "proxies"), [("", ()), ("no", ()), ("yes", ("127.0.0.1", "::1")), ("10.0.0.5, fd00::5", ("10.0.0.5", "fd00::5"))])
def test_proxies_are_this_machine_or_those_that_are_listed(text: str, proxies: tuple[str, ...]) -> None:
    assert from_environment({"EXAMSRV_BEHIND_PROXY": text}).proxies == proxies


@pytest.mark.parametrize(
    "environment",
    [
        {"EXAMSRV_BEHIND_PROXY": "true"},
        {"EXAMSRV_BEHIND_PROXY": "10.0.0.5,"},
        {"EXAMSRV_HOST": "exam.example.cn"},
        {"EXAMSRV_HOST": ""},
        {"EXAMSRV_PORT": "http"},
        {"EXAMSRV_PORT": "0"},
        {"EXAMSRV_PORT": "65536"},
        {"EXAMSRV_TLS_CERTIFICATE": "server.crt"},
        {"EXAMSRV_TLS_KEY": "server.key"},
    ],
)
def test_a_wrong_setting_is_refused_in_words(environment: dict[str, str]) -> None:
    with pytest.raises(ExamError):
        from_environment(environment)
    refused = CliRunner(env={**os.environ, **environment}).invoke(main, ["serve"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr
