"""One question of Moodle's XML as the QTI item that asks the same (see `qti_reading`), so that one place says what the bank takes of it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from html import escape, unescape

from lxml import etree

from question_bank.formats.markup import VERBATIM
from question_bank.formats.moodle_writing import RIGHT
from question_bank.formats.own_record import Found
from question_bank.formats.qti_reading import NotTakenError
from question_bank.formats.qti_writing import MEDIA_TYPES, RESPONSE, UNIT_CLASS, new
from question_bank.formats.xml_reading import Element, child, children, read_html, text_of
from question_bank.formats.yaml_document import shorten
from question_bank.message import N_, Message

CLOZE = re.compile(r"\{[0-9]{0,6}:([A-Z_]{2,20}):((?:\\.|[^}\\]){0,4000})\}", re.DOTALL)
ALTERNATIVE = re.compile(r"~((?:\\.|[^~\\])*)", re.DOTALL)
FEEDBACK = re.compile(r"(?<!\\)#.*", re.DOTALL)
SHARE = re.compile(r"^(?:=|%(-?[0-9.]{1,12})%)?")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
TEXT_KINDS = {"SHORTANSWER": "false", "SA": "false", "MW": "false", "SHORTANSWER_C": "true", "SAC": "true", "MWC": "true"}
"""Moodle's names of gaps with texts, and whether capitals matter in them."""
NUMBER_KINDS = ("NUMERICAL", "NM")
CHOICE_KINDS = ("MULTICHOICE", "MULTICHOICE_V", "MULTICHOICE_H", "MULTICHOICE_S", "MC", "MCV", "MCH", "MCS", "MCVS", "MCHS")
WILDCARD = re.compile(r"(?<!\\)\*")
CLOZES = ("cloze", "multianswer")
LINE = re.compile("_{3,}|＿{2,}")
"""A line to write on, as it is typed in a stem."""


def item_from(question: Element, found: Callable[[str, Message], None]) -> Element:
    """Return the question as a QTI item in the names of 2.x; what is left out is told by `found`. Raises `NotTakenError`."""
    name = question.get("type", "")
    if name not in READERS:
        raise NotTakenError(Message(N_("The bank has no questions of the kind %(name)s"), {"name": shorten(name)}))
    body = _html(child(question, "questiontext"))
    body.tag = "itemBody"
    title = text_of(child(question, "name"))
    root = new("assessmentItem", body, identifier=text_of(child(question, "idnumber")) or title, title=title)
    READERS[name](question, root, body)
    for field, use, view in (("generalfeedback", "ext:rationale", "author"), ("graderinfo", "scoring", "scorer")):
        told = _html(child(question, field))
        if len(told) or told.text:
            told.tag = "rubricBlock"
            told.attrib.update({"view": view, "use": use})
            body.append(told)
    if any(text_of(feedback) for answer in children(question, "answer", "subquestion") for feedback in children(answer, "feedback")):
        found("rationale", Message(N_("Feedback on single answers is left out")))
    if _has_wildcard(question):
        found("key", Message(N_("In Moodle the sign * in an answer stands for any words; here it stands for itself")))
    return root


def _has_wildcard(question: Element) -> bool:
    """Tell whether an accepted text has a place for any words in it."""
    kind = question.get("type")
    if kind == "shortanswer":
        return any(_share(answer) > 0 and WILDCARD.search(text_of(child(answer, "text"))) for answer in children(question, "answer"))
    codes = CLOZE.findall(text_of(child(question, "questiontext"))) if kind in CLOZES else []
    accepted = [text for name, code in codes if name in TEXT_KINDS for text in ALTERNATIVE.findall(f"~{code}") if text.startswith(("=", "%"))]
    return any(WILDCARD.search(FEEDBACK.sub("", text)) and not text.startswith("%0%") for text in accepted)


def tags_of(question: Element) -> list[tuple[str, str]]:
    """Return the tags that are written name:value."""
    texts = [text_of(tag) for tags in children(question, "tags") for tag in children(tags, "tag")]
    return [(name.strip(), value.strip()) for name, mark, value in (text.replace("：", ":").partition(":") for text in texts) if mark]


def take_tags(record: Found, question: Element) -> None:
    """Take the tags that say what Moodle has no fields for."""
    for name, value in tags_of(question):
        if name in ("level", "section", "point", "importance"):
            record.record[name] = value
        elif name == "difficulty" and value.isdecimal() and len(value) == 1:
            record.record[name] = int(value)


def _choice(question: Element, root: Element, body: Element) -> None:
    answers = list(children(question, "answer"))
    is_single = text_of(child(question, "single")) != "false"
    shares = {f"a{place}": _share(answer) for place, answer in enumerate(answers, start=1)}
    best = max(shares.values(), default=Decimal(0))
    right = [name for name, share in shares.items() if share > 0 and (share == best or not is_single)]
    has_parts = len({share for share in shares.values() if share > 0}) > 1 or (
        is_single and any(0 < share < best or share < 0 for share in shares.values())
    )
    _declare(root, "single" if is_single else "multiple", "identifier", right, shares if has_parts else {})
    choices = [_named(_html(answer), "simpleChoice", name) for name, answer in zip(shares, answers, strict=True)]
    body.append(new("choiceInteraction", *choices, responseIdentifier=RESPONSE, maxChoices="1" if is_single else "0"))


def _truth(question: Element, root: Element, body: Element) -> None:
    answers = {text_of(child(answer, "text")).lower(): _share(answer) for answer in children(question, "answer")}
    _declare(root, "single", "identifier", [name for name, share in answers.items() if share == Decimal(RIGHT)])
    choices = [new("simpleChoice", identifier=name, text=name) for name in ("true", "false")]
    body.append(new("choiceInteraction", *choices, responseIdentifier=RESPONSE, maxChoices="1"))


def _short_answer(question: Element, root: Element, body: Element) -> None:
    """The field stands where the stem has a line to write on, or behind it."""
    answers = {text_of(child(answer, "text")).replace(r"\*", "*"): _share(answer) for answer in children(question, "answer")}
    exact = "true" if text_of(child(question, "usecase")) == "1" else "false"
    _declare_text(root, RESPONSE, answers, exact)
    field = new("textEntryInteraction", responseIdentifier=RESPONSE)
    for each in body.iter(etree.Element):
        for text, is_tail in ((each.text, False), (each.tail, True)):
            line = LINE.search(text or "")
            if text and line and not (is_tail and each is body):
                field.tail = text[line.end() :]
                if is_tail:
                    each.tail = text[: line.start()]
                    each.addnext(field)
                else:
                    each.text = text[: line.start()]
                    each.insert(0, field)
                return
    body.append(new("p", field))


def _numerical(question: Element, root: Element, body: Element) -> None:
    answers = sorted((answer for answer in children(question, "answer") if _share(answer) > 0), key=_share, reverse=True)
    _declare_number(root, RESPONSE, [(text_of(child(answer, "text")), text_of(child(answer, "tolerance"))) for answer in answers])
    line = new("p", new("textEntryInteraction", responseIdentifier=RESPONSE))
    units = [unit for each in children(question, "units") for unit in children(each, "unit")]
    names = [text_of(child(unit, "unit_name")) for unit in units if _decimal(text_of(child(unit, "multiplier"))) == 1]
    if names:
        line.append(new("span", text=names[0], **{"class": UNIT_CLASS}))
    body.append(line)


def _matching(question: Element, root: Element, body: Element) -> None:
    subquestions = list(children(question, "subquestion"))
    texts = list(dict.fromkeys(text_of(child(each, "answer")) for each in subquestions))
    names = {text: f"o{place}" for place, text in enumerate(texts, start=1)}
    prompts = [
        (f"p{place}", each) for place, each in enumerate(subquestions, start=1) if text_of(child(each, "text")) or child(each, "file") is not None
    ]
    belonging = [names[text_of(child(each, "answer"))] for _name, each in prompts]
    _declare(root, "multiple", "directedPair", [f"{name} {option}" for (name, _each), option in zip(prompts, belonging, strict=True)])
    most = "1" if len(set(belonging)) == len(belonging) else "0"
    left = [_named(_html(each), "simpleAssociableChoice", name, matchMax="1") for name, each in prompts]
    right = [_named(read_html(escape(text)), "simpleAssociableChoice", name, matchMax=most) for text, name in names.items()]
    sets = (new("simpleMatchSet", *left), new("simpleMatchSet", *right))
    body.append(new("matchInteraction", *sets, responseIdentifier=RESPONSE))


def _ordering(question: Element, root: Element, body: Element) -> None:
    answers = [(f"a{place}", answer) for place, answer in enumerate(children(question, "answer"), start=1)]
    _declare(root, "ordered", "identifier", [name for name, _answer in answers])
    choices = [_named(_html(answer), "simpleChoice", name) for name, answer in answers]
    body.append(new("orderInteraction", *choices, responseIdentifier=RESPONSE))


def _essay(question: Element, root: Element, body: Element) -> None:
    if text_of(child(question, "responseformat")) != "noinline":
        _declare(root, "single", "string")
        body.append(new("extendedTextInteraction", responseIdentifier=RESPONSE))
        return
    _declare(root, "single", "file")
    wanted = text_of(child(question, "filetypeslist")).replace(".", " ").replace(",", " ").split()
    types = " ".join(MEDIA_TYPES[each] for each in wanted if each in MEDIA_TYPES)
    body.append(new("uploadInteraction", responseIdentifier=RESPONSE, type=types))


def _cloze(_question: Element, root: Element, body: Element) -> None:
    """The codes in the text have become elements: put a field in the place of each."""
    for number, code in enumerate(list(body.iter("cloze")), start=1):
        name = f"{RESPONSE}_{number}"
        kind, alternatives = code.get("kind", ""), _alternatives(code.get("code", ""))
        field = new("textEntryInteraction", responseIdentifier=name)
        if kind in TEXT_KINDS:
            _declare_text(root, name, alternatives, TEXT_KINDS[kind])
        elif kind in NUMBER_KINDS:
            right = [text.partition(":") for text, _share in sorted(alternatives.items(), key=lambda each: -each[1]) if _share > 0]
            _declare_number(root, name, [(value, tolerance) for value, _mark, tolerance in right])
        elif kind in CHOICE_KINDS:
            best = [f"c{place}" for place, share in enumerate(alternatives.values(), start=1) if share == Decimal(RIGHT)]
            _declare(root, "single", "identifier", best[:1], name=name)
            choices = [new("inlineChoice", identifier=f"c{place}", text=text) for place, text in enumerate(alternatives, start=1)]
            field = new("inlineChoiceInteraction", *choices, responseIdentifier=name)
        else:
            raise NotTakenError(Message(N_("The bank has no questions of the kind %(name)s"), {"name": kind}))
        parent = code.getparent()
        if parent is not None:
            field.tail = code.tail
            parent.replace(code, field)


READERS: Mapping[str, Callable[[Element, Element, Element], None]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "shortanswer": _short_answer,
    "numerical": _numerical,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": _cloze,
    "multianswer": _cloze,
}


def _html(holder: Element | None) -> Element:
    """Return the text of an element as a tree, whatever way of writing the question says that it has; codes of gaps become elements."""
    if holder is None:
        return new("div")
    text = "".join(map(str, (child(holder, "text") if child(holder, "text") is not None else holder).itertext()))  # type: ignore[union-attr]
    form = holder.get("format", "moodle_auto_format")
    if form == "markdown":
        return new("div", new(VERBATIM, text=text.strip()))
    if form == "plain_text":
        text = escape(text.strip(), quote=False)
    if form in ("plain_text", "moodle_auto_format"):
        text = text.strip().replace("\n", "<br>")
    return read_html(CLOZE.sub(_code_element, text) if _may_have_codes(holder) else text)


def _may_have_codes(holder: Element) -> bool:
    """Tell whether codes of gaps may stand in a text: they do in the stems of cloze questions."""
    question = holder.getparent()
    return question is not None and question.get("type") in CLOZES and holder.tag == "questiontext"


def _code_element(found: re.Match[str]) -> str:
    return f'<cloze kind="{found.group(1)}" code="{escape(unescape(found.group(2)))}"></cloze>'


def _alternatives(code: str) -> dict[str, Decimal]:
    """Return the answers of a code and what they earn of a hundred."""
    found: dict[str, Decimal] = {}
    for written in ALTERNATIVE.findall(f"~{code.removeprefix('~')}"):
        share = SHARE.match(written)
        text = FEEDBACK.sub("", written[share.end() :] if share else written)
        worth = Decimal(RIGHT) if written.startswith("=") else _decimal(share.group(1) if share and share.group(1) else "0")
        found.setdefault(ESCAPED.sub(r"\1", text).strip(), worth)
    return found


def _named(element: Element, tag: str, identifier: str, **attributes: str) -> Element:
    element.tag = tag
    for name, value in {"identifier": identifier, **attributes}.items():
        element.set(name, value)
    return element


def _declare(
    root: Element, cardinality: str, base: str, right: list[str] | None = None, shares: Mapping[str, Decimal] | None = None, name: str = RESPONSE
) -> None:
    declaration = new("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
    if right:
        declaration.append(new("correctResponse", *(new("value", text=value) for value in right)))
    if shares:
        declaration.append(new("mapping", *(new("mapEntry", mapKey=key, mappedValue=str(share)) for key, share in shares.items())))
    root.append(declaration)


def _declare_text(root: Element, name: str, answers: Mapping[str, Decimal], exact: str) -> None:
    _declare(root, "single", "string", name=name)
    entries = [new("mapEntry", mapKey=text, mappedValue=str(share), caseSensitive=exact) for text, share in answers.items()]
    root[-1].append(new("mapping", *entries))


def _declare_number(root: Element, name: str, answers: list[tuple[str, str]]) -> None:
    _declare(root, "single", "float", [value for value, _tolerance in answers], name=name)
    tolerances = [tolerance for _value, tolerance in answers[:1] if _decimal(tolerance)]
    for tolerance in tolerances:
        tested = (new("variable", identifier=name), new("correct", identifier=name))
        root.append(new("responseProcessing", new("equal", *tested, toleranceMode="absolute", tolerance=tolerance)))


def _share(answer: Element) -> Decimal:
    return _decimal(answer.get("fraction", "0"))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip()[:40] or "0")
    except InvalidOperation:
        return Decimal(0)
