"""Identity numbers: the standard's examples, our vectors, and a sentence for each fault."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from examsrv.domain.identity import IdentityError, IdentityKind, masked, normalised, read_identity

TODAY = date(2026, 11, 22)


def with_check(first_17: str) -> str:
    return first_17 + ric.calc_check_digit(first_17 + "0")


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("11010519491231002X", date(1949, 12, 31)),
        ("440524188001010014", date(1880, 1, 1)),
        ("34052419800101001X", date(1980, 1, 1)),
        ("150102199003070015", date(1990, 3, 7)),
        ("15010220000229002X", date(2000, 2, 29)),
        ("15010219900307004X", date(1990, 3, 7)),
    ],
)
def test_the_examples_of_the_standard_and_our_vectors_are_read(number: str, born: date) -> None:
    assert read_identity(number, TODAY).born == born


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("150102199002300018", "date of birth"),
        ("150102199003070016", "check digit"),
        ("250102199003070015", "check digit"),
        ("150102199003070", "15 digits"),
        ("15010219900307001", "this one has 17"),
        ("1501021990030700155", "this one has 19"),
        (with_check("10010219900307001"), "begins with 10"),
        (with_check("66010219900307001"), "begins with 66"),
        (with_check("15010219901301001"), "date of birth"),
        ("", "missing"),
        (" 　", "missing"),
        ("1.50102E+17", "lost digits"),
        ("1.50102199003070E17", "lost digits"),
        ("A123", "5 to 20"),
        ("A" * 21, "5 to 20"),
        ("E12-456", "5 to 20"),
        ("护照12345", "5 to 20"),
        ("١٢٣٤٥٦", "5 to 20"),
        ("150102199003070015\x00", "5 to 20"),
    ],
)
def test_each_fault_has_its_sentence(number: str, words: str) -> None:
    assert words in refusal(number)


def refusal(number: str) -> str:
    with pytest.raises(IdentityError) as refused:
        read_identity(number, TODAY)
    return str(refused.value)


def test_a_day_of_birth_may_be_the_given_day_but_not_the_next() -> None:
    number = with_check("15010220261122001")
    assert read_identity(number, date(2026, 11, 22)).text == number
    with pytest.raises(IdentityError):
        read_identity(number, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("150102199003070015", IdentityKind.CITIZEN),
        (with_check("71000019900307001"), IdentityKind.CITIZEN),
        (with_check("81000019900307001"), IdentityKind.RESIDENCE_PERMIT),
        (with_check("82000019900307001"), IdentityKind.RESIDENCE_PERMIT),
        (with_check("83000019900307001"), IdentityKind.RESIDENCE_PERMIT),
        (with_check("93156519900307001"), IdentityKind.FOREIGNER),
        ("E12345678", IdentityKind.OTHER),
        ("H1234567890", IdentityKind.OTHER),
        ("12345678", IdentityKind.OTHER),
        ("A1234", IdentityKind.OTHER),
        ("A" * 20, IdentityKind.OTHER),
    ],
)
def test_the_kind_of_document_is_known_from_the_number(number: str, kind: IdentityKind) -> None:
    assert read_identity(number, TODAY).kind is kind


@pytest.mark.parametrize("spelling", ["34052419800101001x", " 340524 19800101 001X ", "３４０５２４１９８００１０１００１Ｘ"])
def test_all_spellings_of_a_number_are_stored_alike(spelling: str) -> None:
    assert read_identity(spelling, TODAY).text == "34052419800101001X" == normalised(spelling)


@pytest.mark.parametrize(
    ("number", "shown"),
    [("150102199003070015", "1501**********0015"), ("E12345678", "E1*****78"), ("A1234", "A***4"), ("12", "**"), ("", "")],
)
def test_the_middle_of_a_number_is_hidden(number: str, shown: str) -> None:
    assert masked(number) == shown


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with suppress(IdentityError):
        assert read_identity(text, TODAY).text == normalised(text)


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_mistyped_digit_is_found(place: int, shift: int) -> None:
    number = "150102199003070015"
    mistyped = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(IdentityError):
        read_identity(mistyped, TODAY)
