"""Moodle's XML: what we write comes back as the same items, with our records or without; what Moodle exports comes in as far as the bank has it."""

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from question_bank.formats.markup import html_of
from question_bank.formats.moodle_xml import read, write
from question_bank.formats.pictures import pictures_of
from question_bank.formats.reading import Reading
from question_bank.item import Item
from question_bank.kinds import KINDS
from tests.question_bank.builders import make_item
from tests.question_bank.generated_items import PICTURES, banks, items_of

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
DEFAULTS = {"level": "L3", "section": "collection", "point": "L3.K3.2.3", "difficulty": 3, "importance": "X"}


def changed(content: bytes, change: Callable[[ET.Element], None]) -> bytes:
    """Return a file after `change` did something to each of its questions."""
    root = ET.fromstring(content)
    for question in root:
        change(question)
    return ET.tostring(root)


def without_record(question: ET.Element) -> None:
    for record in [each for each in question if each.tag.endswith("}record")]:
        question.remove(record)


def without_digest(question: ET.Element) -> None:
    for record in [each for each in question if each.tag.endswith("}record")]:
        record.set("digest", "")


def words(markdown: str) -> str:
    """Return what a text says, without blanks."""
    return re.sub(r"\s+", "", "".join(html_of(markdown, lambda digest: digest).itertext()))


def said(reading: Reading) -> list[str]:
    return [str(each) for each in (*reading.faults, *reading.notes)]


@FEW
@given(items=banks())
def test_items_come_back_the_same(items: list[Item]) -> None:
    writing = write(items, PICTURES)

    reading = read(writing.content, "quiz.xml")

    assert writing.losses == ()
    assert said(reading) == []
    assert [item.digest for item in reading.items] == [item.digest for item in items]
    assert set(reading.media) == {digest for item in items for digest in pictures_of(item)}


@FEW
@given(items=banks())
def test_items_come_back_the_same_when_the_file_was_only_written_anew(items: list[Item]) -> None:
    reading = read(changed(write(items, PICTURES).content, without_digest), "quiz.xml")

    assert said(reading) == []
    assert [item.digest for item in reading.items] == [item.digest for item in items]
    assert set(reading.media) == {digest for item in items for digest in pictures_of(item)}


@pytest.mark.parametrize("kind", KINDS)
@settings(FEW, max_examples=4)
@given(data=st.data())
def test_without_our_records_it_is_the_same_question(kind: str, data) -> None:
    item = data.draw(items_of(kind))
    assume(all(words(text) for text in (item.stem, *(option.text for option in item.options), *item.body.get("prompts", ()))))

    reading = read(changed(write([item], PICTURES).content, without_record), "quiz.xml")

    assert reading.faults == ()
    (got,) = reading.items
    assert got.kind == ("essay" if kind == "short_text" else kind)
    assert [getattr(got, name) for name in DEFAULTS] == [getattr(item, name) for name in DEFAULTS]
    assert words(re.sub(r"\[\[\d\]\]", "", got.stem)) == words(re.sub(r"\[\[\d\]\]", "", item.stem))
    assert words(got.rationale) == words(item.rationale)
    if kind in ("single_choice", "multiple_choice"):
        assert [words(option.text) for option in got.options] == [words(option.text) for option in item.options]
    if kind in ("single_choice", "multiple_choice", "true_false"):
        assert got.key == item.key
    if kind in ("ordering", "matching"):
        assert named(got) == named(item)
    if kind == "numeric":
        assert all(KINDS[kind].fraction(got.key, sample.answer) == sample.fraction for sample in item.samples if sample.fraction == 1)


def named(item: Item) -> list[str]:
    """Return the right order, or what belongs to the prompts, in words: letters differ, for Moodle has none."""
    texts = {option.letter: re.sub(r"\s+", "", "".join(html_of(option.text, lambda _digest: None).itertext())) for option in item.options}
    if item.kind == "ordering":
        return [texts[letter] for letter in item.key]
    return [texts[letter] for _prompt, letter in sorted(item.key["pairs"].items())]


def test_what_was_changed_in_moodle_counts_and_the_rest_stays() -> None:
    key = {"gaps": {"1": {"accepted": ["DSO"], "fold": ["case"]}}}
    item = make_item(kind="blank", key=key, options=[], stem="**应收账款周转天数**又称 [[1]]。", samples=(), enemies=("S-2",))
    content = write([item], {}).content.replace(b"=DSO", "=DSO~=平均收账期".encode())

    (got,) = read(content, "quiz.xml").items

    assert got.key == {"gaps": {"1": {"accepted": ["DSO", "平均收账期"], "fold": ["case"]}}}
    assert (got.stem, got.enemies) == (item.stem, item.enemies)


def test_a_tag_changed_in_moodle_counts() -> None:
    content = write([make_item(difficulty=2)], {}).content.replace(b"difficulty:2", b"difficulty:5")

    assert read(content, "quiz.xml").items[0].difficulty == 5


def test_a_text_that_looks_like_a_code_of_moodle_is_a_text() -> None:
    key = {"gaps": {"1": {"accepted": ["a"], "fold": []}}}
    item = make_item(kind="blank", key=key, options=[], stem="写 {1:SHORTANSWER:=b} 即 [[1]]", samples=())

    (got,) = read(changed(write([item], {}).content, without_record), "quiz.xml").items

    assert (got.stem, got.key["gaps"]["1"]["accepted"]) == (item.stem, ["a"])


@FEW
@given(items=banks())
def test_what_is_written_is_as_moodle_wants_it(items: list[Item]) -> None:
    root = ET.fromstring(write(items, PICTURES).content)

    for question in root:
        text = question.findtext("questiontext/text")
        files = {file.get("name") for file in question.iter("file")}
        assert question.get("type") in {
            "multichoice",
            "truefalse",
            "shortanswer",
            "numerical",
            "matching",
            "ordering",
            "essay",
            "cloze",
            "description",
        }
        assert question.findtext("name/text")
        assert set(re.findall(r'src="@@PLUGINFILE@@/([^"]+)"', "".join(question.itertext()))) <= files
        assert all(base64.b64decode(file.text) in PICTURES.values() for file in question.iter("file"))
        if question.get("type") == "cloze":
            assert len(re.findall(r"\{1:[A-Z_]+:", text)) >= 1
        if question.get("type") == "multichoice":
            assert sum(max(0, float(answer.get("fraction"))) for answer in question.iter("answer")) == pytest.approx(100, abs=0.001)


def asked(kind: str, inside: str, stem: str = "<p>问</p>", attributes: str = 'format="html"') -> bytes:
    """Return an export of Moodle with one question."""
    text = f"<questiontext {attributes}><text><![CDATA[{stem}]]></text></questiontext>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><quiz><question type="{kind}"><name><text>Q1</text></name>{text}{inside}</question></quiz>'.encode()
    )


def answers(**fractions: object) -> str:
    """Return answers by their texts."""
    return "".join(f'<answer fraction="{share}" format="html"><text>{text}</text></answer>' for text, share in fractions.items())


def pairs(**options: str) -> str:
    return "".join(f"<subquestion><text>{'' if p == '_' else p}</text><answer><text>{o}</text></answer></subquestion>" for p, o in options.items())


CELL = (
    "<table><tr><th>项</th><th>数</th></tr><tr><td>甲</td><td>{1:NUMERICAL:=64.00:0.01}元</td></tr><tr><td>{1:MC:~a~=b}</td><td>乙</td></tr></table>"
)
FOREIGN = {
    "one choice": (asked("multichoice", "<single>true</single>" + answers(甲=0, 乙=100)), {"kind": "single_choice", "key": "B", "stem": "问"}),
    "several": (
        asked("multichoice", "<single>false</single>" + answers(甲=50, 乙="-100", 丙=50, 丁=0)),
        {"kind": "multiple_choice", "key": ("A", "C")},
    ),
    "true or false": (asked("truefalse", answers(true=0, false=100)), {"kind": "true_false", "key": False}),
    "short answer": (
        asked("shortanswer", "<usecase>1</usecase>" + answers(信用=100, credit=100), "<p>____管理</p>"),
        {"kind": "blank", "stem": "[[1]]管理", "key": {"gaps": {"1": {"accepted": ["信用", "credit"], "fold": ["width", "space"]}}}},
    ),
    "short answer without a line": (asked("shortanswer", answers(信用=100)), {"kind": "blank", "stem": "问\n\n[[1]]"}),
    "number": (
        asked(
            "numerical",
            '<answer fraction="100"><text>45</text><tolerance>0.5</tolerance></answer>'
            "<units><unit><multiplier>1</multiplier><unit_name>天</unit_name></unit></units>",
        ),
        {
            "kind": "numeric",
            "stem": "问",
            "key": {"value": "45", "tolerance": "0.5", "relative": False, "unit": ""},
            "body": {"unit": "天", "decimals": None},
        },
    ),
    "matching": (
        asked("matching", pairs(甲="一", 乙="二", _="三")),
        {"kind": "matching", "key": {"pairs": {"1": "A", "2": "B"}}, "body": {"prompts": ["甲", "乙"], "reuse": False}},
    ),
    "ordering": (asked("ordering", answers(一=1, 二=2, 三=3)), {"kind": "ordering", "key": ("A", "B", "C")}),
    "essay": (
        asked("essay", "<responseformat>editor</responseformat><graderinfo format='html'><text>要点</text></graderinfo>"),
        {"kind": "essay", "key": {"model": "要点", "elements": []}},
    ),
    "upload": (
        asked("essay", "<responseformat>noinline</responseformat><filetypeslist>.pdf,.xlsx</filetypeslist>"),
        {"kind": "upload", "body": {"types": ["xlsx", "pdf"], "megabytes": 10, "files": 1}},
    ),
    "gaps": (
        asked("cloze", "", r"<p>{1:SHORTANSWER:=York#good~%50%york~*#no}与{2:SAC:=a\}b &amp; c}。</p>"),
        {
            "kind": "blank",
            "stem": "[[1]]与[[2]]。",
            "key": {
                "gaps": {"1": {"accepted": ["York"], "fold": ["width", "case", "space"]}, "2": {"accepted": ["a}b & c"], "fold": ["width", "space"]}}
            },
        },
    ),
    "table": (
        asked("cloze", "", CELL),
        {
            "kind": "table",
            "body": {
                "columns": ["项", "数"],
                "rows": [["甲", {"fill": "number", "unit": "元", "choices": []}], [{"fill": "choice", "unit": "", "choices": ["a", "b"]}, "乙"]],
            },
            "key": {"cells": {"B1": {"value": "64.00", "tolerance": "0.01", "relative": False, "unit": ""}, "A2": "b"}},
        },
    ),
    "broken HTML": (asked("truefalse", answers(true=100, false=0), "<p>a<b>b</p></div>c<br>d"), {"stem": "a**b**\n\nc\nd"}),
    "plain text": (asked("truefalse", answers(true=100, false=0), "a < b\nc", 'format="plain_text"'), {"stem": "a \\< b\nc"}),
    "Markdown": (asked("truefalse", answers(true=100, false=0), "**a**\n\n- b", 'format="markdown"'), {"stem": "**a**\n\n- b"}),
    "formula": (asked("truefalse", answers(true=100, false=0), r"若 \(x^2\) 与 $$y_1$$ 及 $5"), {"stem": r"若 $x^2$ 与 $y_1$ 及 \$5"}),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_question_of_moodle_comes_in_as_its_kind(case: str) -> None:
    content, wanted = FOREIGN[case]

    reading = read(content, "quiz.xml", DEFAULTS)

    assert reading.faults == ()
    assert {name: getattr(reading.items[0], name) for name in wanted} == wanted


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (asked("ddwtos", ""), "ddwtos"),
        (asked("calculated", ""), "calculated"),
        (asked("", ""), "of the kind"),
        (asked("cloze", "", "{1:SHORTANSWER:=a}{1:MC:~a~=b}"), "inlineChoiceInteraction"),
        (asked("cloze", "", "{1:MULTIRESPONSE:=a~=b~c}"), "MULTIRESPONSE"),
        (asked("multichoice", "<single>true</single>" + answers(甲=0, 乙=0)), "what is right"),
        (asked("cloze", "", "nothing"), "nothing to answer"),
        (asked("truefalse", answers(true=100, false=0), "<div>" * 300), "nested"),
    ],
)
def test_what_the_bank_has_not_is_said_and_left_out(content: bytes, words: str) -> None:
    reading = read(content, "quiz.xml", DEFAULTS)

    assert reading.items == reading.faults == ()
    assert any(words in note for note in said(reading))
    assert any("left out" in note for note in said(reading))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (asked("multichoice", "<single>true</single>" + answers(甲=100, 乙=50, 丙=0)), "rules of its own"),
        (asked("multichoice", "<single>true</single>" + answers(甲=100, 乙="-50")), "rules of its own"),
        (asked("multichoice", "<single>false</single>" + answers(甲=70, 乙=30, 丙=0)), "rules of its own"),
        (asked("shortanswer", answers(甲=100, 乙=50)), "What earns a part"),
        (asked("essay", "<responseformat>editor</responseformat>"), "no model answer"),
        (asked("shortanswer", answers(**{"信用*": 100})), "stands for any words"),
        (asked("cloze", "", "{1:SHORTANSWER:=York*}"), "stands for any words"),
        (asked("numerical", "".join(f'<answer fraction="100"><text>{n}</text><tolerance>0</tolerance></answer>' for n in (1, 2))), "only the first"),
        (asked("cloze", "", "{1:NUMERICAL:=1:0~%50%2:0}"), "only the first"),
        (asked("truefalse", '<answer fraction="100"><text>true</text><feedback><text>对</text></feedback></answer>'), "Feedback on single answers"),
        (asked("truefalse", answers(true=100, false=0), '<p>看<img src="@@PLUGINFILE@@/a.png" alt="图"></p>'), "a.png is not in the file"),
        (asked("truefalse", answers(true=100, false=0), "<p>看<video>v</video></p>"), "<video> cannot be taken over"),
    ],
)
def test_what_a_question_says_beyond_ours_is_said_while_it_comes_in(content: bytes, words: str) -> None:
    reading = read(content, "quiz.xml", DEFAULTS)

    assert len(reading.items) == 1
    assert any(words in note for note in said(reading))


@pytest.mark.parametrize("shares", [{"甲": 50, "乙": 50, "丙": 0, "丁": 0}, {"甲": 50, "乙": 50, "丙": -50, "丁": -100}])
def test_equal_shares_are_the_usual_way_and_need_no_word(shares: dict[str, int]) -> None:
    assert said(read(asked("multichoice", "<single>false</single>" + answers(**shares)), "quiz.xml", DEFAULTS)) == []


def test_what_moodle_does_not_say_has_to_be_said_by_who_imports() -> None:
    reading = read(FOREIGN["one choice"][0], "quiz.xml")

    assert reading.items == ()
    assert said(reading) == ["quiz.xml: (line 1) Q1: The file does not say: level, section, point, difficulty, importance"]


def test_tags_say_it() -> None:
    tags = "".join(f"<tag><text>{tag}</text></tag>" for tag in ("level:L3", "section:collection", "point:L3.K3.2.3", "difficulty：4", "importance:Y"))

    (item,) = read(asked("truefalse", answers(true=100, false=0) + f"<tags>{tags}</tags>"), "quiz.xml").items

    assert (item.level, item.difficulty, item.importance) == ("L3", 4, "Y")


def test_categories_say_nothing_and_a_description_of_nobody_is_said() -> None:
    content = asked("category", "").replace(b"</quiz>", b"") + asked("description", "").partition(b"<quiz>")[2]

    reading = read(content, "quiz.xml", DEFAULTS)

    assert len(said(reading)) == 1
    assert "A text without a question is left out" in said(reading)[0]


def test_another_root_is_another_format() -> None:
    assert read(b"<assessmentItem/>", "x.xml").is_other
    assert not read(b"<quiz/>", "x.xml").is_other


def test_a_picture_that_is_not_at_hand_is_a_loss() -> None:
    item = make_item(stem=f"看图：![账龄表](media:{'0' * 64})（　　）。")

    writing = write([item], {})

    assert [loss.place for loss in writing.losses] == [item.id]
    assert [got.digest for got in read(writing.content, "quiz.xml").items] == [item.digest]


@settings(FEW, max_examples=40)
@given(data=st.data())
def test_whatever_is_broken_in_a_file_nothing_is_raised(data) -> None:
    content = write([data.draw(items_of(data.draw(st.sampled_from(list(KINDS)))))], PICTURES).content
    start = data.draw(st.integers(0, len(content)))

    reading = read(content[:start] + data.draw(st.binary(max_size=4)) + content[start + data.draw(st.integers(0, 40)) :], "quiz.xml", DEFAULTS)

    assert isinstance(reading, Reading)


@example(asked("cloze", "", "<A"))
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: asked("cloze", "", text.replace("]]>", ""))))
def test_whatever_a_file_is_nothing_is_raised(content: bytes) -> None:
    assert isinstance(read(content, "quiz.xml", DEFAULTS), Reading)
