"""What we write as QTI comes back as the same items, can be read without our records, and hangs together as a package."""

import io
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from question_bank.formats import qti2, qti3
from question_bank.formats.markup import html_of
from question_bank.formats.package import packed
from question_bank.formats.pictures import pictures_of
from question_bank.formats.reading import Reading
from question_bank.item import Item, Sample
from question_bank.kinds import KINDS
from tests.question_bank.builders import make_item
from tests.question_bank.generated_items import PICTURES, banks, items_of

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
FORMATS = {"3.0": qti3, "2.2": qti2}
DEFAULTS = {"level": "L3", "section": "collection", "point": "L3.K3.2.3", "difficulty": 3, "importance": "X"}
VERSIONS = pytest.mark.parametrize("version", FORMATS)


def files_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def altered(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return a package with each file as `change` makes it from its name and content."""
    return packed({name: change(name, old) for name, old in files_of(content).items()})


def without_records(content: bytes) -> bytes:
    return altered(content, lambda name, old: b"<none/>" if name == "records.xml" else old)


def words(markdown: str) -> str:
    """Return what a text says, without blanks."""
    return re.sub(r"\s+", "", "".join(html_of(markdown, lambda digest: digest).itertext()))


def said(reading: Reading) -> list[str]:
    return [str(each) for each in (*reading.faults, *reading.notes)]


@VERSIONS
@FEW
@given(items=banks())
def test_items_come_back_the_same(version: str, items: list[Item]) -> None:
    writing = FORMATS[version].write(items, PICTURES)

    reading = FORMATS[version].read(writing.content, "bank.zip")

    assert writing.losses == ()
    assert said(reading) == []
    assert [item.digest for item in reading.items] == [item.digest for item in items]
    assert set(reading.media) == {digest for item in items for digest in pictures_of(item)}


@VERSIONS
@FEW
@given(items=banks())
def test_items_come_back_the_same_when_their_files_were_only_written_anew(version: str, items: list[Item]) -> None:
    content = altered(
        FORMATS[version].write(items, PICTURES).content, lambda name, old: ET.tostring(ET.fromstring(old)) if name[-4:] == ".xml" else old
    )

    reading = FORMATS[version].read(content, "bank.zip")

    assert said(reading) == []
    assert [item.digest for item in reading.items] == [item.digest for item in items]
    assert set(reading.media) == {digest for item in items for digest in pictures_of(item)}


@VERSIONS
@pytest.mark.parametrize("kind", KINDS)
@settings(FEW, max_examples=3)
@given(data=st.data())
def test_without_our_records_it_is_the_same_question(version: str, kind: str, data) -> None:
    item = data.draw(items_of(kind))
    assume(all(words(text) for text in (item.stem, *(option.text for option in item.options), *item.body.get("prompts", ()))))
    content = without_records(FORMATS[version].write([item], PICTURES).content)

    reading = FORMATS[version].read(content, "bank.zip", DEFAULTS)

    assert reading.faults == ()
    (read,) = reading.items
    assert read.kind == ("essay" if kind == "short_text" else kind)
    assert words(re.sub(r"\[\[\d\]\]", "", read.stem)) == words(re.sub(r"\[\[\d\]\]", "", item.stem))
    assert [words(option.text) for option in read.options] == [words(option.text) for option in item.options]
    assert words(read.rationale) == words(item.rationale)
    if kind in ("single_choice", "multiple_choice", "true_false", "matching", "ordering"):
        assert read.key == item.key
    key = KINDS[kind].marking_key(read, {letter: letter for letter in "ABCDEFGHIJ"})
    right = [sample for sample in item.samples if sample.fraction == 1 and kind != "short_text"]
    if kind not in ("blank", "table"):  # their texts lose blanks at their ends, as QTI's own do
        assert all(KINDS[kind].fraction(key, sample.answer, KINDS[kind].sample_policy) == 1 for sample in right)


@VERSIONS
def test_what_was_changed_elsewhere_counts_and_the_rest_stays(version: str) -> None:
    item = make_item(stem="**首先**应当（　　）。", enemies=("S-2",), samples=(Sample("B", Fraction(1)), Sample("A", Fraction(0))))
    writing = FORMATS[version].write([item], {})
    content = altered(writing.content, lambda name, old: old.replace("电话催收".encode(), "短信催收".encode()) if name.startswith("items/") else old)

    reading = FORMATS[version].read(content, "bank.zip")

    assert said(reading) == []
    assert reading.items[0].options[0].text == "短信催收"
    assert [getattr(reading.items[0], name) for name in ("stem", "enemies", "samples", "key")] == [item.stem, item.enemies, item.samples, "B"]


@VERSIONS
def test_a_text_gap_changed_elsewhere_keeps_how_it_is_folded(version: str) -> None:
    key = {"gaps": {"1": {"accepted": ["DSO"], "fold": ["case"]}, "2": {"accepted": ["45"], "fold": ["width"]}}}
    item = make_item(kind="blank", key=key, options=[], stem="[[1]] 是 [[2]] 天。", samples=())
    content = altered(FORMATS[version].write([item], {}).content, lambda name, old: old.replace(b"DSO", b"DPO") if name.startswith("items/") else old)

    (read,) = FORMATS[version].read(content, "bank.zip").items

    assert read.key == {"gaps": {"1": {"accepted": ["DPO"], "fold": ["case"]}, "2": {"accepted": ["45"], "fold": ["width"]}}}


@VERSIONS
@FEW
@given(items=banks())
def test_a_package_is_whole_in_itself(version: str, items: list[Item]) -> None:
    files = files_of(FORMATS[version].write(items, PICTURES).content)
    trees = {name: ET.fromstring(content) for name, content in files.items() if name.endswith(".xml")}
    manifest = trees["imsmanifest.xml"]
    resources = [each for each in manifest.iter() if each.tag.endswith("}resource")]
    named = {each.get("href") for each in manifest.iter() if each.tag.endswith("}file")}
    identifiers = [each.get("identifier") for each in resources]

    assert named == set(files) - {"imsmanifest.xml"}
    assert len(set(identifiers)) == len(identifiers)
    assert {each.get("identifierref") for each in manifest.iter() if each.tag.endswith("}dependency")} <= set(identifiers)
    for name, tree in trees.items():
        _assert_references(name, tree, files)


def _assert_references(name: str, tree: ET.Element, files: dict[str, bytes]) -> None:
    """Pictures and shared texts are there; every interaction has its declaration and each right answer is one that can be given."""
    for address in [each.get("src") or each.get("href") for each in tree.iter() if each.tag.endswith(("}img", "stimulus-ref"))]:
        assert address.startswith("../")
        assert address[3:] in files
    if not name.startswith("items/"):
        return
    declared = [each.get("identifier") for each in tree.iter() if re.search("response-?declaration", each.tag, re.IGNORECASE)]
    asked = [value for each in tree.iter() if (value := each.get("responseIdentifier") or each.get("response-identifier"))]
    assert sorted(declared) == sorted(asked)
    given_ids = {each.get("identifier") for each in tree.iter() if re.search("choice$", each.tag, re.IGNORECASE)}
    for declaration in tree:
        if (declaration.get("baseType") or declaration.get("base-type")) in ("identifier", "directedPair"):
            values = [value.text.split() for value in declaration.iter() if value.tag.endswith(("}value", "-value"))]
            assert {each for value in values for each in value} <= given_ids


@VERSIONS
def test_a_picture_that_is_not_at_hand_is_a_loss(version: str) -> None:
    item = make_item(stem=f"看图：![账龄表](media:{'0' * 64})（　　）。")

    writing = FORMATS[version].write([item], {})

    assert [loss.place for loss in writing.losses] == [item.id]
    assert [read.digest for read in FORMATS[version].read(writing.content, "bank.zip").items] == [item.digest]


@VERSIONS
def test_an_item_whose_key_does_not_fit_is_a_loss(version: str) -> None:
    item = make_item(kind="blank", key={"gaps": {"2": {"accepted": ["x"], "fold": []}}}, options=[], stem="[[1]]")

    writing = FORMATS[version].write([item, make_item("S-2")], {})

    assert [loss.place for loss in writing.losses] == [item.id]
    assert [read.id for read in FORMATS[version].read(writing.content, "bank.zip").items] == ["S-2"]


@VERSIONS
@settings(FEW, max_examples=30)
@given(data=st.data())
def test_whatever_is_broken_in_a_package_nothing_is_raised(version: str, data) -> None:
    items = [data.draw(items_of(data.draw(st.sampled_from(list(KINDS)))))]
    content = FORMATS[version].write(items, PICTURES).content
    name = data.draw(st.sampled_from(sorted(files_of(content))))

    def spoil(each: str, old: bytes) -> bytes:
        if each != name:
            return old
        start = data.draw(st.integers(0, len(old)))
        return old[:start] + data.draw(st.binary(max_size=4)) + old[start + data.draw(st.integers(0, 40)) :]

    reading = FORMATS[version].read(altered(content, spoil), "bank.zip", DEFAULTS)

    assert isinstance(reading, Reading)
    assert all(PurePosixPath(fault.place).name for fault in reading.faults)


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest))
def test_what_is_no_package_is_a_fault(content: bytes) -> None:
    reading = qti3.read(content, "bank.zip")

    assert reading.items == ()
    assert reading.faults
