"""One item as a QTI item, in the names of 2.x (see `qti_names`). What QTI has no words for stands in our own record beside it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from question_bank.formats.markup import clean, html_of, inline
from question_bank.formats.qti_names import Version
from question_bank.formats.xml_reading import Element
from question_bank.item import Case, Item
from question_bank.kinds.blank import GAP

RESPONSE = "RESPONSE"
NCNAME_START = re.compile(r"^[A-Za-z_]")
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv",
    "txt": "text/plain",
}
TRUTH = {True: ("true", "正确"), False: ("false", "错误")}
STIMULUS_CLASS, TITLE_CLASS, UNIT_CLASS = "stimulus", "stimulus-title", "unit"
CASE_PREFIX = "case-"
TABLE_LETTERS = "ABCDEFGHIJKL"

Address = Callable[[str], str | None]
"""From a picture's digest to its address in the file; None where the file has it not."""


def new(tag: str, /, *inside: Element, text: str = "", **attributes: str) -> Element:
    """Return an element."""
    element = etree.Element(tag, attributes)
    element.text = clean(text) or None
    element.extend(inside)
    return element


def identifier_of(item_id: str) -> str:
    """Return an id as QTI takes it: it begins with a letter or a line."""
    return item_id if NCNAME_START.match(item_id) else f"_{item_id}"


def item_element(item: Item, version: Version, address: Address) -> Element:
    """Return `item`; its case stands in it unless `version` has files for such texts."""
    answer = ANSWERS[item.kind](item, address)
    root = new("assessmentItem", identifier=identifier_of(item.id), title=item.id, adaptive="false", timeDependent="false")
    root.extend(answer.declarations)
    root.append(_outcome("SCORE", 0))
    root.append(_outcome("MAXSCORE", max(1, len(answer.tests))))
    body = etree.SubElement(root, "itemBody")
    if item.case is not None and not version.has_stimuli:
        body.append(case_element(item.case, address))
    body.extend(answer.blocks)
    body.extend(_rubrics(item, address))
    if answer.template:
        root.append(new("responseProcessing", template=version.templates + answer.template + (".xml" if version.has_stimuli else "")))
    elif answer.tests:
        root.append(new("responseProcessing", *map(_point_if, answer.tests)))
    return root


def case_element(case: Case, address: Address) -> Element:
    """Return a case as a block of an item's body."""
    title = new("p", new("strong", text=case.title), **{"class": TITLE_CLASS})
    return new("div", title, *html_of(case.text, address), id=f"{CASE_PREFIX}{case.id}", **{"class": STIMULUS_CLASS})


def stimulus_element(case: Case, address: Address) -> Element:
    """Return a case as a file of its own."""
    body = new("stimulusBody", *html_of(case.text, address))
    return new("assessmentStimulus", body, identifier=identifier_of(case.id), title=clean(case.title))


class _Answer:
    """What the kinds differ in: declared responses, the blocks of the body, and how QTI is to mark them."""

    def __init__(self, blocks: Iterable[Element]) -> None:
        self.blocks = list(blocks)
        self.declarations: list[Element] = []
        self.tests: list[Element] = []
        self.template = ""

    def declare(self, identifier: str, cardinality: str, base: str, right: Sequence[str] = ()) -> Element:
        declaration = new("responseDeclaration", identifier=identifier, cardinality=cardinality, baseType=base)
        if right:
            declaration.append(new("correctResponse", *(new("value", text=value) for value in right)))
        self.declarations.append(declaration)
        return declaration


def _choice(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    is_several = isinstance(item.key, tuple)
    answer.declare(
        RESPONSE, "multiple" if is_several else "single", "identifier", list(map(str, item.key)) if isinstance(item.key, tuple) else [str(item.key)]
    )
    choices = [_option("simpleChoice", option.letter, option.text, address) for option in item.options]
    answer.blocks.append(new("choiceInteraction", *choices, responseIdentifier=RESPONSE, shuffle="true", maxChoices="0" if is_several else "1"))
    answer.template = "match_correct"
    return answer


def _truth(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    answer.declare(RESPONSE, "single", "identifier", [TRUTH[item.key is True][0]])
    choices = [new("simpleChoice", identifier=name, text=words) for name, words in TRUTH.values()]
    answer.blocks.append(new("choiceInteraction", *choices, responseIdentifier=RESPONSE, shuffle="false", maxChoices="1"))
    answer.template = "match_correct"
    return answer


def _ordering(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    answer.declare(RESPONSE, "ordered", "identifier", list(map(str, item.key)) if isinstance(item.key, tuple) else [])
    choices = [_option("simpleChoice", option.letter, option.text, address) for option in item.options]
    answer.blocks.append(new("orderInteraction", *choices, responseIdentifier=RESPONSE, shuffle="true"))
    answer.template = "match_correct"
    return answer


def _matching(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    pairs = [f"P{prompt} {letter}" for prompt, letter in _part(item.key, "pairs").items()]
    declaration = answer.declare(RESPONSE, "multiple", "directedPair", pairs)
    entries = [new("mapEntry", mapKey=pair, mappedValue="1") for pair in pairs]
    declaration.append(new("mapping", *entries, defaultValue="0", lowerBound="0"))
    prompts = list(_body_list(item, "prompts"))
    left = [_option("simpleAssociableChoice", f"P{place}", str(prompt), address, matchMax="1") for place, prompt in enumerate(prompts, start=1)]
    most = "0" if item.body.get("reuse") else "1"
    right = [_option("simpleAssociableChoice", option.letter, option.text, address, matchMax=most) for option in item.options]
    sets = (new("simpleMatchSet", *left), new("simpleMatchSet", *right))
    answer.blocks.append(new("matchInteraction", *sets, responseIdentifier=RESPONSE, shuffle="true", maxAssociations=str(len(prompts))))
    answer.template = "map_response"
    return answer


def _blank(item: Item, address: Address) -> _Answer:
    root = html_of(item.stem, address)
    gaps = _part(item.key, "gaps")
    left = put_fields(root, list(gaps), _entry)
    answer = _Answer(root)
    if left:  # a gap that Markdown shows as something else, in a picture's words for instance
        answer.blocks.append(new("p", *map(_entry, left)))
    for gap, accepted in gaps.items():
        _declare_text(answer, gap, accepted)
    return answer


def _numeric(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    field = new("textEntryInteraction", responseIdentifier=RESPONSE)
    answer.blocks.append(_with_unit(new("p", field), str(item.body.get("unit", ""))))
    _declare_number(answer, RESPONSE, item.key)
    return answer


def _table(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    heads = new("thead", new("tr", *(cell("th", str(column), address) for column in _body_list(item, "columns"))))
    key = _part(item.key, "cells")
    rows = []
    for number, row in enumerate(_body_list(item, "rows"), start=1):
        cells = row if isinstance(row, (list, tuple)) else []
        line = [_field_cell(answer, f"{letter}{number}", cell, key, address) for letter, cell in zip(TABLE_LETTERS, cells, strict=False)]
        rows.append(new("tr", *line))
    answer.blocks.append(new("table", heads, new("tbody", *rows)))
    return answer


def _text(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    answer.declare(RESPONSE, "single", "string")
    answer.blocks.append(new("extendedTextInteraction", responseIdentifier=RESPONSE, expectedLength=str(item.body.get("most", ""))))
    return answer


def _upload(item: Item, address: Address) -> _Answer:
    answer = _Answer(html_of(item.stem, address))
    answer.declare(RESPONSE, "single", "file")
    types = [MEDIA_TYPES[str(each)] for each in _body_list(item, "types")]
    answer.blocks.append(new("uploadInteraction", responseIdentifier=RESPONSE, type=" ".join(types)))
    return answer


ANSWERS: Mapping[str, Callable[[Item, Address], _Answer]] = {
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


def _rubrics(item: Item, address: Address) -> list[Element]:
    """What candidates do not see: why the key is right, and a model answer."""
    found = [new("rubricBlock", *html_of(item.rationale, address), view="author scorer", use="ext:rationale")] if item.rationale.strip() else []
    model = _part(item.key, "model") if isinstance(item.key, Mapping) else None
    return found + ([new("rubricBlock", *html_of(model, address), view="scorer", use="scoring")] if isinstance(model, str) else [])


def _option(name: str, identifier: str, text: str, address: Address, **attributes: str) -> Element:
    content = inline(html_of(text, address))
    option = new(name, *content, identifier=identifier, **attributes)
    option.text = content.text
    return option


def cell(name: str, text: str, address: Address) -> Element:
    """Return a printed cell of a table."""
    content = inline(html_of(text, address))
    cell = new(name, *content)
    cell.text = content.text
    return cell


def _field_cell(answer: _Answer, name: str, field: object, key: Mapping[str, object], address: Address) -> Element:
    if not isinstance(field, Mapping):
        return cell("td", str(field), address)
    identifier = f"{RESPONSE}_{name}"
    if field["fill"] == "choice":
        choices = [str(choice) for choice in field["choices"]]
        inside = [new("inlineChoice", identifier=f"C{place}", text=choice) for place, choice in enumerate(choices, start=1)]
        answer.declare(identifier, "single", "identifier", [f"C{choices.index(str(key[name])) + 1}"] if key[name] in choices else [])
        answer.tests.append(new("match", new("variable", identifier=identifier), new("correct", identifier=identifier)))
        return new("td", new("inlineChoiceInteraction", *inside, responseIdentifier=identifier, shuffle="false"))
    if field["fill"] == "number":
        _declare_number(answer, identifier, key[name])
    else:
        _declare_text(answer, name, key[name])
    return _with_unit(new("td", _entry(name)), str(field.get("unit", "")))


def _with_unit(holder: Element, unit: str) -> Element:
    if unit:
        holder.append(new("span", text=unit, **{"class": UNIT_CLASS}))
    return holder


def _entry(part: str) -> Element:
    return new("textEntryInteraction", responseIdentifier=f"{RESPONSE}_{part}")


def _declare_text(answer: _Answer, part: str, accepted: object) -> None:
    """A text is right if the mapping gives it anything."""
    texts = [clean(str(text)) for text in _part(accepted, "accepted")]
    is_folded = "case" in _part(accepted, "fold")
    declaration = answer.declare(f"{RESPONSE}_{part}", "single", "string", texts[:1])
    entries = [new("mapEntry", mapKey=text, mappedValue="1", caseSensitive="false" if is_folded else "true") for text in dict.fromkeys(texts)]
    declaration.append(new("mapping", *entries, defaultValue="0"))
    worth = new("mapResponse", identifier=f"{RESPONSE}_{part}")
    answer.tests.append(new("gt", worth, new("baseValue", baseType="float", text="0")))


def _declare_number(answer: _Answer, identifier: str, key: object) -> None:
    """A number is right within its tolerance; QTI writes a relative one in percent."""
    answer.declare(identifier, "single", "float", [str(_part(key, "value"))])
    tolerance = Decimal(str(_part(key, "tolerance")))
    is_relative = bool(_part(key, "relative"))
    either = format(tolerance * (100 if is_relative else 1), "f")
    mode = {"toleranceMode": "relative" if is_relative else "absolute", "tolerance": f"{either} {either}"}
    if not tolerance and not is_relative:
        mode = {"toleranceMode": "exact"}
    answer.tests.append(new("equal", new("variable", identifier=identifier), new("correct", identifier=identifier), **mode))


def put_fields(root: Element, gaps: Sequence[str], field: Callable[[str], Element]) -> list[str]:
    """Put a field for each of `gaps` where the texts below `root` name it, the first time that they do; return the gaps that they do not name."""
    left = list(gaps)
    for element in list(root.iter(etree.Element)):
        parent = element.getparent()
        if element.text and GAP.search(element.text):
            element.text, fields = _split_at_gaps(element.text, left, field)
            for place, each in enumerate(fields):
                element.insert(place, each)
        if parent is not None and element.tail and GAP.search(element.tail):
            place = parent.index(element) + 1
            element.tail, fields = _split_at_gaps(element.tail, left, field)
            for offset, each in enumerate(fields):
                parent.insert(place + offset, each)
    return left


def _split_at_gaps(text: str, left: list[str], field: Callable[[str], Element]) -> tuple[str, list[Element]]:
    pieces = GAP.split(text)
    before = pieces[0]
    fields: list[Element] = []
    for gap, behind in zip(pieces[1::2], pieces[2::2], strict=True):
        if gap in left:
            left.remove(gap)
            fields.append(field(gap))
            fields[-1].tail = behind
        elif fields:
            fields[-1].tail = f"{fields[-1].tail}[[{gap}]]{behind}"
        else:
            before += f"[[{gap}]]{behind}"
    return before, fields


def _outcome(identifier: str, value: int) -> Element:
    default = new("defaultValue", new("value", text=str(value)))
    return new("outcomeDeclaration", default, identifier=identifier, cardinality="single", baseType="float")


def _point_if(test: Element) -> Element:
    """Return a rule that adds one point where `test` holds."""
    added = new("sum", new("variable", identifier="SCORE"), new("baseValue", baseType="float", text="1"))
    return new("responseCondition", new("responseIf", test, new("setOutcomeValue", added, identifier="SCORE")))


def _part(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _body_list(item: Item, name: str) -> Sequence[object]:
    found = item.body.get(name)
    return found if isinstance(found, (list, tuple)) else ()
