"""Identity numbers of candidates: citizen identity numbers (GB 11643-1999) and the numbers of other documents."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cn import ric

from question_bank.message import N_, ExamError, Message

CITIZEN_LENGTH = 18
OLD_CITIZEN_LENGTH = 15
OTHER_DOCUMENT = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)
CITIZEN_LIKE = re.compile(r"[0-9]{14,}[0-9X]", re.ASCII)
"""Digits alone from 15 places on: no other document is so long, so this was meant as a citizen's number."""
SCIENTIFIC = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+")

PROVINCE = slice(0, 2)
YEAR, MONTH, DAY = slice(6, 10), slice(10, 12), slice(12, 14)
FOREIGNER = "9"
RESIDENCE_PERMITS = frozenset({"81", "82", "83"})
# GB/T 2260, first two digits. Counties are withdrawn over time, so only the province is judged.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905 - a table to compare with the standard
)

SHOWN_AT_EACH_END = 4
SHOWN_SHARE = 4
"""A quarter of the places at each end is shown at most."""
HIDDEN = "*"


class IdentityKind(StrEnum):
    """Which document a number stands on, as far as the number tells."""

    CITIZEN = "citizen"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGNER = "foreigner"
    OTHER = "other"


IDENTITY_KIND_NAMES = {
    IdentityKind.CITIZEN: Message(N_("Citizen identity card")),
    IdentityKind.RESIDENCE_PERMIT: Message(N_("Residence permit of Hong Kong, Macao or Taiwan residents")),
    IdentityKind.FOREIGNER: Message(N_("Permanent residence card of foreigners")),
    IdentityKind.OTHER: Message(N_("Other document")),
}


class IdentityError(ExamError):
    """The text is no identity number."""


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number as it is stored and compared, with the day of birth where the number tells it."""

    text: str
    kind: IdentityKind
    born: date | None


def normalised(text: str) -> str:
    """Return a number as it is compared: half-width, upper case, without blanks. Two spellings of one number become equal."""
    return without_blanks(text).upper()


def without_blanks(text: str) -> str:
    """Return a number or code as it is kept, whichever way it was typed: half-width, without the blanks that make it easy to read."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_identity(text: str, on: date) -> IdentityNumber:
    """Read an identity number as it could stand on a document on the day `on`; anything else raises IdentityError with its fault."""
    number = normalised(text)
    if not number:
        raise IdentityError(Message(N_("The ID number is missing.")))
    if SCIENTIFIC.fullmatch(number):
        raise IdentityError(Message(N_("The ID number was turned into a number by the spreadsheet and has lost digits; enter it as text.")))
    if CITIZEN_LIKE.fullmatch(number):
        return _citizen(number, on)
    if not OTHER_DOCUMENT.fullmatch(number):
        raise IdentityError(Message(N_("An ID number has 18 digits, that of another document 5 to 20 letters and digits.")))
    return IdentityNumber(number, IdentityKind.OTHER, None)


def masked(number: str) -> str:
    """Return the number with its middle hidden: of 18 places the first and last four are shown, of shorter ones fewer."""
    shown = min(SHOWN_AT_EACH_END, len(number) // SHOWN_SHARE)
    return number[:shown] + HIDDEN * (len(number) - shown - shown) + number[len(number) - shown :]


def _citizen(number: str, on: date) -> IdentityNumber:
    if len(number) == OLD_CITIZEN_LENGTH:
        raise IdentityError(Message(N_("ID numbers of 15 digits are no longer valid; enter the 18 digits of the present card.")))
    if len(number) != CITIZEN_LENGTH:
        raise IdentityError(Message(N_("An ID number has 18 places, this one has %(places)d."), {"places": len(number)}))
    if number[-1] != ric.calc_check_digit(number):
        raise IdentityError(Message(N_("The check digit of the ID number is wrong: at least one digit is mistyped.")))
    kind = _kind(number)
    born = _birth(number)
    if born is None or born > on:
        raise IdentityError(Message(N_("The date of birth in the ID number is not possible.")))
    return IdentityNumber(number, kind, born)


def _kind(number: str) -> IdentityKind:
    if number.startswith(FOREIGNER):
        return IdentityKind.FOREIGNER
    if number[PROVINCE] not in PROVINCES:
        raise IdentityError(Message(N_("The ID number begins with %(region)s, which is no province."), {"region": number[PROVINCE]}))
    return IdentityKind.RESIDENCE_PERMIT if number[PROVINCE] in RESIDENCE_PERMITS else IdentityKind.CITIZEN


def _birth(number: str) -> date | None:
    try:
        return date(int(number[YEAR]), int(number[MONTH]), int(number[DAY]))
    except ValueError:
        return None
