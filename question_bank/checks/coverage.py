"""Objections to what the bank covers: tags that the standard does not know, points without items, kinds out of proportion."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from question_bank.item import Item
from question_bank.kinds.kind import Kind
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.single_choice import SINGLE_CHOICE
from question_bank.kinds.true_false import TRUE_FALSE
from question_bank.message import N_, Fault, Message
from question_bank.pack import Pack
from question_bank.standard import ComponentKey, Point

KIND_SHARES: Mapping[Kind, Fraction] = {SINGLE_CHOICE: Fraction(60, 100), MULTIPLE_CHOICE: Fraction(20, 100), TRUE_FALSE: Fraction(20, 100)}
"""Of the items of a section, as of the papers drawn from them."""
THEORY_KINDS = frozenset(kind.name for kind in KIND_SHARES)
SHARE_TOLERANCE = Fraction(5, 100)


def check_tags(pack: Pack) -> list[Fault]:
    """Level, point and section are known to the standard and belong together; the section carries theory marks at the level."""
    points = {point.id: point for level in pack.standard.levels for point in pack.standard.points(level.id)}
    return [fault for item in pack.items for fault in _faults_of_tags(pack, item, points.get(item.point))]


def _faults_of_tags(pack: Pack, item: Item, point: Point | None) -> list[Fault]:
    if item.level not in {level.id for level in pack.standard.levels}:
        return [Fault(f"{item.id}.level", Message(N_("The standard has no level %(level)s"), {"level": item.level}))]
    faults = []
    if item.section not in {section.key for section, _ in pack.standard.sections(ComponentKey.THEORY, item.level)}:
        text = N_("The section %(section)s carries no theory marks at this level")
        faults.append(Fault(f"{item.id}.section", Message(text, {"section": item.section})))
    if point is None:
        faults.append(Fault(f"{item.id}.point", Message(N_("The standard has no point %(point)s"), {"point": item.point})))
        return faults
    if point.weight_key != item.section:
        values = {"point": point.id, "section": point.weight_key}
        faults.append(Fault(f"{item.id}.section", Message(N_("The point %(point)s belongs to the section %(section)s"), values)))
    if point.level not in (None, item.level):
        values = {"point": point.id, "level": point.level}
        faults.append(Fault(f"{item.id}.point", Message(N_("The point %(point)s belongs to the level %(level)s"), values)))
    return faults


def check_points_have_items(pack: Pack) -> list[Fault]:
    """Every point that theory can ask at a level has an item, at each level that has items of the kinds that theory asks."""
    asked = {(item.level, item.point) for item in pack.items if item.kind in THEORY_KINDS}
    return [
        Fault(point.id, Message(N_("No item of level %(level)s asks about %(point)s"), {"level": level.id, "point": point.name}))
        for level in pack.standard.levels
        if level.id in {level for level, _point in asked}
        for point in pack.standard.points_of(ComponentKey.THEORY, level.id)
        if (level.id, point.id) not in asked
    ]


def check_kind_shares(pack: Pack) -> list[Fault]:
    """In every section of a level single choice, multiple choice and true/false stand 60 to 20 to 20."""
    totals = Counter((item.level, item.section) for item in pack.items if item.kind in THEORY_KINDS)
    counts = Counter((item.level, item.section, item.kind) for item in pack.items)
    faults = []
    for (level, section), total in totals.items():
        for kind, share in KIND_SHARES.items():
            count = counts[level, section, kind.name]
            if abs(Fraction(count, total) - share) > SHARE_TOLERANCE:
                values = {"count": count, "total": total, "kind": kind.label, "wanted": round(total * share)}
                text = N_("%(count)d of %(total)d items are of the kind %(kind)s, about %(wanted)d are wanted")
                faults.append(Fault(f"{level} {section}", Message(text, values)))
    return faults
