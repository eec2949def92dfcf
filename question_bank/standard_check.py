"""What must agree within a standard: every function looks at one thing and returns all that is wrong with it.

They look at the document as read, not at typed values, so that a wrong type in one place hides no contradiction in another.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from question_bank.formats.yaml_document import Place
from question_bank.message import N_, Message
from question_bank.raw_document import Finding, Mapping, at, mappings, number, repeated, text, texts

WHOLE = 100
OCCUPATION_CODE = re.compile(r"[0-9]-[0-9]{2}-[0-9]{2}-[0-9]{2}")
PERSONS = {"proctors": ("RULE-PROCTORS", "theory"), "examiners": ("RULE-EXAMINERS", "skills"), "panel": ("RULE-PANEL", "review")}
"""Who is counted under which rule, for which component."""


def consistency_findings(document: object) -> list[Finding]:
    """Return every contradiction in `document`, with its place."""
    return [finding for check in CHECKS for finding in check(document)]


def check_ids(document: object) -> Iterator[Finding]:
    """No id stands twice, whatever it names."""
    ids = [(place, text(row, "id")) for place, row in every_mapping_with_an_id(document)]
    for place, value in repeated(ids):
        yield (*place, "id"), Message(N_("The id %(id)s stands twice"), {"id": value})


def check_scheme(document: object) -> Iterator[Finding]:
    """Levels have codes and names in a scheme with levels; one level without both makes a scheme without."""
    if not has_levels(document):
        yield from _check_scheme_without_levels(document)
        return
    code = text(document, "occupation", "code")
    if code is not None and not OCCUPATION_CODE.fullmatch(code):
        yield ("occupation", "code"), Message(N_("An occupation code is written like 4-05-06-02"))
    for place, level in mappings(document, "levels"):
        for key in ("code", "name", "name_en"):
            if key in level and level[key] is None:
                yield (*place, key), Message(N_("Only a scheme without levels may leave this empty"))


def _check_scheme_without_levels(document: object) -> Iterator[Finding]:
    levels = list(mappings(document, "levels"))
    if len(levels) > 1:
        yield ("levels",), Message(N_("A scheme without levels has exactly one entry here"))
    for place, level in levels:
        for key in ("code", "name", "name_en"):
            if level.get(key) is not None:
                yield (*place, key), Message(N_("A scheme without levels leaves this empty"))
    if text(document, "scheme", "certificate_code") == "national":
        yield ("scheme", "certificate_code"), Message(N_("The national certificate code needs a level"))


def check_levels(document: object) -> Iterator[Finding]:
    """Codes and ranks are unique, ranks run 1, 2, 3 … and rise as the codes fall; components are defined and named once."""
    levels = list(mappings(document, "levels"))
    for key in ("code", "rank"):
        for place, value in repeated(((*place, key), number(level, key)) for place, level in levels):
            yield place, Message(N_("%(value)s stands twice"), {"value": value})
    ranked = sorted((rank, code, place) for place, level in levels if (rank := number(level, "rank")) and (code := number(level, "code")))
    for expected, (rank, _, place) in enumerate(ranked, start=1):
        if rank != expected:
            yield (*place, "rank"), Message(N_("Ranks must run 1, 2, 3 … from the lowest level up"))
    for (_, lower, _), (_, higher, place) in pairwise(ranked):
        if higher >= lower:
            yield (*place, "code"), Message(N_("A higher rank must have a smaller code"))
    for place, level in levels:
        yield from _check_components_of(document, place, level)


def _check_components_of(document: object, place: Place, level: Mapping) -> Iterator[Finding]:
    components = texts(level, "components")
    for index, component in enumerate(components):
        if at(document, "components", component) is None:
            yield (*place, "components", index), Message(N_("The component %(component)s is not defined"), {"component": component})
        if component in components[:index]:
            yield (*place, "components", index), Message(N_("%(value)s stands twice"), {"value": component})


def check_components(document: object) -> Iterator[Finding]:
    """A pass mark lies within the full mark; what assesses requirements, and nothing else, has a weight table; each has a venue."""
    for place, component in mappings(document, "components"):
        key = str(place[-1])
        full, wanted = number(component, "full_mark"), number(component, "pass_mark")
        if full is not None and wanted is not None and wanted > full:
            yield (*place, "pass_mark"), Message(N_("The pass mark is above the full mark"))
        if bool(texts(component, "assesses")) != (at(document, "weights", key) is not None):
            yield ("weights", key), Message(N_("A component has a weight table exactly if it assesses requirements"))
        if at(document, "venues", key) is None:
            yield ("venues", key), Message(N_("The component has no venue"))


def check_staffing(document: object) -> Iterator[Finding]:
    """Every component of a level has its rule; printed ratio and figure agree; an odd count starts from an odd one."""
    for persons, (rule_id, component) in PERSONS.items():
        place: Place = ("staffing", persons)
        rule = at(document, *place)
        if not isinstance(rule, dict):
            if component in used_components(document):
                yield place, Message(N_("The component %(component)s needs this staffing rule"), {"component": component})
            continue
        if text(rule, "rule") not in (None, rule_id):
            yield (*place, "rule"), Message(N_("The id of this rule is %(rule)s"), {"rule": rule_id})
        if text(rule, "component") not in (None, component):
            yield (*place, "component"), Message(N_("This rule is about %(component)s"), {"component": component})
        yield from _check_figures_of(rule, place)


def _check_figures_of(rule: Mapping, place: Place) -> Iterator[Finding]:
    per_person, ratio, least = number(rule, "candidates_per_person"), text(rule, "ratio"), number(rule, "least")
    if {"ratio", "candidates_per_person"} <= rule.keys() and (ratio or None) != (f"1:{per_person}" if per_person is not None else None):
        yield (*place, "ratio"), Message(N_("Ratio and candidates_per_person contradict each other"))
    if rule.get("odd") is True and least is not None and not is_odd(least):
        yield (*place, "least"), Message(N_("The least number is even although the count must be odd"))


def check_weight_tables(document: object) -> Iterator[Finding]:
    """Keys stand once; each row says something about every level and no other; each column of a level's component sums to 100."""
    level_ids = levels_by_id(document)
    tables = at(document, "weights")
    for component in tables if isinstance(tables, dict) else ():
        rows = list(mappings(document, "weights", component))
        for place, value in repeated(((*place, "key"), text(row, "key")) for place, row in rows):
            yield place, Message(N_("The key %(key)s stands twice"), {"key": value})
        for place, row in rows:
            for unknown in sorted(row.keys() - {"key", "name", "group"} - level_ids.keys()):
                yield (*place, unknown), Message(N_("The level %(level)s is not defined"), {"level": unknown})
            for missing in sorted(level_ids.keys() - row.keys()):
                yield (*place, missing), Message(N_("This key is missing"))
        for level, row in level_ids.items():
            total = sum(number(weight, level) or 0 for _, weight in rows)
            wanted = WHOLE if component in texts(row, "components") else 0
            if total != wanted:
                values = {"level": level, "total": total, "wanted": wanted}
                yield ("weights", component), Message(N_("The column %(level)s sums to %(total)s, not %(wanted)s"), values)


def check_weight_keys(document: object) -> Iterator[Finding]:
    """The tree uses only keys of the tables, under the tables' names; a key with marks at a level has something to ask there."""
    names: dict[str, set[str]] = {}
    for component in ("theory", "skills", "review"):
        for _, row in mappings(document, "weights", component):
            names.setdefault(text(row, "key") or "", set()).add(text(row, "name") or "")
    used: dict[str, set[str]] = {}
    for place, level, branch in weighted_branches(document):
        key, name = text(branch, "weight_key"), text(branch, "name_in_weight_tables") or text(branch, "name")
        if key is None:
            continue
        used.setdefault(key, set()).add(level or "")
        if key not in names:
            yield (*place, "weight_key"), Message(N_("The weight key %(key)s is in no weight table"), {"key": key})
        elif name is not None and names[key] != {name}:
            values = {"names": ", ".join(sorted(names[key]))}
            yield (*place, "name"), Message(N_("The name differs from the one in the weight tables (%(names)s)"), values)
    yield from _check_keys_are_used(document, used)


def _check_keys_are_used(document: object, used: dict[str, set[str]]) -> Iterator[Finding]:
    for component in ("theory", "skills", "review"):
        for place, row in mappings(document, "weights", component):
            levels = used.get(text(row, "key") or "", set())
            for level in levels_by_id(document):
                if number(row, level) and not levels & {level, ""}:
                    values = {"key": text(row, "key"), "level": level}
                    yield (*place, level), Message(N_("%(key)s carries marks at %(level)s, but the tree has nothing under it"), values)


def check_tree(document: object) -> Iterator[Finding]:
    """Each level has its functions once, numbered 1, 2, 3 …; every id ends in its corrected number; every point has one wording."""
    trees = list(mappings(document, "tree"))
    for place, value in repeated(((*place, "level"), text(tree, "level")) for place, tree in trees):
        yield place, Message(N_("%(value)s stands twice"), {"value": value})
    levels = {text(tree, "level") for _, tree in trees}
    for level in levels_by_id(document):
        if level not in levels:
            yield ("tree",), Message(N_("The level %(level)s has no functions"), {"level": level})
    for place, tree in trees:
        named = text(tree, "level")
        if named is not None and named not in levels_by_id(document):
            yield (*place, "level"), Message(N_("The level %(level)s is not defined"), {"level": named})
        for expected, (inner, function) in enumerate(mappings(document, *place, "functions"), start=1):
            if number(function, "number") not in (None, expected):
                yield (*inner, "number"), Message(N_("Functions must be numbered 1, 2, 3 …"))
    yield from _check_numbers(document)
    for place, point in points(document):
        if ("name" in point) == ("label" in point):
            yield place, Message(N_("A point has either a name or a label"))


def _check_numbers(document: object) -> Iterator[Finding]:
    for place, row in every_mapping_with_an_id(document, "tree"):
        code = text(row, "code_norm") or text(row, "code") or str(number(row, "number") or "")
        if code and not (text(row, "id") or "").endswith(code):
            yield (*place, "id"), Message(N_("The id does not end in the number %(code)s"), {"code": code})
        if "code" in row and row["code"] is None and "code_norm" not in row:
            yield (*place, "code_norm"), Message(N_("A point printed without a number needs a corrected one"))


def check_eligibility(document: object) -> Iterator[Finding]:
    """Every level says who may come; the conditions name known degrees and levels that are lower than their own."""
    ids = levels_by_id(document)
    given = at(document, "eligibility")
    for level in sorted(set(ids) - (given.keys() if isinstance(given, dict) else set())):
        yield ("eligibility", level), Message(N_("This key is missing"))
    for place, _ in mappings(document, "eligibility"):
        level = str(place[-1])
        if level not in ids:
            yield place, Message(N_("The level %(level)s is not defined"), {"level": level})
        for inner, condition in mappings(document, *place, "any_of"):
            yield from _check_condition(document, inner, condition, number(ids.get(level), "code"))


def _check_condition(document: object, place: Place, condition: Mapping, code: int | None) -> Iterator[Finding]:
    degree = text(condition, "degree", "min")
    if degree is not None and degree not in texts(document, "definitions", "degree_order"):
        yield (*place, "degree", "min"), Message(N_("The degree %(degree)s is not in degree_order"), {"degree": degree})
    if all(part in condition and condition[part] is None for part in ("degree", "certificate", "experience")):
        yield place, Message(N_("A condition that asks for nothing lets everybody in"))
    if at(condition, "experience", "after_certificate") is True and "certificate" in condition and condition["certificate"] is None:
        yield (*place, "experience", "after_certificate"), Message(N_("There is no certificate to count from"))
    held = number(condition, "certificate", "at_least_level")
    if held is None:
        return
    codes = {number(level, "code") for _, level in mappings(document, "levels")} - {None}
    if code is None or held <= code:
        yield (*place, "certificate", "at_least_level"), Message(N_("The certificate must be of a lower level than the condition's own"))
    elif held not in codes and "own" in texts(condition, "certificate", "occupations"):
        yield (*place, "certificate", "at_least_level"), Message(N_("The own occupation has no level %(level)s"), {"level": held})


def check_definitions(document: object) -> Iterator[Finding]:
    """The occupation counts as its own; no name stands twice in a list, none is own and related at once."""
    own = texts(document, "definitions", "own_occupation")
    name = text(document, "occupation", "name")
    if own and name is not None and name not in own:
        yield ("definitions", "own_occupation"), Message(N_("The occupation itself is missing"))
    for key in ("own_occupation", "related_occupations", "degree_order"):
        words = texts(document, "definitions", key)
        for place, value in repeated((("definitions", key, index), word) for index, word in enumerate(words)):
            yield place, Message(N_("%(value)s stands twice"), {"value": value})
    for word in set(own) & set(texts(document, "definitions", "related_occupations")):
        yield ("definitions", "related_occupations"), Message(N_("%(value)s is own and related at once"), {"value": word})


def check_irregularities(document: object) -> Iterator[Finding]:
    """What is said about a node names one that exists (`1.9.5` and `section 3` name paragraphs of the print)."""
    known = {text(row, "id") for _, row in every_mapping_with_an_id(document)}
    starts = tuple(f"{level}." for level in levels_by_id(document))
    for place, row in mappings(document, "irregularities"):
        for index, where in enumerate(texts(row, "where")):
            if where.startswith(starts) and where not in known:
                yield (*place, "where", index), Message(N_("There is nothing with the id %(id)s"), {"id": where})


CHECKS: tuple[Callable[[object], Iterator[Finding]], ...] = (
    check_scheme,
    check_levels,
    check_components,
    check_staffing,
    check_definitions,
    check_eligibility,
    check_weight_tables,
    check_weight_keys,
    check_tree,
    check_ids,
    check_irregularities,
)


def has_levels(document: object) -> bool:
    """Tell whether certificates carry a level: so it is unless the scheme says otherwise."""
    return at(document, "scheme", "has_levels") is not False


def is_odd(count: int) -> bool:
    """Tell whether `count` is odd."""
    return count % 2 == 1


def levels_by_id(document: object) -> dict[str, Mapping]:
    """Return the levels under their ids."""
    return {level_id: level for _, level in mappings(document, "levels") if (level_id := text(level, "id"))}


def used_components(document: object) -> set[str]:
    """Return the components that some level has."""
    return {component for _, level in mappings(document, "levels") for component in texts(level, "components")}


def weighted_branches(document: object) -> Iterator[tuple[Place, str | None, Mapping]]:
    """Give the nodes that have a weight key, with their level (None: all levels)."""
    for place, branch in mappings(document, "basic_requirements"):
        yield place, None, branch
    for place, tree in mappings(document, "tree"):
        for inner, function in mappings(document, *place, "functions"):
            yield inner, text(tree, "level"), function


def points(document: object) -> Iterator[tuple[Place, Mapping]]:
    """Give the leaves of the basic requirements and of the tree."""
    for place, row in every_mapping_with_an_id(document):
        if place[-2:-1] in (("points",), ("knowledge",), ("skills",)):
            yield place, row


def every_mapping_with_an_id(document: object, *under: str | int) -> Iterator[tuple[Place, Mapping]]:
    """Give every mapping at or below `under` that has an id, in the order of the document."""
    found = at(document, *under)
    if isinstance(found, dict) and "id" in found:
        yield under, found
    steps = found.keys() if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    for step in steps:
        yield from every_mapping_with_an_id(document, *under, step)
