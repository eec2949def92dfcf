"""YAML text into plain values (dict, list, str, int, Decimal, bool, None), safely: every text gives values or faults, never a traceback.

Only what data needs is accepted: no tags, no anchors, no second document, keys are texts and stand once, nesting and numbers have limits.
The text is read as a stream of events without recursion, so that no depth can exhaust the stack.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import yaml
from yaml.resolver import Resolver

from question_bank.message import N_, Fault, Message

Place: TypeAlias = tuple[str | int, ...]

DEPTH_LIMIT = 40
"""Far deeper than any file of ours (about ten), far less than a reader of the values could not bear."""
FAULT_LIMIT = 200
"""A person stops reading long before; a file of nothing but faults must not fill the memory."""

INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of characters: escapes could smuggle them past YAML's own check."""
TRUTH = {"true": True, "false": False, "yes": True, "no": False, "on": True, "off": False}


@dataclass(slots=True)
class Document:
    """What a text holds: its value (None when it could not be read), the line of each place, and the faults of the writing."""

    value: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def name_of(self, place: Place) -> str:
        """Return the place as a person finds it: `levels[1].code (line 57)`; of a missing key, the line of what should hold it."""
        known = next((place[:end] for end in range(len(place), -1, -1) if place[:end] in self.lines), ())
        path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")
        return f"{path or '/'} (line {self.lines.get(known, 1)})"

    def complain(self, place: Place, message: Message) -> None:
        """Add a fault at `place`."""
        self.faults.append(Fault(self.name_of(place), message))


def read_document(text: str | bytes) -> Document:
    """Return the values of `text`. A document with faults may still have a value: what could be read."""
    document = Document()
    try:
        clean = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
        clean.encode()
    except UnicodeError:
        document.faults.append(Fault("/", Message(N_("This is not UTF-8 text"))))
        return document
    builder = _Builder(document)
    try:
        for event in yaml.parse(clean, Loader=yaml.CSafeLoader):
            builder.take(event)
            if builder.is_broken:
                break
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        document.faults.append(Fault(f"(line {line})", Message(N_("This is not YAML: %(problem)s"), {"problem": error.problem})))
        builder.is_broken = True
    except yaml.reader.ReaderError as error:
        document.faults.append(Fault("/", Message(N_("The character U+%(code)04X may not stand here"), {"code": int(error.character)})))
        builder.is_broken = True
    except UnicodeDecodeError:  # libyaml lets it out for tags with escaped halves of characters
        document.faults.append(Fault("/", Message(N_("This is not YAML: %(problem)s"), {"problem": "value out of range"})))
        builder.is_broken = True
    if builder.is_broken:
        document.value = None
    elif not builder.has_value:
        document.faults.append(Fault("/", Message(N_("The file is empty"))))
    return document


class _Builder:
    """Builds values from the events of one document, with an explicit stack of open collections."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.open: list[dict[str, object] | list[object]] = []
        self.steps: list[str | int] = []
        self.key: list[str | None] = []
        self.has_value = False
        self.is_broken = False
        self.resolver = Resolver()

    def take(self, event: yaml.Event) -> None:
        """Go one event on."""
        if isinstance(event, yaml.DocumentStartEvent) and self.has_value:
            self._break_off(event, Message(N_("Only one document may stand in a file")))
        elif isinstance(event, yaml.AliasEvent):
            self._break_off(event, Message(N_("References (*name) are not used here")))
        elif isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.open.pop()
            self.key.pop()
            if self.steps:
                self.steps.pop()

    def _take_node(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._break_off(event, Message(N_("Anchors (&name) are not used here")))
        elif event.tag is not None:  # type: ignore[attr-defined]  # every node event that is no alias has one
            self._break_off(event, Message(N_("Tags (!name) are not used here")))
        elif self.open and isinstance(self.open[-1], dict) and self.key[-1] is None:
            self._take_key(event)
        else:
            self._take_value(event)

    def _take_key(self, event: yaml.NodeEvent) -> None:
        if not isinstance(event, yaml.ScalarEvent) or UNWANTED.search(event.value):
            self._break_off(event, Message(N_("A key must be a plain text")))
            return
        holder = self.open[-1]
        if isinstance(holder, dict) and event.value in holder:
            self._complain(event, Message(N_("The key %(key)s stands twice"), {"key": shorten(event.value)}))
        self.key[-1] = event.value

    def _take_value(self, event: yaml.NodeEvent) -> None:
        value: object
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
            if unwanted := UNWANTED.search(event.value):
                self._break_off(event, Message(N_("The character U+%(code)04X may not stand here"), {"code": ord(unwanted.group())}))
        else:
            value = {} if isinstance(event, yaml.MappingStartEvent) else []
        step = self._put(value)
        place = (*self.steps, step) if step is not None else ()
        self.document.lines.setdefault(place, _line_of(event))
        if isinstance(value, (dict, list)):
            if step is not None:
                self.steps.append(step)
            self.open.append(value)
            self.key.append(None)
            if len(self.open) > DEPTH_LIMIT:
                self._break_off(event, Message(N_("Nested more than %(limit)d deep"), {"limit": DEPTH_LIMIT}))

    def _put(self, value: object) -> str | int | None:
        """Put `value` where the text stands now and return the last step of its place; None for the whole document."""
        self.has_value = True
        if not self.open:
            self.document.value = value
            return None
        holder = self.open[-1]
        if isinstance(holder, list):
            holder.append(value)
            return len(holder) - 1
        key = self.key[-1] or ""
        self.key[-1] = None
        holder.setdefault(key, value)
        return key

    def _scalar(self, event: yaml.ScalarEvent) -> object:
        tag = str(self.resolver.resolve(yaml.ScalarNode, event.value, event.implicit))  # type: ignore[no-untyped-call]  # PyYAML's own
        if tag.endswith(":null"):
            return None
        if tag.endswith(":bool"):
            return TRUTH[event.value.lower()]
        if tag.endswith(":int") and INTEGER.fullmatch(event.value):
            return int(event.value)
        if tag.endswith(":float") and DECIMAL.fullmatch(event.value):
            return Decimal(event.value)
        return event.value

    def _complain(self, event: yaml.Event, message: Message) -> None:
        path = self.document.name_of(tuple(self.steps)).rpartition(" (")[0]
        self.document.faults.append(Fault(f"{path} (line {_line_of(event)})", message))
        self.is_broken = self.is_broken or len(self.document.faults) >= FAULT_LIMIT

    def _break_off(self, event: yaml.Event, message: Message) -> None:
        self._complain(event, message)
        self.is_broken = True


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


SHOWN_LENGTH = 60


def shorten(value: object) -> str:
    """Return `value` as a short text for a fault."""
    text = str(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"
