"""Proposing examiners for the groups of a sitting: places filled whole or not at all, nobody barred, those first who have done least.

Who serves in which group is a matching of persons and places. The sets of persons that some matching can use are a matroid, so taking persons in
the order of their load, each if the others can make room for them, gives the least load that there is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Examiner:
    """Somebody who could be planned. `load` counts the groups in which the person serves already, in other sittings."""

    person: int
    is_senior: bool
    load: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a group lacks: further members and reserves. Those `barred` may not examine one of its candidates or are not qualified."""

    group: int
    places: int
    reserves: int
    barred: frozenset[int]


@dataclass(frozen=True, slots=True)
class Proposed:
    """Whom a group could be given, by load. Members are as many as were wanted or none: then `missing` says how many could not be found."""

    group: int
    members: tuple[int, ...]
    reserves: tuple[int, ...]
    missing: int
    missing_reserves: int


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place or (`rank` above 0) a reserve's place of a group."""

    group: int
    number: int
    rank: int


def propose(examiners: Sequence[Examiner], wanted: Sequence[Wanted]) -> list[Proposed]:
    """Return whom each group could be given; everybody serves in at most one. The same question gets the same answer.

    As many groups are filled as can be, one after the other, the one with the smallest choice first. Reserves come second: no place
    is left for one.
    """
    by_load = [each.person for each in sorted(examiners, key=lambda each: (each.load, each.person))]
    barred = {each.group: each.barred for each in wanted}
    places = _fillable(by_load, barred, wanted)
    held = _matched(by_load, barred, places, {})
    filled = {slot.group for slot in places}
    full = [each for each in wanted if not each.places or each.group in filled]
    reserves = [_Slot(each.group, number, number) for each in full for number in range(1, each.reserves + 1)]
    reserves.sort(key=lambda slot: slot.rank)
    held = _matched(by_load, barred, [*places, *reserves], _matched(by_load, barred, reserves, held))
    return [_proposed(each, held, by_load) for each in wanted]


def choose_lead(examiners: Sequence[Examiner]) -> int:
    """Return who of a group's members should lead it: a senior examiner before others, then who has done least."""
    return min(examiners, key=lambda each: (not each.is_senior, each.load, each.person)).person


def _fillable(persons: Sequence[int], barred: Mapping[int, frozenset[int]], wanted: Sequence[Wanted]) -> list[_Slot]:
    """Return the places of the groups that can all be filled at once."""
    places: list[_Slot] = []
    for each in sorted(wanted, key=lambda each: (len([person for person in persons if person not in each.barred]) - each.places, each.group)):
        more = [*places, *(_Slot(each.group, number, 0) for number in range(1, each.places + 1))]
        if len(_matched(persons, barred, more, {})) == len(more):
            places = more
    return places


def _matched(persons: Iterable[int], barred: Mapping[int, frozenset[int]], slots: Collection[_Slot], held: Mapping[_Slot, int]) -> dict[_Slot, int]:
    """Return who holds which slot when `persons` are taken in their order. Whoever was in `held` stays in, perhaps elsewhere."""
    found = dict(held)
    for person in persons:
        if person not in found.values():
            _take_in(person, barred, slots, found, set())
    return found


def _take_in(person: int, barred: Mapping[int, frozenset[int]], slots: Collection[_Slot], held: dict[_Slot, int], tried: set[_Slot]) -> bool:
    """Give a person a slot, moving others on if need be; tell whether it could be done."""
    for slot in slots:
        if slot in tried or person in barred[slot.group]:
            continue
        tried.add(slot)
        if slot not in held or _take_in(held[slot], barred, slots, held, tried):
            held[slot] = person
            return True
    return False


def _proposed(wanted: Wanted, held: Mapping[_Slot, int], by_load: Sequence[int]) -> Proposed:
    members = [person for slot, person in held.items() if slot.group == wanted.group and not slot.rank]
    reserves = [person for slot, person in held.items() if slot.group == wanted.group and slot.rank]
    return Proposed(
        wanted.group,
        tuple(sorted(members, key=by_load.index)),
        tuple(sorted(reserves, key=by_load.index)),
        wanted.places - len(members),
        wanted.reserves - len(reserves),
    )
