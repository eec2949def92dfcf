"""RULE-CERTIFICATE-CODE: 22 characters, no check digit (DOMAIN 2.11)."""

import pytest

from examsrv.rules.certificate_code import CertificateCodeError, counter_key, make_certificate_code, parse_certificate_code
from tests.question_bank.builders import STANDARD, made_up_standard

PREFIX = "S000015000012"


@pytest.mark.parametrize(
    ("prefix", "year", "level", "serial", "code"),
    [
        (PREFIX, 2023, "L3", 1, "S000015000012233000001"),
        (PREFIX, 2026, "L1", 999_999, "S000015000012261999999"),
        ("Y000123000001", 2109, "L4", 42, "Y000123000001094000042"),
    ],
)
def test_a_code_is_prefix_year_level_and_serial(prefix: str, year: int, level: str, serial: int, code: str) -> None:
    assert make_certificate_code(STANDARD, prefix, year, level, serial) == code


@pytest.mark.parametrize("serial", [0, -1, 1_000_000])
def test_a_serial_out_of_range_is_refused(serial: int) -> None:
    with pytest.raises(CertificateCodeError):
        make_certificate_code(STANDARD, PREFIX, 2026, "L3", serial)


def test_a_scheme_with_its_own_numbering_gets_no_national_code() -> None:
    with pytest.raises(CertificateCodeError, match="no national code"):
        make_certificate_code(made_up_standard("without-levels"), PREFIX, 2026, "ALL", 1)


@pytest.mark.parametrize("code", ["Y001011999966215000001", "S000015000012233000001", "Y000123123456195000001", "S000066000012233000001"])
def test_a_right_code_is_taken_apart(code: str) -> None:
    parts = parse_certificate_code(code)

    assert f"{parts.prefix}{parts.year:02}{parts.level}{parts.serial:06}" == code


@pytest.mark.parametrize(
    "code",
    [
        "",
        "S00001500001223300000",
        "S0000150000122330000011",
        "s000015000012233000001",
        "X000015000012233000001",
        "S000016000012233000001",
        "S000015000012230000001",
        "S000015000012236000001",
        "S000015000012233000000",
        "S00001500001223300000A",
        "S０00015000012233000001",
        "S000015000012233000001\n",
    ],
)
def test_a_wrong_code_is_refused(code: str) -> None:
    with pytest.raises(CertificateCodeError):
        parse_certificate_code(code)


def test_an_installation_may_know_more_kinds_of_institution() -> None:
    assert parse_certificate_code("J000015000012233000001", frozenset("YSJ")).prefix == "J000015000012"


def test_serials_are_counted_by_institution_year_and_level() -> None:
    assert counter_key("S000015000012233000001") == "S000015000012233"
