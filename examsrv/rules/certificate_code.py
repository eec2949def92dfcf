"""The 22-character certificate code: RULE-CERTIFICATE-CODE (职业技能等级证书编码规则（试行）, 人社鉴发〔2019〕2号). It has no check digit.

Positions: 1 kind of institution, 2-5 institution, 6-7 province, 8-13 serial of the institution or site (1-13 are assigned by the authority),
14-15 year of issue, 16 level, 17-22 serial of the certificate.
"""

import re
from dataclasses import dataclass

from question_bank.message import N_, ExamError, Message
from question_bank.standard import CertificateCode, Standard

INSTITUTION_KINDS = frozenset("YS")
"""Y an employer (用人单位), S a training-assessment organisation (社会培训评价组织); an installation may know more letters."""
REGION_DIGITS = (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 67), 71, 81, 82)
PROVINCES = frozenset(map(str, REGION_DIGITS))
"""GB/T 2260, and 66 as certificates use it for 兵团."""
PREFIX = re.compile(r"([A-Z])([0-9]{4})([0-9]{2})([0-9]{6})")
CODE = re.compile(r"([A-Z][0-9]{12})([0-9]{2})([1-5])([0-9]{6})")
YEAR_DIGITS = 100
SERIAL_LENGTH = 6
LARGEST_SERIAL = 10**SERIAL_LENGTH - 1


class CertificateCodeError(ExamError):
    """A text is no certificate code, or none can be made."""


@dataclass(frozen=True, slots=True)
class CertificateParts:
    """A code taken apart: the institution's 13 characters, the last two digits of the year, the level and the serial."""

    prefix: str
    year: int
    level: int
    serial: int


def make_certificate_code(standard: Standard, prefix: str, year: int, level: str, serial: int) -> str:
    """Return the code of a certificate issued in `year`; refuse schemes with a numbering of their own and serials out of range."""
    code = standard.level(level).code
    if standard.scheme.certificate_code is not CertificateCode.NATIONAL or code is None:
        raise CertificateCodeError(Message(N_("Certificates of this scheme carry no national code")))
    require_prefix(prefix)
    if not 1 <= serial <= LARGEST_SERIAL:
        raise CertificateCodeError(Message(N_("A certificate's serial number lies between 1 and %(last)d"), {"last": LARGEST_SERIAL}))
    return f"{prefix}{year % YEAR_DIGITS:02}{code}{serial:0{SERIAL_LENGTH}}"


def parse_certificate_code(text: str, kinds: frozenset[str] = INSTITUTION_KINDS) -> CertificateParts:
    """Return the parts of a code; refuse with `CertificateCodeError` what is none."""
    found = CODE.fullmatch(text)
    if found is None:
        raise CertificateCodeError(Message(N_("A certificate code is one letter and 21 digits, the 16th character a level from 1 to 5")))
    prefix, year, level, serial = found.groups()
    require_prefix(prefix, kinds)
    if not int(serial):
        raise CertificateCodeError(Message(N_("A certificate's serial number lies between 1 and %(last)d"), {"last": LARGEST_SERIAL}))
    return CertificateParts(prefix, int(year), int(level), int(serial))


def require_prefix(prefix: str, kinds: frozenset[str] = INSTITUTION_KINDS) -> None:
    """Refuse with `CertificateCodeError` an institution's prefix that is not 13 characters of the rule."""
    found = PREFIX.fullmatch(prefix)
    if found is None:
        raise CertificateCodeError(Message(N_("An institution's prefix is one letter and 12 digits")))
    if found[1] not in kinds:
        raise CertificateCodeError(Message(N_("%(letter)s is no kind of institution"), {"letter": found[1]}))
    if found[3] not in PROVINCES:
        raise CertificateCodeError(Message(N_("%(province)s is the code of no province"), {"province": found[3]}))


def counter_key(code: str) -> str:
    """Return the part under which serials are counted: institution, year and level. A serial is never used again."""
    return code[:-SERIAL_LENGTH]
