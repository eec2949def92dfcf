"""The certificates of `examsrv tls init`: what they say, what they are refused for, and that nothing is lost."""

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from examsrv.storage.certificates import Places, places, places_of
from examsrv.storage.tls_folder import Issued, issue, require_pair
from question_bank.message import ExamError

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SERVER = places(["exam.example.cn", "exam"], ["192.168.1.10", "fd00::10"])
FILES = {"ca.crt": 0o644, "ca.key": 0o600, "server.crt": 0o644, "server.key": 0o600}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


@pytest.fixture
def issued(folder: Path) -> Issued:
    return issue(folder, SERVER, AT)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def value(certificate: x509.Certificate, kind: type[x509.ExtensionType]) -> Any:
    return certificate.extensions.get_extension_for_class(kind).value


def test_keys_are_the_owners_only_and_nothing_else_is_left(folder: Path, issued: Issued) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == FILES


def test_the_authority_signs_nothing_but_servers_of_this_installation_for_ten_years(issued: Issued) -> None:
    authority = issued.authority
    assert (value(authority, x509.BasicConstraints).ca, value(authority, x509.BasicConstraints).path_length) == (True, 0)
    assert list(value(authority, x509.ExtendedKeyUsage)) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert value(authority, x509.NameConstraints).permitted_subtrees[0].value == "exam.example.cn"
    assert authority.not_valid_after_utc - AT > 10 * 365 * DAY


def test_the_server_certificate_says_what_browsers_ask_for(issued: Issued) -> None:
    server = issued.server
    assert places_of(server) == SERVER
    assert list(value(server, x509.ExtendedKeyUsage)) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert (value(server, x509.BasicConstraints).ca, value(server, x509.KeyUsage).digital_signature) == (False, True)
    assert value(server, x509.AuthorityKeyIdentifier).key_identifier == value(issued.authority, x509.SubjectKeyIdentifier).digest
    server.verify_directly_issued_by(issued.authority)


def test_the_server_certificate_holds_already_yesterday_and_397_days_in_all(issued: Issued) -> None:
    assert issued.server.not_valid_before_utc == AT - DAY
    assert issued.server.not_valid_after_utc - issued.server.not_valid_before_utc == 397 * DAY


def test_renewing_keeps_authority_key_and_places(folder: Path, issued: Issued) -> None:
    before = contents(folder)
    again = issue(folder, Places(), AT + 300 * DAY)
    after = contents(folder)
    assert (again.new_authority, places_of(again.server)) == (False, SERVER)
    assert again.server.not_valid_after_utc == AT + 300 * DAY - DAY + 397 * DAY
    assert {name for name in FILES if before[name] != after[name]} == {"server.crt"}
    require_pair(folder / "server.crt", folder / "server.key")


def test_no_certificate_outlives_its_authority_and_an_expired_one_signs_nothing(folder: Path, issued: Issued) -> None:
    end = issued.authority.not_valid_after_utc
    assert issue(folder, SERVER, end - DAY).server.not_valid_after_utc == end
    with pytest.raises(ExamError, match="--new-ca"):
        issue(folder, SERVER, end)


def test_a_new_authority_is_made_when_asked_for_only_and_leaves_the_old_one_beside_it(folder: Path, issued: Issued) -> None:
    before = contents(folder)
    assert issue(folder, Places(), AT, new_authority=True).new_authority
    after = contents(folder)
    assert {before["ca.crt"], before["ca.key"]} <= set(after.values())
    assert not {before[name] for name in FILES} & {after[name] for name in FILES}
    require_pair(folder / "server.crt", folder / "server.key")


@pytest.mark.parametrize("wanted", [places(["exam"], ["10.1.2.3"]), places(["board.exam.example.cn"], [])])
def test_the_authority_may_speak_for_other_private_addresses_and_names_below_its_own(folder: Path, issued: Issued, wanted: Places) -> None:
    assert places_of(issue(folder, wanted, AT).server) == wanted


@pytest.mark.parametrize("stranger", [places(["bank.example.cn"], []), places(["notexam.example.cn"], []), places([], ["8.8.8.8"])])
def test_the_authority_speaks_for_nobody_else_and_nothing_is_changed(folder: Path, issued: Issued, stranger: Places) -> None:
    before = contents(folder)
    with pytest.raises(ExamError, match=str(stranger)):
        issue(folder, stranger, AT)
    assert contents(folder) == before


def test_a_public_address_is_taken_when_the_authority_is_made_for_it(folder: Path) -> None:
    issued = issue(folder, places([], ["8.8.8.8"]), AT)
    assert places_of(issued.server) == places([], ["8.8.8.8"])
    with pytest.raises(ExamError):
        issue(folder, places(["example.org"], []), AT)


def test_the_first_time_places_are_needed(folder: Path) -> None:
    with pytest.raises(ExamError, match="--name"):
        issue(folder, Places(), AT)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("missing", "words"), [("ca.key", "ca.key is missing"), ("ca.crt", "ca.crt is missing")])
def test_half_an_authority_is_refused_until_a_new_one_is_asked_for(folder: Path, issued: Issued, missing: str, words: str) -> None:
    (folder / missing).unlink()
    with pytest.raises(ExamError, match=words):
        issue(folder, SERVER, AT)
    assert issue(folder, SERVER, AT, new_authority=True).new_authority


@pytest.mark.parametrize("damaged", ["ca.crt", "ca.key", "server.key"])
def test_a_damaged_file_is_named(folder: Path, issued: Issued, damaged: str) -> None:
    (folder / damaged).write_bytes(b"not this")
    with pytest.raises(ExamError, match=damaged):
        issue(folder, SERVER, AT)


def test_the_key_of_another_authority_is_refused(folder: Path, issued: Issued, tmp_path: Path) -> None:
    issue(tmp_path / "other", SERVER, AT)
    (tmp_path / "other" / "ca.key").replace(folder / "ca.key")
    with pytest.raises(ExamError, match="belong together"):
        issue(folder, SERVER, AT)


def test_a_server_key_that_was_lost_is_made_anew(folder: Path, issued: Issued) -> None:
    (folder / "server.key").unlink()
    issue(folder, Places(), AT)
    require_pair(folder / "server.crt", folder / "server.key")


def test_a_pair_that_does_not_fit_is_refused(folder: Path, issued: Issued, tmp_path: Path) -> None:
    issue(tmp_path / "other", SERVER, AT)
    for certificate, key in [("server.crt", "nothing.key"), ("server.key", "server.key"), ("server.crt", "../other/server.key")]:
        with pytest.raises(ExamError):
            require_pair(folder / certificate, folder / key)


@pytest.mark.parametrize("host", ["exam.example.cn", "192.168.1.10", "fd00::10"])
def test_openssl_accepts_the_server_under_each_of_its_names_strictly(folder: Path, host: str) -> None:
    issue(folder, SERVER, datetime.now(UTC))
    trusting = ssl.create_default_context(cafile=folder / "ca.crt")
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "server.crt", folder / "server.key")
    shake_hands(trusting, serving, host)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(trusting, serving, "elsewhere.example.cn")


def shake_hands(trusting: ssl.SSLContext, serving: ssl.SSLContext, host: str) -> None:
    """Let a browser and a server meet in memory."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    browser, server = trusting.wrap_bio(back, there, server_hostname=host), serving.wrap_bio(there, back, server_side=True)
    done: set[ssl.SSLObject] = set()
    while len(done) < 2:
        for each in (browser, server):
            try:
                each.do_handshake()
                done.add(each)
            except ssl.SSLWantReadError:
                pass


@pytest.mark.parametrize("name", ["EXAM.example.cn.", "exam", "a-b.c1", "9.cn", "xn--fiqs8s.cn", "a" * 63, "a." * 127])
def test_names_of_machines_are_taken(name: str) -> None:
    assert places([name, name], []).names == (name.lower().rstrip("."),)


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a..b", "a b", "*.example.cn", "考场", "a_b", "http://exam", "exam:443", "192.168.1.10", "a" * 64, "a." * 128, "1.2.3"]
)
def test_what_is_no_name_of_a_machine_is_refused(name: str) -> None:
    with pytest.raises(ExamError):
        places([name], [])


@pytest.mark.parametrize("address", ["", "exam", "192.168.1", "192.168.1.10/24", "0.0.0.0", "::", "224.0.0.1", "fe80::1%eth0"])
def test_what_is_no_address_of_a_machine_is_refused(address: str) -> None:
    with pytest.raises(ExamError):
        places([], [address])
