"""Reading a specification from its YAML file. Every fault is found and named with its place, not only the first."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from examsrv.domain.specification import DIFFICULTIES, FaultySpecificationError, KindRequirement, KindsInSections, Specification
from question_bank.kinds import KINDS, PartialCredit
from question_bank.message import N_, Fault, Message

SCHEMA = "specification/1"
WHOLE = Decimal(1)

FIELDS = (
    "schema",
    "name",
    "occupation",
    "level",
    "component",
    "minutes",
    "kinds",
    "kinds_in_sections",
    "difficulty",
    "lower_level_share",
    "overlap_max",
)
OPTIONAL = frozenset({"kinds_in_sections", "lower_level_share", "overlap_max"})
KIND_FIELDS = ("items", "marks", "partial_credit")
OPTIONAL_OF_KIND = frozenset({"partial_credit"})
DIFFICULTY_FIELDS = ("counts", "deviation")

Choice = TypeVar("Choice", bound=StrEnum)


def load_specification(path: Path) -> Specification:
    """Return the specification in the YAML file `path`; raise `FaultySpecificationError` with every fault."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FaultySpecificationError(
            [Fault(path.name, Message(N_("The file cannot be read: %(reason)s"), {"reason": str(error)}))]
        ) from error
    return read_specification(data)


def read_specification(data: object) -> Specification:
    """Return the specification that `data` (as YAML gives it) holds; raise `FaultySpecificationError` with every fault."""
    faults: list[Fault] = []
    fields = Fields("", data, FIELDS, OPTIONAL, faults)
    fields.schema()
    kinds = read_kinds(fields)
    difficulty = Fields("difficulty", fields.get("difficulty"), DIFFICULTY_FIELDS, frozenset(), faults)
    counts = read_counts(difficulty)
    found = Specification(
        name=fields.text("name"),
        occupation=fields.text("occupation"),
        level=fields.text("level"),
        component=fields.text("component"),
        minutes=fields.whole("minutes", least=1),
        kinds=kinds,
        kinds_in_sections=fields.choice("kinds_in_sections", KindsInSections, KindsInSections.EVEN),
        difficulty=counts,
        difficulty_deviation=difficulty.whole("deviation"),
        lower_level_share=fields.number("lower_level_share", default=Decimal(0)),
        overlap_max=None if fields.get("overlap_max") is None else fields.whole("overlap_max"),
    )
    faults += faults_between(found, {fault.place for fault in faults})
    if faults:
        raise FaultySpecificationError(faults)
    return found


def faults_between(found: Specification, faulty: Iterable[str]) -> list[Fault]:
    """Return where the values contradict each other; what stands on a faulty place is not judged again."""
    faults = []
    if found.lower_level_share < 0 or found.lower_level_share > WHOLE:
        faults.append(
            Fault("lower_level_share", Message(N_("A share lies between 0 and 1, not at %(given)s"), {"given": found.lower_level_share}))
        )
    if sum(found.difficulty) != found.items and not any(place.startswith(("kinds", "difficulty")) for place in faulty):
        values = {"profile": sum(found.difficulty), "items": found.items}
        faults.append(
            Fault("difficulty.counts", Message(N_("The difficulty profile counts %(profile)d items, the kinds %(items)d"), values))
        )
    return faults


def read_kinds(fields: "Fields") -> tuple[KindRequirement, ...]:
    """Return the kinds in the order of the file. Each must be a known kind with at least one item worth more than nothing."""
    given = fields.get("kinds")
    if not isinstance(given, Mapping) or not given:
        fields.complain("kinds", Message(N_("A list of kinds with their items is wanted")))
        return ()
    return tuple(read_kind(str(kind), values, fields.faults) for kind, values in given.items())


def read_kind(kind: str, values: object, faults: list[Fault]) -> KindRequirement:
    """Return what the paper has of one kind."""
    fields = Fields(f"kinds.{kind}", values, KIND_FIELDS, OPTIONAL_OF_KIND, faults)
    if kind not in KINDS:
        faults.append(Fault(f"kinds.{kind}", Message(N_("There is no kind of item called %(kind)s"), {"kind": kind})))
    marks = fields.number("marks")
    if marks <= 0 and fields.has("marks"):
        fields.complain("marks", Message(N_("An item is worth more than 0 marks")))
    policy = fields.choice("partial_credit", PartialCredit, PartialCredit.ALL_OR_NOTHING)
    return KindRequirement(kind, fields.whole("items", least=1), marks, policy)


def read_counts(difficulty: "Fields") -> tuple[int, ...]:
    """Return the items wanted of each difficulty; every difficulty must be named."""
    given = difficulty.get("counts")
    if not isinstance(given, Mapping):
        if difficulty.has("counts"):
            difficulty.complain("counts", Message(N_("The items of each difficulty, 1 to 5, are wanted")))
        return ()
    names = tuple(str(each) for each in DIFFICULTIES)
    counts = Fields("difficulty.counts", {str(name): value for name, value in given.items()}, names, frozenset(), difficulty.faults)
    return tuple(counts.whole(name) for name in names)


class Fields:
    """One mapping of the file, read field by field; what is wrong is added to `faults` and a harmless value returned in its stead."""

    def __init__(self, place: str, data: object, names: tuple[str, ...], optional: frozenset[str], faults: list[Fault]) -> None:
        self.place = place
        self.faults = faults
        self.values: Mapping[object, object] = data if isinstance(data, Mapping) else {}
        if data is not None and not isinstance(data, Mapping):
            faults.append(Fault(place or SCHEMA, Message(N_("Names with values are wanted here"))))
            return
        for name in self.values:
            if name not in names:
                self.complain(str(name), Message(N_("There is no such field")))
        for name in names:
            if name not in self.values and name not in optional:
                self.complain(name, Message(N_("This field is missing")))

    def has(self, name: str) -> bool:
        """Tell whether the file has the field."""
        return name in self.values

    def get(self, name: str) -> object:
        """Return the field as it stands, or None."""
        return self.values.get(name)

    def complain(self, name: str, message: Message) -> None:
        """Note what is wrong with the field `name`."""
        self.faults.append(Fault(f"{self.place}.{name}" if self.place else name, message))

    def schema(self) -> None:
        """Refuse a file of another make."""
        if self.has("schema") and self.get("schema") != SCHEMA:
            self.complain("schema", Message(N_("%(wanted)s is wanted, not %(given)s"), {"wanted": SCHEMA, "given": self.get("schema")}))

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        value = self.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if self.has(name):
            self.complain(name, Message(N_("A text is wanted")))
        return ""

    def whole(self, name: str, least: int = 0) -> int:
        """Return a whole number not under `least`."""
        value = self.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        if self.has(name):
            self.complain(name, Message(N_("A whole number of at least %(least)d is wanted"), {"least": least}))
        return 0

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        """Return an exact number; a number with a part is best written as a text."""
        value = self.get(name)
        if not self.has(name):
            return default if default is not None else Decimal(0)
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            try:
                number = Decimal(str(value))
            except InvalidOperation:
                number = Decimal("NaN")
            if number.is_finite():
                return number
        self.complain(name, Message(N_("A number is wanted")))
        return Decimal(0)

    def choice(self, name: str, choices: type[Choice], default: Choice) -> Choice:
        """Return one of a closed set of words."""
        value = self.get(name)
        if not self.has(name):
            return default
        if isinstance(value, str) and value in {each.value for each in choices}:
            return choices(value)
        words = ", ".join(each.value for each in choices)
        self.complain(name, Message(N_("One of these is wanted: %(words)s"), {"words": words}))
        return default
