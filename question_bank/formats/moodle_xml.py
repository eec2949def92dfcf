"""Moodle's XML, written and read as its own export and import of questions do. Texts that items share are descriptions with a tag of their own."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree

from question_bank.formats.markup import Markdown, Picture, picture_text
from question_bank.formats.moodle_reading import item_from, tags_of, take_tags
from question_bank.formats.moodle_writing import CASE_TAG, FILES, case_element, question_digest, question_element, record_element
from question_bank.formats.own_record import (
    NAMESPACE,
    NOT_WHOLE,
    Found,
    Outcome,
    is_writable,
    item_id_of,
    outcome_of,
    own_item,
    reconciled,
    unknown_notes,
)
from question_bank.formats.picture_types import suffix_of
from question_bank.formats.pictures import pictures_of
from question_bank.formats.qti_reading import NotTakenError, read_item
from question_bank.formats.reading import Reading, Writing
from question_bank.formats.xml_reading import Element, NotReadableError, child, children, descendants, read_html, read_xml, text_of
from question_bank.formats.yaml_document import shorten
from question_bank.item import Item
from question_bank.message import N_, Fault, Message

NOTHING: Mapping[str, object] = MappingProxyType({})
RECORD = f"{{{NAMESPACE}}}record"
FAULTS_MOST = 2000
"""A person stops reading long before; a file of nothing but faults must not fill the memory."""


def read(content: bytes, name: str, defaults: Mapping[str, object] = NOTHING) -> Reading:
    """Return what an export of questions holds; `defaults` says what other makers' files do not (level, section …)."""
    try:
        root = read_xml(content)
    except NotReadableError as error:
        return Reading(faults=(Fault(name, error.message),), is_other=content.startswith(b"PK"))
    if root.tag != "quiz":
        text = Message(N_("There are no questions of Moodle in the file, but %(name)s"), {"name": f"<{shorten(root.tag)}>"})
        return Reading(faults=(Fault(name, text),), is_other=True)
    reader = _Reader(name, defaults)
    reader.read(root)
    return Reading(tuple(reader.items), tuple(reader.faults), reader.media, tuple(reader.notes))


def write(items: Sequence[Item], media: Mapping[str, bytes]) -> Writing:
    """Return `items` as Moodle imports them; a picture that is not at hand is a loss. With our records every kind is held."""
    root = etree.Element("quiz")
    losses = []
    cases: dict[str, Element] = {}
    for item in items:
        if not is_writable(item):
            losses.append(Fault(item.id, NOT_WHOLE))
            continue
        if item.case is not None and item.case.id not in cases:
            cases[item.case.id] = case_element(item.case, media)
            root.append(cases[item.case.id])
        question = question_element(item, media)
        question.append(record_element(item, question_digest(question, None if item.case is None else cases[item.case.id])))
        root.append(question)
        if missing := sum(suffix_of(media.get(digest, b"")) is None for digest in pictures_of(item)):
            losses.append(Fault(item.id, Message(N_("Pictures of the item are not at hand: %(count)d"), {"count": missing})))
    for question in root:
        question.tail = "\n"
    return Writing(etree.tostring(root, encoding="UTF-8", xml_declaration=True), tuple(losses))


@dataclass(slots=True)
class _Reader:
    """Reads one file, question after question."""

    name: str
    defaults: Mapping[str, object]
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    cases: dict[str, Element] = field(default_factory=dict)

    def read(self, root: Element) -> None:
        """Read every question."""
        for question in children(root, "question"):
            kind = question.get("type", "")
            if kind == "description":
                self._take_description(question)
            elif kind != "category":  # where questions lie in Moodle says nothing here
                self._read_question(question)
            if len(self.faults) + len(self.notes) >= FAULTS_MOST:
                self.faults.append(Fault(self.name, Message(N_("The file has more faults than are told; it is not read further"))))
                return

    def _read_question(self, question: Element) -> None:
        place = f"{self.name}: (line {question.sourceline}) "
        outcome = self._outcome(question, place)
        self.faults += outcome.faults
        self.notes += outcome.notes
        self.items += [outcome.item] if outcome.item is not None else []

    def _outcome(self, question: Element, place: str) -> Outcome:
        record = next(question.iterchildren(RECORD), None)
        own = None if record is None else own_item(text_of(record))
        case = self.cases.get(_case_of(question))
        if own is not None and record is not None and record.get("digest") == question_digest(question, case) and own.id not in self.taken:
            self._take_pictures(own, [question] if case is None else [question, case])
            self.taken.add(own.id)
            return Outcome(own)
        try:
            found = self._found(question, case)
        except (NotTakenError, NotReadableError) as error:
            text = Message(N_("%(why)s. The item is left out"), {"why": error.message})
            return Outcome(notes=(Fault(f"{place}{shorten(text_of(child(question, 'name')))}", text),))
        if own is not None and is_writable(own):
            found = reconciled(found, self._written(own), own)
        wanted = found.record["id"]
        found.record["id"] = item_id_of(wanted, self.taken)
        if found.record["id"] != wanted:
            found.note("id", Message(N_("The id %(id)s stands twice in the file; this is the second item with it"), {"id": wanted}))
        outcome = outcome_of(found, self.defaults, place, own is not None)
        if own is not None and outcome.item is not None:
            self._take_pictures(outcome.item, [question] if case is None else [question, case])
        return outcome

    def _found(self, question: Element, case: Element | None) -> Found:
        notes: list[tuple[str, Message]] = []
        picture = self._picture_of([question], notes)
        root = item_from(question, lambda field, message: notes.append((field, message)))
        found = read_item(root, picture)
        take_tags(found, question)
        if case is not None:
            _take_case(found, case, self._picture_of([case], notes))
        for field_name, message in notes:
            found.note(field_name, message)
        return found

    def _written(self, item: Item) -> Found:
        """Return what the question said when it was written, its pictures as far as they are in this file."""
        case = None if item.case is None else _once_more(case_element(item.case, self.media))
        return self._found(_once_more(question_element(item, self.media)), case)

    def _take_description(self, question: Element) -> None:
        """Keep a description for the items that name it; one that no item can name is told."""
        case = _case_of(question)
        if case:
            self.cases[case] = question
        else:
            text = Message(N_("A text without a question is left out; items that share it name it by the tag case:…"))
            self.notes.append(Fault(f"{self.name}: (line {question.sourceline}) {shorten(text_of(child(question, 'name')))}", text))

    def _picture_of(self, questions: list[Element], notes: list[tuple[str, Message]]) -> Picture:
        files = {each.get("name", ""): each for question in questions for each in descendants(question, "file")}

        def picture(source: str, words: str) -> str | None:
            file = files.get(source.removeprefix(FILES)) if source.startswith(FILES) else None
            content = b"" if file is None else _decoded(file)
            if suffix_of(content) is None:
                notes.append(("stem", Message(N_("The picture %(name)s is not in the file"), {"name": shorten(source)})))
                return None
            digest = hashlib.sha256(content).hexdigest()
            self.media[digest] = content
            return picture_text(digest, words)

        return picture

    def _take_pictures(self, item: Item, questions: list[Element]) -> None:
        """Put the pictures of an unchanged item into `media`."""
        wanted = set(pictures_of(item)) - set(self.media)
        for file in [each for question in questions if wanted for each in descendants(question, "file")]:
            content = _decoded(file)
            digest = hashlib.sha256(content).hexdigest()
            if digest in wanted:
                self.media[digest] = content


def _case_of(question: Element) -> str:
    return next((value for name, value in tags_of(question) if name == CASE_TAG), "")


def _take_case(found: Found, case: Element, picture: Picture) -> None:
    markdown = Markdown(picture)
    case_id = item_id_of(_case_of(case), set())
    text = markdown.of(read_html(text_of(child(case, "questiontext"))))
    found.case = {"case": case_id, "title": text_of(child(case, "name")) or case_id, "text": text}
    unknown_notes(found, "case", markdown.unknown)


def _once_more(question: Element) -> Element:
    """Return a question as it is after it was written and read."""
    return read_xml(etree.tostring(question, encoding="UTF-8"))


def _decoded(file: Element) -> bytes:
    try:
        return base64.b64decode(text_of(file), validate=False)
    except binascii.Error:
        return b""
