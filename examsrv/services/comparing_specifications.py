"""What differs between two versions of a specification, value by value, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from examsrv.domain.specification import DIFFICULTIES, KindRequirement, KindsInSections, Specification, Target
from examsrv.domain.specification_fit import percent
from question_bank.kinds import KINDS, PartialCredit
from question_bank.message import N_, Message

NONE = Message(N_("none"))
POLICIES = {
    PartialCredit.ALL_OR_NOTHING: Message(N_("earns nothing")),
    PartialCredit.EACH_RIGHT: Message(N_("earns the share of its right parts; an option chosen wrongly leaves nothing")),
    PartialCredit.RIGHT_LESS_WRONG: Message(N_("earns the share of its right options less that of the wrong ones")),
    PartialCredit.NEIGHBOURS: Message(N_("earns the share of the neighbours in the right order")),
}
"""What a response that is not wholly right earns."""
SPREADS = {
    KindsInSections.EVEN: Message(N_("spread evenly over all sections")),
    KindsInSections.FREE: Message(N_("free")),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another now."""

    what: Message
    before: Message
    after: Message


def differences(before: Specification, after: Specification) -> list[Difference]:
    """Return what differs, in the order of the page."""
    one, other = dict(values_of(before)), dict(values_of(after))
    labels = {name: label for name, (label, _words) in (*one.items(), *other.items())}
    found = [Difference(label, _said(one, name), _said(other, name)) for name, label in labels.items()]
    return [each for each in found if each.before != each.after]


def values_of(specification: Specification) -> Iterator[tuple[str, tuple[Message, Message]]]:
    """Yield each value with a name for the program, its label and its words."""
    yield "name", (Message(N_("Name of the specification")), _plain(specification.name))
    yield "minutes", (Message(N_("Minutes")), _plain(specification.minutes))
    for kind in specification.kinds:
        yield kind.kind, (KINDS[kind.kind].label, _kind(kind))
    yield "spread", (Message(N_("Kinds in the sections")), SPREADS[specification.kinds_in_sections])
    for difficulty, count in zip(DIFFICULTIES, specification.difficulty, strict=True):
        yield f"difficulty-{difficulty}", (Message(N_("Difficulty %(grade)d"), {"grade": difficulty}), _plain(count))
    yield "deviation", (Message(N_("Each count may differ by")), _plain(specification.difficulty_deviation))
    yield "points", (Message(N_("Points asked at least")), _share(specification.point_share))
    yield "lower", (Message(N_("Items of lower levels at most")), _share(specification.lower_level_share))
    yield "overlap", (Message(N_("Items that two forms share at most")), _plain(specification.overlap_max))
    yield "exposure", (Message(N_("Share of the forms with the same item at most")), _share(specification.exposure_max))
    yield "cases", (Message(N_("Cases")), _plain(specification.cases))
    yield "target", (Message(N_("Target information")), _target(specification.target))


def _said(values: Mapping[str, tuple[Message, Message]], name: str) -> Message:
    return values[name][1] if name in values else NONE


def _plain(value: object) -> Message:
    return NONE if value is None else Message("%(value)s", {"value": str(value)})


def _share(share: Decimal | None) -> Message:
    return NONE if share is None else Message("%(share)s %%", {"share": percent(share)})


def _kind(kind: KindRequirement) -> Message:
    text = N_("%(items)d items of %(marks)s marks; a response that is not wholly right %(earns)s")
    return Message(text, {"items": kind.items, "marks": format(kind.marks, "f"), "earns": POLICIES[kind.partial_credit]})


def _target(target: Target | None) -> Message:
    if target is None:
        return NONE
    values = {"abilities": _listed(target.abilities), "tolerance": format(target.tolerance, "f")}
    if target.information is not None:
        text = N_("%(information)s at the abilities %(abilities)s, within %(tolerance)s %%")
        return Message(text, {**values, "information": _listed(target.information)})
    text = N_("%(relative)s times the bank's mean at the abilities %(abilities)s, within %(tolerance)s %%")
    return Message(text, {**values, "relative": format(target.relative or Decimal(0), "f")})


def _listed(figures: tuple[Decimal, ...]) -> str:
    return ", ".join(format(figure, "f") for figure in figures)
