"""Any text gives values or faults, never a traceback."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from question_bank.formats.yaml_document import DEPTH_LIMIT, read_document


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (b"\xff\xfe", "UTF-8"),
        ("a: \ud800", "UTF-8"),
        ("[[", "not YAML"),
        ("a: !!python/object:os.system 1", "Tags"),
        ("!%ED%A0%80 a", "not YAML"),
        ("a: &x 1", "Anchors"),
        ("{a: *x}", "References"),
        ("[" * 100_000, "Nested"),
        ("\x00", "U+0000"),
        ('"\\0"', "U+0000"),
        ('"\\uD800"', "not YAML"),
        ('"\\UFFFFFFFF"', "not YAML"),
        ("%YAML 1." + "9" * 6000 + "\n---\na", "not YAML"),
        ("--- 1\n--- 2", "one document"),
        ("? [1]\n: 2", "plain text"),
    ],
)
def test_what_is_no_plain_document_is_refused_in_words(text: str | bytes, words: str) -> None:
    document = read_document(text)

    assert document.value is None
    assert words in str(document.faults[0])


def test_a_key_that_stands_twice_is_found_with_its_line() -> None:
    assert [str(fault) for fault in read_document("a:\n- b: 1\n  b: 2\n").faults] == ["a[0] (line 3): The key b stands twice"]


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read_document("[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT).faults == []
    assert read_document("[" * (DEPTH_LIMIT + 1) + "]" * (DEPTH_LIMIT + 1)).faults != []


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 9000, "2021-13-45", "1e99999", "1:30"])
def test_what_is_no_ordinary_number_stays_a_text(number: str) -> None:
    assert read_document(number).value == number


def test_a_place_is_named_by_its_path_and_line() -> None:
    document = read_document("levels:\n- code: 4\n- code: 3\n")

    assert document.name_of(("levels", 1, "code")) == "levels[1].code (line 3)"
    assert document.name_of(("levels", 1, "missing", "too")) == "levels[1].missing.too (line 3)"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(st.characters(exclude_categories=["C", "Zl", "Zp"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1), inner),
    max_leaves=20,
)


@given(VALUES)
def test_plain_values_are_read_as_they_were_written(value: object) -> None:
    assert read_document(yaml.safe_dump(value, allow_unicode=True)).value == value


@given(st.text(alphabet="-:?[]{}&*!|>%@`#,'\"\\ \n\tab01uUxX.~<="))
def test_no_text_makes_a_traceback(text: str) -> None:
    assert isinstance(read_document(text).faults, list)
