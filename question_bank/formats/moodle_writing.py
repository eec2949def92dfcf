"""One item as a question of Moodle's XML. Tags say what Moodle has no field for, our own record beside them the rest (see `own_record`)."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from html import escape
from typing import Any

from lxml import etree

from question_bank.formats.markup import clean, html_of
from question_bank.formats.own_record import NAMESPACE, own_text
from question_bank.formats.picture_types import suffix_of
from question_bank.formats.pictures import PICTURE, pictures_of
from question_bank.formats.qti_writing import TABLE_LETTERS, UNIT_CLASS, cell, new, put_fields
from question_bank.formats.xml_reading import Element
from question_bank.item import Case, Item

FILES = "@@PLUGINFILE@@/"
"""How a text of Moodle names a file that it brings along."""
TAGGED = ("level", "section", "point", "difficulty", "importance")
CASE_TAG = "case"
RIGHT, WRONG, LOST = "100", "0", "-100"
SHARES = {2: "50", 3: "33.33333", 4: "25"}
"""Moodle takes these shares of a hundred only, so written."""
CLOZE_MARKS = str.maketrans({mark: f"\\{mark}" for mark in '\\}#~/"'})
GAP_ELEMENT = '<gap n="{}"></gap>'
KILOBYTES = 1024 * 1024

Media = Mapping[str, bytes]


def question_element(item: Item, media: Media) -> Element:
    """Return `item` as a question, without our record."""
    kind, question_text, details = WRITERS[item.kind](item, media)
    question = new("question", type=kind)
    question.append(new("name", new("text", text=item.id)))
    question.append(question_text)
    question.append(_holder("generalfeedback", item.rationale, media))
    question.extend(new(name, text=text) for name, text in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0"), ("idnumber", item.id)))
    question.extend(details)
    question_text.extend(_files(set(pictures_of(item)) - {each.get("name", "").partition(".")[0] for each in question.iter("file")}, media))
    tags = [f"{name}:{getattr(item, name)}" for name in TAGGED] + [f"enemy:{enemy}" for enemy in item.enemies]
    tags += [f"{CASE_TAG}:{item.case.id}"] if item.case is not None else []
    question.append(new("tags", *(new("tag", new("text", text=tag)) for tag in tags)))
    return question


def case_element(case: Case, media: Media) -> Element:
    """Return a case as a description."""
    question = new("question", new("name", new("text", text=case.title)), _holder("questiontext", case.text, media), type="description")
    question.append(new("idnumber", text=case.id))
    question.append(new("tags", new("tag", new("text", text=f"{CASE_TAG}:{case.id}"))))
    return question


def record_element(item: Item, digest: str) -> Element:
    """Return our own record of `item`; Moodle passes over elements that it does not know."""
    record = etree.Element(f"{{{NAMESPACE}}}record", digest=digest, nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # lxml's own way
    record.text = own_text(item)
    return record


def question_digest(question: Element, case: Element | None) -> str:
    """Return a digest of what a question, and the description that it belongs to, say apart from our record."""
    whole = hashlib.sha256()
    for element in (question, case):
        for each in [] if element is None else element.iterchildren(etree.Element):
            if etree.QName(each).namespace != NAMESPACE:
                whole.update(etree.tostring(each, method="c14n", with_tail=False))
    return whole.hexdigest()


Written = tuple[str, Element, list[Element]]
"""Moodle's type of question, its text, and what else the type asks for."""


def _choice(item: Item, media: Media) -> Written:
    keys = item.key if isinstance(item.key, tuple) else (item.key,)
    right, wrong = (RIGHT, WRONG) if not isinstance(item.key, tuple) else (SHARES.get(len(keys), RIGHT), LOST)
    answers = [_answer(right if option.letter in keys else wrong, option.text, media) for option in item.options]
    single = new("single", text="false" if isinstance(item.key, tuple) else "true")
    numbering = new("answernumbering", text="ABCD")
    return "multichoice", _stem(item, media), [single, new("shuffleanswers", text="true"), numbering, *answers]


def _truth(item: Item, media: Media) -> Written:
    answers = [
        new("answer", new("text", text=word), fraction=RIGHT if item.key is said else WRONG) for word, said in (("true", True), ("false", False))
    ]
    return "truefalse", _stem(item, media), answers


def _ordering(item: Item, media: Media) -> Written:
    texts = {option.letter: option.text for option in item.options}
    order = [str(letter) for letter in item.key] if isinstance(item.key, tuple) else []
    settings = [
        new("layouttype", text="VERTICAL"),
        new("selecttype", text="ALL"),
        new("selectcount", text="0"),
        new("gradingtype", text="ALL_OR_NOTHING"),
    ]
    return "ordering", _stem(item, media), settings + [_answer(RIGHT, texts[letter], media) for letter in order if letter in texts]


def _matching(item: Item, media: Media) -> Written:
    texts = {option.letter: option.text for option in item.options}
    pairs = _part(item.key, "pairs")
    prompts = [(str(prompt), pairs[str(place)]) for place, prompt in enumerate(item.body["prompts"], start=1)]  # type: ignore[arg-type, var-annotated]
    unused = [("", option.letter) for option in item.options if option.letter not in pairs.values()]
    subquestions = []
    for prompt, letter in prompts + unused:
        subquestion = _holder("subquestion", prompt, media)
        subquestion.append(new("answer", new("text", text=_plain(texts[letter]))))
        subquestions.append(subquestion)
    return "matching", _stem(item, media), [new("shuffleanswers", text="true"), *subquestions]


def _numeric(item: Item, media: Media) -> Written:
    answer = new("answer", new("text", text=str(_part(item.key, "value"))), new("tolerance", text=_tolerance(item.key)), fraction=RIGHT)
    unit = str(item.body.get("unit", ""))
    units = [new("units", new("unit", new("multiplier", text="1"), new("unit_name", text=unit)))] if unit else []
    settings = [new("unitgradingtype", text="0"), new("unitpenalty", text="0"), new("showunits", text="3"), new("unitsleft", text="0")]
    return "numerical", _stem(item, media), [answer, *units, *settings]


def _blank(item: Item, media: Media) -> Written:
    gaps = _part(item.key, "gaps")
    root = html_of(item.stem, _address(media))
    left = put_fields(root, list(gaps), _gap)
    if left:  # a gap that Markdown shows as something else, in a picture's words for instance
        root.append(new("p", *map(_gap, left)))
    codes = {gap: _text_code(accepted) for gap, accepted in gaps.items()}
    return "cloze", _text_holder("questiontext", root, item.stem, media, codes), []


def _table(item: Item, media: Media) -> Written:
    key = _part(item.key, "cells")
    root = html_of(item.stem, _address(media))
    codes: dict[str, str] = {}
    texts = [item.stem]
    body = dict(item.body)
    rows = [new("tr", *(cell("th", str(column), _address(media)) for column in body["columns"]))]  # type: ignore[attr-defined]
    for number, row in enumerate(body["rows"], start=1):  # type: ignore[arg-type, var-annotated]
        line = new("tr")
        for letter, each in zip(TABLE_LETTERS, row, strict=False):
            name = f"{letter}{number}"
            if isinstance(each, Mapping):
                codes[name] = _cell_code(each, key[name])
                line.append(new("td", _gap(name)))
                if each.get("unit"):
                    line[-1].append(new("span", text=str(each["unit"]), **{"class": UNIT_CLASS}))
            else:
                texts.append(str(each))
                line.append(cell("td", str(each), _address(media)))
        rows.append(line)
    root.append(new("table", *rows))
    return "cloze", _text_holder("questiontext", root, "\n".join([*texts, *map(str, body["columns"])]), media, codes), []  # type: ignore[call-overload]


def _text(item: Item, media: Media) -> Written:
    settings = [
        new("responseformat", text="plain"),
        new("responserequired", text="1"),
        new("responsefieldlines", text="15"),
        new("attachments", text="0"),
    ]
    return "essay", _stem(item, media), [*settings, _holder("graderinfo", str(_part(item.key, "model")), media)]


def _upload(item: Item, media: Media) -> Written:
    files, megabytes = item.body["files"], item.body["megabytes"]
    types = ",".join(f".{each}" for each in item.body["types"])  # type: ignore[attr-defined]
    settings = {"responseformat": "noinline", "responserequired": "0", "attachments": str(files), "attachmentsrequired": "1", "filetypeslist": types}
    settings["maxbytes"] = str(int(str(megabytes)) * KILOBYTES)
    elements = [new(name, text=text) for name, text in settings.items()]
    return "essay", _stem(item, media), [*elements, _holder("graderinfo", str(_part(item.key, "model")), media)]


WRITERS: Mapping[str, Callable[[Item, Media], Written]] = {
    "single_choice": _choice,
    "multiple_choice": _choice,
    "true_false": _truth,
    "blank": _blank,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "table": _table,
    "short_text": _text,
    "essay": _text,
    "upload": _upload,
}


def _stem(item: Item, media: Media) -> Element:
    return _holder("questiontext", item.stem, media)


def _answer(fraction: str, text: str, media: Media) -> Element:
    answer = _holder("answer", text, media)
    answer.set("fraction", fraction)
    return answer


def _holder(name: str, text: str, media: Media) -> Element:
    return _text_holder(name, html_of(text, _address(media)), text, media, {})


def _text_holder(name: str, root: Element, source: str, media: Media, codes: Mapping[str, str]) -> Element:
    """Return an element with HTML, with the pictures that its `source` names, and with `codes` where gaps stand in it."""
    html = escape(root.text or "", quote=False) + "".join(etree.tostring(each, method="html", encoding="unicode") for each in root)
    if codes:
        html = html.replace("{", "&#123;")  # only our codes begin with one
        for gap, code in codes.items():
            html = html.replace(GAP_ELEMENT.format(gap), escape(code, quote=False))
    holder = new(name, new("text", text=html), format="html")
    holder.extend(_files(PICTURE.findall(source), media))
    return holder


def _files(digests: Iterable[str], media: Media) -> Iterator[Element]:
    """Return those of the pictures that are at hand as files of a text, each once."""
    for digest in sorted(set(digests)):
        if (address := _address(media)(digest)) is not None:
            encoded = base64.b64encode(media[digest]).decode()
            yield new("file", name=address.removeprefix(FILES), path="/", encoding="base64", text=encoded)


def _plain(text: str) -> str:
    """Return the words of a text, where Moodle takes no more."""
    return " ".join("".join(map(str, html_of(text, lambda _digest: None).itertext())).split())


def _address(media: Media) -> Callable[[str], str | None]:
    def address(digest: str) -> str | None:
        suffix = suffix_of(media[digest]) if digest in media else None
        return None if suffix is None else f"{FILES}{digest}.{suffix}"

    return address


def _gap(name: str) -> Element:
    return new("gap", n=name)


def _text_code(accepted: object) -> str:
    kind = "SHORTANSWER" if "case" in _part(accepted, "fold") else "SHORTANSWER_C"
    texts = [_in_cloze(str(text)).replace("*", r"\*") for text in _part(accepted, "accepted")]
    return f"{{1:{kind}:{'~'.join(f'={text}' for text in texts)}}}"


def _cell_code(field: Mapping[str, Any], right: object) -> str:
    if field["fill"] == "text":
        return _text_code(right)
    if field["fill"] == "number":
        return f"{{1:NUMERICAL:={_part(right, 'value')}:{_tolerance(right)}}}"
    return f"{{1:MULTICHOICE:{'~'.join(('=' if choice == right else '') + _in_cloze(str(choice)) for choice in field['choices'])}}}"


def _in_cloze(text: str) -> str:
    return clean(text).translate(CLOZE_MARKS)


def _tolerance(key: object) -> str:
    """Return a number's tolerance in its own unit, the only one that Moodle knows."""
    tolerance = Decimal(str(_part(key, "tolerance")))
    return format(tolerance * abs(Decimal(str(_part(key, "value")))) if _part(key, "relative") else tolerance, "f")


def _part(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
