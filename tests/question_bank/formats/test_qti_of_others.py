"""QTI of other makers comes in as far as the bank has its kinds; the rest is said by name, item by item."""

import pytest

from question_bank.formats import qti2, qti3
from question_bank.formats.package import packed
from question_bank.formats.reading import Reading
from question_bank.item import Case
from tests.question_bank.generated_items import PICTURES

DEFAULTS = {"level": "L3", "section": "collection", "point": "L3.K3.2.3", "difficulty": 3, "importance": "X"}
FIELD = '<textEntryInteraction responseIdentifier="R"/>'


def item_of(body: str, declarations: str = "", processing: str = "", identifier: str = "foreign") -> bytes:
    """Return a QTI 2.1 item of another maker."""
    space = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" adaptive="false" timeDependent="false"'
    inside = f"{declarations}<itemBody>{body}</itemBody>{processing}"
    return f'<assessmentItem {space} identifier="{identifier}" title="x">{inside}</assessmentItem>'.encode()


def declared(base: str, *values: str, cardinality: str = "single", mapping: str = "") -> str:
    right = "".join(f"<value>{value}</value>" for value in values)
    inside = f"<correctResponse>{right}</correctResponse>" if values else ""
    return f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="{base}">{inside}{mapping}</responseDeclaration>'


def mapped(**worth: str) -> str:
    entries = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}" caseSensitive="false"/>' for key, value in worth.items())
    return f"<mapping>{entries}</mapping>"


def asked(kind: str, inside: str, attributes: str = "", name: str = "R") -> str:
    return f'<{kind}Interaction responseIdentifier="{name}" {attributes}>{inside}</{kind}Interaction>'


def choices(*texts: str, tag: str = "simpleChoice") -> str:
    return "".join(f'<{tag} identifier="c{place}">{text}</{tag}>' for place, text in enumerate(texts))


def partners(names: str) -> str:
    return "".join(f'<simpleAssociableChoice identifier="{name}" matchMax="1">{name}</simpleAssociableChoice>' for name in names)


def within(mode: str, tolerance: str) -> str:
    test = f'<equal toleranceMode="{mode}" tolerance="{tolerance}"><variable identifier="R"/><correct identifier="R"/></equal>'
    return f"<responseProcessing><responseCondition><responseIf>{test}</responseIf></responseCondition></responseProcessing>"


ONE = 'maxChoices="1"'
SETS = f"<simpleMatchSet>{partners('ab')}</simpleMatchSet><simpleMatchSet>{partners('cd')}</simpleMatchSet>"
NUMBER_TABLE = f"<table><tr><th>项</th><th>数</th></tr><tr><td>甲</td><td>{FIELD}元</td></tr></table>"
FOREIGN = {
    "single choice": (
        item_of("<p>问</p>" + asked("choice", f"<prompt>哪个？</prompt>{choices('甲', '乙', '丙')}", ONE), declared("identifier", "c1")),
        {"kind": "single_choice", "stem": "问\n\n哪个？", "key": "B"},
    ),
    "multiple choice": (
        item_of(asked("choice", choices("甲", "乙", "丙", "丁")), declared("identifier", "c3", "c1", cardinality="multiple")),
        {"kind": "multiple_choice", "key": ("B", "D")},
    ),
    "right by mapping": (
        item_of(
            asked("choice", choices("甲", "乙", "丙", "丁")),
            declared("identifier", cardinality="multiple", mapping=mapped(c0="1", c2="1", c3="-1")),
        ),
        {"kind": "multiple_choice", "key": ("A", "C")},
    ),
    "true or false": (
        item_of("<p>对吗？</p>" + asked("choice", choices("错误", "正确"), ONE), declared("identifier", "c0")),
        {"kind": "true_false", "key": False, "options": ()},
    ),
    "order": (
        item_of(asked("order", choices("一", "二", "三")), declared("identifier", "c2", "c0", "c1", cardinality="ordered")),
        {"kind": "ordering", "stem": "x", "key": ("C", "A", "B")},
    ),
    "match": (
        item_of(asked("match", SETS), declared("directedPair", "a d", "b c", cardinality="multiple")),
        {"kind": "matching", "key": {"pairs": {"1": "B", "2": "A"}}, "body": {"prompts": ["a", "b"], "reuse": False}},
    ),
    "associate": (
        item_of(asked("associate", partners("abcd")), declared("pair", "a c", "d b", cardinality="multiple")),
        {"kind": "matching", "key": {"pairs": {"1": "A", "2": "B"}}, "body": {"prompts": ["a", "d"], "reuse": False}},
    ),
    "text entry": (
        item_of(f"<p>{FIELD}管理</p>", declared("string", "信用", mapping=mapped(信用="1"))),
        {"kind": "blank", "stem": "[[1]]管理", "key": {"gaps": {"1": {"accepted": ["信用"], "fold": ["width", "case", "space"]}}}},
    ),
    "number": (
        item_of(f"<p>DSO？</p><p>{FIELD}天</p>", declared("float", "45"), within("absolute", "0.5 0.5")),
        {"kind": "numeric", "stem": "DSO？", "key": {"value": "45", "tolerance": "0.5", "relative": False, "unit": ""}},
    ),
    "the unit of a number": (
        item_of(f"<p>DSO？</p><p>{FIELD}天</p>", declared("float", "45")),
        {"kind": "numeric", "body": {"unit": "天", "decimals": None}},
    ),
    "number in a sentence": (
        item_of(f"<p>DSO 是 {FIELD} 天。</p>", declared("integer", "45"), within("relative", "2 2")),
        {"stem": r"DSO 是 \_\_\_\_ 天。", "key": {"value": "45", "tolerance": "0.02", "relative": True, "unit": ""}},
    ),
    "inline choice": (
        item_of(f"<p>是{asked('inlineChoice', choices('甲', '乙', tag='inlineChoice'))}。</p>", declared("identifier", "c1")),
        {"kind": "single_choice", "stem": "是（　　）。", "key": "B"},
    ),
    "table": (
        item_of(f"<p>填</p>{NUMBER_TABLE}", declared("float", "64.00")),
        {
            "kind": "table",
            "stem": "填",
            "body": {"columns": ["项", "数"], "rows": [["甲", {"fill": "number", "unit": "元", "choices": []}]]},
            "key": {"cells": {"B1": {"value": "64.00", "tolerance": "0", "relative": False, "unit": ""}}},
        },
    ),
    "essay": (
        item_of(
            "<p>论述</p>" + asked("extendedText", "", 'expectedLength="800"') + '<rubricBlock view="scorer">要点</rubricBlock>', declared("string")
        ),
        {"kind": "essay", "stem": "论述", "body": {"least": 0, "most": 800}, "key": {"model": "要点", "elements": []}},
    ),
    "upload": (
        item_of("<p>交</p>" + asked("upload", "", 'type="application/pdf"'), declared("file")),
        {"kind": "upload", "body": {"types": ["pdf"], "megabytes": 10, "files": 1}},
    ),
}


def said(reading: Reading) -> list[str]:
    return [str(each) for each in (*reading.faults, *reading.notes)]


@pytest.mark.parametrize("case", FOREIGN)
def test_an_item_of_another_maker_comes_in_as_its_kind(case: str) -> None:
    content, wanted = FOREIGN[case]

    reading = qti2.read(content, "item.xml", DEFAULTS)

    assert reading.faults == ()
    assert {name: getattr(reading.items[0], name) for name in wanted} == wanted


HOTTEXT = item_of(asked("hottext", '<p><hottext identifier="a">x</hottext></p>'), declared("identifier", "a"), identifier="hot")
LISTS = "".join(asked("inlineChoice", choices("甲", tag="inlineChoice"), name=name) for name in "RS")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HOTTEXT, "hottextInteraction"),
        (item_of(asked("choice", choices("甲", "乙")) + asked("extendedText", "", name="S"), declared("identifier", "c0")), "several questions"),
        (item_of(f"<p>{LISTS}</p>"), "inlineChoiceInteraction"),
        (item_of(asked("choice", choices("甲", "乙"), ONE), declared("identifier")), "what is right"),
        (item_of(asked("associate", partners("abc")), declared("pair", "a b", cardinality="multiple")), "no partner"),
        (item_of("<p>只读</p>"), "nothing to answer"),
        (item_of(f"<p>{FIELD}</p>"), "not declared"),
        (item_of("", "<templateDeclaration identifier='T'/>"), "by chance"),
    ],
)
def test_what_the_bank_has_not_is_said_by_name_and_left_out(content: bytes, words: str) -> None:
    reading = qti2.read(content, "item.xml", DEFAULTS)

    assert reading.items == reading.faults == ()
    assert any(words in note for note in said(reading))
    assert any("left out" in note for note in said(reading))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (item_of(asked("extendedText", ""), declared("string")), "foreign.key.model: The file gives no model answer"),
        (item_of(asked("extendedText", "", 'expectedLength="200"'), declared("string")), "the most that can be written: 200"),
        (item_of(f"<p>{FIELD}</p>", declared("string", mapping=mapped(York="1", york="0.5"))), "foreign.key: What earns a part of the marks"),
        (item_of(asked("order", choices("一", "二", "三")), declared("identifier", "c0", "c1", "c2"), within("exact", "")), "rules of its own"),
    ],
)
def test_what_an_item_says_beyond_ours_is_said_while_it_comes_in(content: bytes, words: str) -> None:
    reading = qti2.read(content, "item.xml", DEFAULTS)

    assert len(reading.items) == 1
    assert any(words in note for note in said(reading))


def package_of(*items: bytes, extra: dict[str, bytes] | None = None, metadata: str = "") -> bytes:
    """Return a package of other makers' items, in a folder as some make them."""
    resources = "".join(f'<resource type="imsqti_item_xmlv2p1" href="q/{n}.xml">{metadata}</resource>' for n in range(len(items)))
    manifest = f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{resources}</resources></manifest>'.encode()
    return packed({"top/imsmanifest.xml": manifest} | {f"top/q/{n}.xml": item for n, item in enumerate(items)} | (extra or {}))


GOOD = FOREIGN["single choice"][0]
STEM = "<p>问</p>".encode()


def test_of_a_package_everything_comes_in_but_what_the_bank_has_not() -> None:
    reading = qti3.read(package_of(GOOD, HOTTEXT, GOOD.replace(b'"foreign"', b'"other"')), "p.zip", DEFAULTS)

    assert [item.id for item in reading.items] == ["foreign", "other"]
    assert said(reading) == ["p.zip: top/q/1.xml: hot: The bank has no questions of the kind hottextInteraction. The item is left out"]


def test_a_file_that_is_refused_is_a_fault_of_that_file() -> None:
    reading = qti2.read(package_of(GOOD, b"<!DOCTYPE a><a/>"), "p.zip", DEFAULTS)

    assert [item.id for item in reading.items] == ["foreign"]
    assert [fault.place for fault in reading.faults] == ["p.zip: top/q/1.xml"]


def test_an_id_that_stands_twice_is_told_apart() -> None:
    reading = qti2.read(package_of(GOOD, GOOD), "p.zip", DEFAULTS)

    assert [item.id for item in reading.items] == ["foreign", "foreign-2"]
    assert any("stands twice" in note for note in said(reading))


def test_what_other_makers_do_not_say_has_to_be_said_by_who_imports() -> None:
    reading = qti2.read(GOOD, "item.xml", {"level": "L3", "section": "collection"})

    assert reading.items == ()
    assert said(reading) == ["item.xml: foreign: The file does not say: point, difficulty, importance"]


def test_the_difficulty_of_the_metadata_is_taken() -> None:
    difficulty = "<educational><difficulty><value>difficult</value></difficulty></educational>"

    reading = qti2.read(
        package_of(GOOD, metadata=f'<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM">{difficulty}</lom></metadata>'), "p.zip", DEFAULTS
    )

    assert [item.difficulty for item in reading.items] == [4]


def test_pictures_come_in_and_those_that_are_not_there_are_said() -> None:
    digest, content = next(iter(PICTURES.items()))
    body = GOOD.replace(STEM, '<p>看<img src="../m/a.png" alt="图"/><img src="../m/b.png" alt="无"/></p>'.encode())

    reading = qti2.read(package_of(body, extra={"top/m/a.png": content}), "p.zip", DEFAULTS)

    assert reading.items[0].stem.startswith(f"看![图](media:{digest})无")
    assert dict(reading.media) == {digest: content}
    assert said(reading) == ["p.zip: top/q/0.xml: foreign.stem: The picture ../m/b.png is not in the package"]


@pytest.mark.parametrize(
    ("address", "words"),
    [("http://127.0.0.1:9/a.png", "not in the package"), ("../../../etc/passwd", "not in the package"), ("0.xml", "no picture")],
)
def test_no_picture_is_fetched_from_elsewhere(address: str, words: str) -> None:
    reading = qti2.read(package_of(GOOD.replace(STEM, f'<p>看<img src="{address}" alt="图"/></p>'.encode())), "p.zip", DEFAULTS)

    assert reading.media == {}
    assert words in said(reading)[0]


def test_elements_that_no_text_of_the_bank_has_are_said_by_name() -> None:
    body = GOOD.replace(STEM, b'<p>a<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math><blink>b</blink></p>')

    reading = qti2.read(body, "item.xml", DEFAULTS)

    assert reading.items[0].stem.startswith("ab")
    assert said(reading) == [f"item.xml: foreign.stem: <{name}> cannot be taken over; look at the text" for name in ("math", "blink")]


THREE = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="three" title="x" time-dependent="false">
<qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
<qti-correct-response><qti-value>b</qti-value></qti-correct-response></qti-response-declaration>
<qti-assessment-stimulus-ref identifier="t" href="../s/t.xml"/>
<qti-item-body><qti-choice-interaction response-identifier="R" max-choices="1"><qti-prompt>哪个？</qti-prompt>
<qti-simple-choice identifier="a">甲</qti-simple-choice><qti-simple-choice identifier="b">乙</qti-simple-choice>
</qti-choice-interaction></qti-item-body></qti-assessment-item>""".encode()
STIMULUS = """<qti-assessment-stimulus xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="t" title="案例">
<qti-stimulus-body><p>甲公司</p></qti-stimulus-body></qti-assessment-stimulus>""".encode()


def test_a_text_that_items_of_another_maker_share_is_their_case() -> None:
    (read,) = qti3.read(package_of(THREE, extra={"top/s/t.xml": STIMULUS}), "p.zip", DEFAULTS).items

    assert (read.case, read.key, read.stem) == (Case("t", "案例", "甲公司"), "B", "哪个？")


def test_a_shared_text_that_is_not_there_is_said() -> None:
    reading = qti3.read(package_of(THREE), "p.zip", DEFAULTS)

    assert reading.items[0].case is None
    assert said(reading) == ["p.zip: top/q/0.xml: three.case: The file ../s/t.xml is not in the package"]
