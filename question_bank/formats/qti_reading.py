"""One QTI item, of whatever maker, as a record. It comes in the names of 2.x (see `qti_names`); what cannot be taken over is noted by field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from question_bank.formats.markup import Markdown, Picture
from question_bank.formats.own_record import Found, item_id_of, unknown_notes
from question_bank.formats.qti_writing import CASE_PREFIX, MEDIA_TYPES, STIMULUS_CLASS, TABLE_LETTERS, TITLE_CLASS, UNIT_CLASS, new
from question_bank.formats.xml_reading import Element, child, children, descendants, local_name, text_of
from question_bank.formats.yaml_document import shorten
from question_bank.message import N_, Message

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
INLINE_FIELDS = ("textEntryInteraction", "inlineChoiceInteraction")
NUMBERS = ("float", "integer")
TRUE_WORDS = frozenset({"true", "t", "对", "正确", "是", "√", "yes"})
FALSE_WORDS = frozenset({"false", "f", "错", "错误", "否", "×", "no"})
BLANK_FIELD = "（　　）"
LINE_FIELD = r"\_\_\_\_"
HIDDEN = ("rubricBlock", "feedbackBlock", "feedbackInline", "modalFeedback", "stylesheet", "prompt", "catalogInfo")
NO_MODEL = "（文件中没有参考答案）"
"""Stands for the model answer that a file does not have and the bank wants; its author is told to write one."""
LONGEST_ESSAY = 20_000
"""As `kinds.essay` allows; other makers' expectations may be anything."""


class NotTakenError(Exception):
    """A question that the bank cannot hold, and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(slots=True)
class _Question:
    """What the readers of the kinds need: the item's parts, the found record, and a way to turn elements into Markdown."""

    root: Element
    body: Element
    interactions: list[Element]
    declarations: Mapping[str, Element]
    found: Found
    picture: Picture

    def text(self, field: str, element: Element, fields: Callable[[Element], str | None] = lambda _element: None) -> str:
        """Return what stands in `element`; what is unknown in it is noted under `field`."""
        markdown = Markdown(self.picture, lambda each: "" if local_name(each) in HIDDEN else fields(each))
        text = markdown.of(element)
        unknown_notes(self.found, field, markdown.unknown)
        return text

    def declaration(self, interaction: Element) -> Element:
        """Return the declaration of an interaction's response."""
        found = self.declarations.get(interaction.get("responseIdentifier", ""))
        if found is None:
            raise NotTakenError(Message(N_("The question's response is not declared")))
        return found


def read_item(root: Element, picture: Picture) -> Found:
    """Return what the item says; raise `NotTakenError` for a kind of question that the bank has not."""
    body = child(root, "itemBody")
    if body is None:
        raise NotTakenError(Message(N_("The item has no body")))
    if child(root, "templateDeclaration") is not None:
        raise NotTakenError(Message(N_("The item draws its values by chance; the bank has no such items")))
    interactions = [each for each in descendants(body) if local_name(each).endswith("Interaction")]
    declarations = {each.get("identifier", ""): each for each in children(root, "responseDeclaration")}
    found = Found({"id": item_id_of(root.get("identifier") or root.get("title") or "", set())})
    question = _Question(root, body, interactions, declarations, found, picture)
    reader = _reader_of(question)
    _take_case(question)
    found.record |= reader(question)
    found.record.setdefault("stem", _stem(question))
    if not found.record["stem"]:
        found.record["stem"] = Markdown(picture).of(new("p", text=root.get("title", "")))
    rationale = _rubric(question, lambda each: "rationale" in each.get("use", ""))
    if rationale:
        found.record["rationale"] = rationale
    return found


def _reader_of(question: _Question) -> Callable[[_Question], dict[str, Any]]:
    names = [local_name(each) for each in question.interactions]
    if not names:
        raise NotTakenError(Message(N_("There is nothing to answer in the item")))
    for name in names:
        if name not in READERS:
            raise NotTakenError(Message(N_("The bank has no questions of the kind %(name)s"), {"name": shorten(name)}))
    if len(names) == 1 and names[0] not in INLINE_FIELDS:
        return READERS[names[0]]
    if any(name not in INLINE_FIELDS for name in names):
        raise NotTakenError(Message(N_("The item asks several questions (%(names)s); make an item of each"), {"names": ", ".join(names)}))
    if _common_table(question.interactions) is not None:
        return _read_table
    if len(names) == 1:
        return _read_number if _is_number(question, question.interactions[0]) else READERS[names[0]]
    if "inlineChoiceInteraction" in names:
        text = N_("Several lists to choose from stand in one text (%(name)s); the bank has them in tables only")
        raise NotTakenError(Message(text, {"name": "inlineChoiceInteraction"}))
    return _read_blank


def _read_choice(question: _Question) -> dict[str, Any]:
    interaction = question.interactions[0]
    declaration = question.declaration(interaction)
    choices = {each.get("identifier", ""): question.text("options", each) for each in children(interaction, "simpleChoice")}
    right = _right_values(question, interaction)
    _note_scoring(question, declaration)
    is_single = declaration.get("cardinality") == "single" or interaction.get("maxChoices") == "1"
    truth = _truths(choices) if is_single else None
    if truth is not None:
        return {"kind": "true_false"} | ({"key": truth[right[0]]} if right and right[0] in truth else {})
    letters = _letters(choices)
    keys = sorted(letters[value] for value in right if value in letters)
    record: dict[str, Any] = {"kind": "single_choice" if is_single else "multiple_choice"}
    record["options"] = {letters[identifier]: text for identifier, text in choices.items()}
    if keys:
        record["key"] = keys[0] if is_single else keys
    return record


def _read_inline_choice(question: _Question) -> dict[str, Any]:
    """One list in a text is a single choice with a bracket where the list stood."""
    interaction = question.interactions[0]
    choices = {each.get("identifier", ""): question.text("options", each) for each in children(interaction, "inlineChoice")}
    letters = _letters(choices)
    right = [letters[value] for value in _right_values(question, interaction) if value in letters]
    record = {"kind": "single_choice", "options": {letters[identifier]: text for identifier, text in choices.items()}}
    record["stem"] = _stem(question, {interaction: BLANK_FIELD})
    return record | ({"key": right[0]} if right else {})


def _read_order(question: _Question) -> dict[str, Any]:
    interaction = question.interactions[0]
    choices = {each.get("identifier", ""): question.text("options", each) for each in children(interaction, "simpleChoice")}
    letters = _letters(choices)
    right = [letters[value] for value in _right_values(question, interaction) if value in letters]
    _note_scoring(question, question.declaration(interaction))
    record = {"kind": "ordering", "options": {letters[identifier]: text for identifier, text in choices.items()}}
    return record | ({"key": right} if right else {})


def _read_match(question: _Question) -> dict[str, Any]:
    interaction = question.interactions[0]
    sets = [list(children(each, "simpleAssociableChoice")) for each in children(interaction, "simpleMatchSet")]
    if len(sets) != len(("left", "right")):
        raise NotTakenError(Message(N_("A question of matching has two lists; this one has %(count)d"), {"count": len(sets)}))
    pairs = [pair for value in _right_values(question, interaction) if len(pair := value.split()) == len(sets)]
    _note_scoring(question, question.declaration(interaction))
    if len({one for one, _other in pairs}) < len(pairs) and len({other for _one, other in pairs}) == len(pairs) == len(sets[1]):
        sets, pairs = sets[::-1], [[other, one] for one, other in pairs]  # each of the second list has one partner: they are the prompts
    return _matching(question, sets[0], sets[1], pairs)


def _read_associate(question: _Question) -> dict[str, Any]:
    """Pairs out of one list are matching if everything in it has one partner."""
    interaction = question.interactions[0]
    choices = {each.get("identifier", ""): each for each in children(interaction, "simpleAssociableChoice")}
    pairs = [pair for value in _right_values(question, interaction) if len(pair := value.split()) == len(("one", "other"))]
    paired = [name for pair in pairs for name in pair]
    if not pairs or sorted(paired) != sorted(choices):
        text = N_("Things are paired that have no partner or several (%(name)s); the bank has no such questions")
        raise NotTakenError(Message(text, {"name": "associateInteraction"}))
    _note_scoring(question, question.declaration(interaction))
    return _matching(question, [choices[one] for one, _other in pairs], [choices[other] for _one, other in pairs], pairs)


def _matching(question: _Question, left: list[Element], right: list[Element], pairs: list[list[str]]) -> dict[str, Any]:
    prompts = {each.get("identifier", ""): str(place) for place, each in enumerate(left, start=1)}
    options = {each.get("identifier", ""): question.text("options", each) for each in right}
    letters = _letters(options)
    belonging = {prompts[one]: letters[other] for one, other in pairs if one in prompts and other in letters}
    if pairs and (len(belonging) < len(pairs) or set(belonging) != set(prompts.values())):
        question.found.note("key", Message(N_("A prompt has no partner or several; the bank gives each exactly one")))
    reuse = any(each.get("matchMax", "1") != "1" for each in right)
    record: dict[str, Any] = {"kind": "matching", "options": {letters[name]: text for name, text in options.items()}}
    record["body"] = {"prompts": [question.text("body.prompts", each) for each in left], "reuse": reuse}
    return record | ({"key": {"pairs": dict(sorted(belonging.items()))}} if belonging else {})


def _read_blank(question: _Question) -> dict[str, Any]:
    gaps = {each: str(number) for number, each in enumerate(question.interactions, start=1)}
    key = {gap: accepted for each, gap in gaps.items() if (accepted := _accepted(question, each))}
    stem = _stem(question, {each: f"[[{gap}]]" for each, gap in gaps.items()})
    return {"kind": "blank", "stem": stem} | ({"key": {"gaps": key}} if key else {})


def _read_number(question: _Question) -> dict[str, Any]:
    interaction = question.interactions[0]
    unit, holder = _unit(interaction), interaction.getparent()
    is_alone = holder is not None and text_of(holder) == unit and len(holder) <= len(("field", "unit"))
    if is_alone and holder is not None and holder is not question.body:
        holder.text = None
        for each in list(holder)[1:]:
            holder.remove(each)
        interaction.tail = None
    stem = _stem(question, {interaction: "" if is_alone else LINE_FIELD})
    record = {"kind": "numeric", "stem": stem, "body": {"unit": unit if is_alone else "", "decimals": None}}
    number = _number(question, interaction)
    return record | ({"key": number} if number else {})


def _read_table(question: _Question) -> dict[str, Any]:
    table = _common_table(question.interactions)
    rows = [] if table is None else [list(children(row, "td", "th")) for row in descendants(table, "tr")]
    if any(cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1" for row in rows for cell in row):
        question.found.note("body.rows", Message(N_("%(name)s cannot be taken over; look at the text"), {"name": "colspan/rowspan"}))
    has_heads = bool(rows) and not any(_fields_in(cell) for cell in rows[0])
    columns = [question.text("body.columns", cell) for cell in rows[0]] if has_heads else [""] * max(map(len, rows), default=0)
    key: dict[str, Any] = {}
    lines = []
    for number, row in enumerate(rows[1:] if has_heads else rows, start=1):
        if len(row) > len(TABLE_LETTERS):
            raise NotTakenError(Message(N_("The table has more than %(most)d columns"), {"most": len(TABLE_LETTERS)}))
        lines.append([_table_cell(question, f"{letter}{number}", cell, key) for letter, cell in zip(TABLE_LETTERS, row, strict=False)])
    if table is not None:
        _take_out(table)
    return {"kind": "table", "stem": _stem(question), "body": {"columns": columns, "rows": lines}} | ({"key": {"cells": key}} if key else {})


def _table_cell(question: _Question, name: str, cell: Element, key: dict[str, Any]) -> object:
    fields = _fields_in(cell)
    if not fields:
        return question.text("body.rows", cell)
    if len(fields) > 1:
        raise NotTakenError(Message(N_("Several fields stand in one cell of the table (%(cell)s)"), {"cell": name}))
    field = fields[0]
    if local_name(field) == "inlineChoiceInteraction":
        choices = {each.get("identifier", ""): text_of(each) for each in children(field, "inlineChoice")}
        right = [choices[value] for value in _right_values(question, field)[:1] if value in choices]
        key |= {name: right[0]} if right else {}
        return {"fill": "choice", "unit": "", "choices": list(choices.values())}
    is_number = _is_number(question, field)
    accepted = _number(question, field) if is_number else _accepted(question, field)
    key |= {name: accepted} if accepted else {}
    unit = _unit(field) if is_number else ""
    if text_of(cell) != unit:
        question.found.note("body.rows", Message(N_("Words beside a field of the table are left out (%(cell)s)"), {"cell": name}))
    return {"fill": "number" if is_number else "text", "unit": unit, "choices": []}


def _read_text(question: _Question) -> dict[str, Any]:
    most = question.interactions[0].get("expectedLength", "")
    body: dict[str, Any] = {"least": 0}
    if most.isdecimal() and 0 < int(most[:9]) <= LONGEST_ESSAY:
        body["most"] = int(most)
        question.found.note(
            "body.most", Message(N_("The expected length is taken as the most that can be written: %(most)s characters"), {"most": most})
        )
    return {"kind": "essay", "body": body, "key": {"model": _model(question)}}


def _read_upload(question: _Question) -> dict[str, Any]:
    wanted = question.interactions[0].get("type", "").split()
    types = [name for name, media_type in MEDIA_TYPES.items() if not wanted or media_type in wanted]
    return {"kind": "upload", "body": {"types": types}, "key": {"model": _model(question)}}


READERS: Mapping[str, Callable[[_Question], dict[str, Any]]] = {
    "choiceInteraction": _read_choice,
    "inlineChoiceInteraction": _read_inline_choice,
    "orderInteraction": _read_order,
    "matchInteraction": _read_match,
    "associateInteraction": _read_associate,
    "textEntryInteraction": _read_blank,
    "extendedTextInteraction": _read_text,
    "uploadInteraction": _read_upload,
}


def _stem(question: _Question, fields: Mapping[Element, str] | None = None) -> str:
    """Return the body without the interaction and what candidates do not see; `fields` are put where they stand. A prompt comes last."""
    shown = fields or {}

    def field(element: Element) -> str | None:
        if element in shown:
            return shown[element]
        return "" if local_name(element) in READERS else None

    prompts = [text for each in descendants(question.body, "prompt") if (text := question.text("stem", each))]
    for each in descendants(question.body, "feedbackBlock", "feedbackInline"):
        unknown_notes(question.found, "stem", [local_name(each)])
    return "\n\n".join([text for text in (question.text("stem", question.body, field),) if text] + prompts)


def _take_case(question: _Question) -> None:
    """A block of our making at the head of the body is the case."""
    for block in children(question.body, "div"):
        if STIMULUS_CLASS in block.get("class", "").split():
            title = next((each for each in children(block) if each.get("class") == TITLE_CLASS), None)
            words = text_of(title)
            if title is not None:
                _take_out(title)
            name = item_id_of(block.get("id", "").removeprefix(CASE_PREFIX) or f"{question.found.record['id']}-case", set())
            question.found.case = {"case": name, "title": words or name, "text": question.text("case", block)}
            _take_out(block)
            return


def _rubric(question: _Question, is_wanted: Callable[[Element], bool]) -> str:
    blocks = [each for each in descendants(question.body, "rubricBlock") if "candidate" not in each.get("view", "").split() and is_wanted(each)]
    texts = [question.text("rationale", each) for block in blocks for each in ([*children(block, "contentBody")] or [block])]
    return "\n\n".join(filter(None, texts))


def _model(question: _Question) -> str:
    """Return the model answer: a rubric for scorers, or the response that is named as right."""
    model = _rubric(question, lambda each: "scorer" in each.get("view", "") and "rationale" not in each.get("use", ""))
    values = _correct_values(question.declaration(question.interactions[0]))
    if model or values:
        return model or "\n".join(values)
    question.found.note("key.model", Message(N_("The file gives no model answer; write one")))
    return NO_MODEL


def _accepted(question: _Question, interaction: Element) -> dict[str, Any] | None:
    """Return the texts that earn everything; those that earn a part are noted, for a text is right or wrong in the bank."""
    declaration = question.declaration(interaction)
    entries = [each for mapping in children(declaration, "mapping") for each in children(mapping, "mapEntry")]
    worth = {each.get("mapKey", ""): _worth(each) for each in entries}
    best = max(worth.values(), default=Decimal(0))
    texts = [text for text, value in worth.items() if value == best > 0 and text] or _right_values(question, interaction)
    partial = [text for text, value in worth.items() if 0 < value < best]
    if partial:
        text = N_("What earns a part of the marks in the file earns none here: %(texts)s")
        question.found.note("key", Message(text, {"texts": shorten(", ".join(partial))}))
    if not texts:
        question.found.note("key", NO_KEY)
        return None
    is_folded = bool(entries) and all(each.get("caseSensitive") == "false" for each in entries)
    return {"accepted": list(dict.fromkeys(texts)), "fold": ["width", *(["case"] if is_folded else []), "space"]}


def _number(question: _Question, interaction: Element) -> dict[str, Any] | None:
    values = _right_values(question, interaction)
    if not values:
        return None
    if len(values) > 1:
        question.found.note("key", Message(N_("Of several numbers only the first is taken: %(numbers)s"), {"numbers": shorten(", ".join(values))}))
    tolerance, is_relative = Decimal(0), False
    name = interaction.get("responseIdentifier", "")
    for test in descendants(question.root, "equal"):
        if any(each.get("identifier") == name for each in children(test, "variable")) and test.get("toleranceMode", "exact") != "exact":
            is_relative = test.get("toleranceMode") == "relative"
            tolerance = max((_decimal(each) for each in test.get("tolerance", "").split()), default=Decimal(0)) / (100 if is_relative else 1)
    return {"value": values[0], "tolerance": format(tolerance, "f"), "relative": is_relative}


def _right_values(question: _Question, interaction: Element) -> list[str]:
    """Return what the item names as right: as the correct response, else by its mapping, else in its rules of marking, if they name one thing."""
    declaration = question.declaration(interaction)
    found = _correct_values(declaration) or _mapped_values(declaration) or _processed_values(question.root, interaction)
    if not found:
        question.found.note("key", NO_KEY)
    return found


NO_KEY = Message(N_("The file does not say, or not in one way, what is right"))


def _correct_values(declaration: Element) -> list[str]:
    return [text_of(value) for correct in children(declaration, "correctResponse") for value in children(correct, "value") if text_of(value)]


def _mapped_values(declaration: Element) -> list[str]:
    entries = [entry for mapping in children(declaration, "mapping") for entry in children(mapping, "mapEntry") if _worth(entry) > 0]
    if declaration.get("cardinality") == "single":
        entries = sorted(entries, key=_worth, reverse=True)[:1]
    return [] if declaration.get("cardinality") == "ordered" else [entry.get("mapKey", "") for entry in entries]


def _processed_values(root: Element, interaction: Element) -> list[str]:
    name = interaction.get("responseIdentifier", "")
    tests = [test for test in descendants(root, "match") if any(each.get("identifier") == name for each in children(test, "variable"))]
    named = [[text_of(value) for value in descendants(test, "baseValue")] for test in tests]
    return named[0] if len(named) == 1 else []


def _note_scoring(question: _Question, declaration: Element) -> None:
    """Say that shares of marks come from the specification, where the file has its own."""
    worth = {_worth(entry) for mapping in children(declaration, "mapping") for entry in children(mapping, "mapEntry")}
    processing = child(question.root, "responseProcessing")
    if len(worth) > 1 or (processing is not None and next(children(processing, "responseCondition"), None) is not None):
        question.found.note("key", Message(N_("The file gives parts of the marks by rules of its own; here the specification says what parts earn")))


def _truths(choices: Mapping[str, str]) -> dict[str, bool] | None:
    """Return what each of two choices says, if they say true and false."""
    said = {}
    for identifier, text in choices.items():
        if text.strip().lower() in TRUE_WORDS:
            said[identifier] = True
        elif text.strip().lower() in FALSE_WORDS:
            said[identifier] = False
    return said if len(choices) == len(said) == len(set(said.values())) else None


def _letters(choices: Mapping[str, str]) -> dict[str, str]:
    if len(choices) > len(LETTERS):
        raise NotTakenError(Message(N_("There are more than %(most)d options"), {"most": len(LETTERS)}))
    return dict(zip(choices, LETTERS, strict=False))


def _is_number(question: _Question, interaction: Element) -> bool:
    return local_name(interaction) == "textEntryInteraction" and question.declaration(interaction).get("baseType") in NUMBERS


def _unit(interaction: Element) -> str:
    """Return what stands behind a field in its block."""
    follower = interaction.getnext()
    if follower is not None and follower.get("class") == UNIT_CLASS:
        return text_of(follower)
    return (interaction.tail or "").strip() if follower is None else ""


def _fields_in(element: Element) -> list[Element]:
    return list(descendants(element, *INLINE_FIELDS))


def _common_table(interactions: list[Element]) -> Element | None:
    """Return the table in which all fields stand; None if one stands outside."""
    tables = {next((above for above in each.iterancestors() if local_name(above) == "table"), None) for each in interactions}
    return tables.pop() if len(tables) == 1 else None


def _take_out(element: Element) -> None:
    """Remove an element, not what stands behind it."""
    parent = element.getparent()
    if parent is not None:
        if element.tail and element.tail.strip():
            rest = etree.Element("span")
            rest.text = element.tail
            element.addnext(rest)
        parent.remove(element)


def _worth(entry: Element) -> Decimal:
    return _decimal(entry.get("mappedValue", "0"))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(re.sub(r"[^0-9.+-]", "", text)[:40])
    except InvalidOperation:
        return Decimal(0)
