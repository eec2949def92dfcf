"""A paper: a form as it is delivered, in canonical bytes with a digest. What delivers it knows no key: that goes apart.

Items are grouped by kind and numbered from 1 by their place, options lettered from a by theirs: neither is written down. Options stand in an order
drawn for the paper, so that their letters say nothing of the bank's. An item is an object, and what may be shuffled in it is its list `options`.
What else an item shows is for its kind to say. Items about one case stand in a group of their own, behind the others, with the case's text.

Written, an item is a list: its stem, its options, and last, where its kind shows more, an object with that. Names of fields would stand there a
hundred times, and every candidate waits for the paper at the same moment.
"""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from examsrv.domain.canonical import canonical
from question_bank.item import Case, Item
from question_bank.kinds import KINDS
from question_bank.message import N_, Message
from question_bank.record import plain_response
from question_bank.text import rendered

VERSION = 3
OPTION_IDS = "abcdefghijklmnopqrstuvwxyz"
CASE = "case"
"""The kind of a group whose items are about one case: each of them names its own kind and marks."""
CASE_LABEL = Message(N_("Case"))


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What one item of a paper needs to be marked; `key` is in the paper's option ids."""

    item: str
    digest: str
    kind: str
    section: str
    marks: str
    policy: str
    key: object


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper's canonical bytes and, apart from them, its key by item number."""

    content: bytes
    digest: str
    key: Mapping[int, KeyLine]


def compose(title: str, items: Sequence[Item], marks: Mapping[str, str], policies: Mapping[str, str], seed: int) -> Composed:
    """Make a paper of `items` in the form's order: each kind together, then each case's items. `marks` and `policies` are by kind.

    `seed` draws the order of options.
    """
    chance = random.Random(seed)  # noqa: S311 -- an order that says nothing, from a recorded seed; no secret
    groups: list[dict[str, Any]] = []
    key: dict[int, KeyLine] = {}
    case: Case | None = None
    for number, item in enumerate(items, start=1):
        if not groups or item.case != case or (case is None and groups[-1]["kind"] != item.kind):
            groups.append(_group(item, marks))
        case = item.case
        shown, ids = shown_item(item, chance)
        own = {} if case is None else {"kind": item.kind, "marks": marks[item.kind]}
        groups[-1]["items"].append({**own, **shown})
        right = plain_response(KINDS[item.kind].marking_key(item, ids))
        key[number] = KeyLine(item.id, item.digest, item.kind, item.section, marks[item.kind], policies[item.kind], right)
    content = written({"title": title, "groups": groups})
    return Composed(content, hashlib.sha256(content).hexdigest(), key)


def shown_item(item: Item, chance: random.Random) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what a paper shows of an item, its options in an order that `chance` draws, and the paper's ids by the options' letters."""
    options = list(item.options)
    chance.shuffle(options)
    ids = {option.letter: OPTION_IDS[place] for place, option in enumerate(options)}
    texts = {"options": [option.text for option in options]} if options else {}
    return {"stem": _short(rendered(item.stem)), **texts, **KINDS[item.kind].shown(item)}, ids


def written(paper: Mapping[str, Any]) -> bytes:
    """Return the canonical bytes of a paper, as they are stored and sent."""
    groups = [{**group, "items": [_row(item) for item in group["items"]]} for group in paper["groups"]]
    return canonical({**paper, "version": VERSION, "groups": groups})


def read_paper(content: bytes) -> dict[str, Any]:
    """Return what a paper's bytes say, whatever version they are."""
    return unfolded(json.loads(content))


def unfolded(paper: Mapping[str, Any]) -> dict[str, Any]:
    """Return a paper that was written in any version with its items as objects.

    Up to version 2 items were written as objects and the names of kinds beside them. In version 1 numbers, marks and ids stood on every item and
    option. Keys and answers name those ids, so such an item keeps them as its list `ids`.
    """
    read = READERS[paper["version"]]
    return {"title": paper["title"], "groups": [read(group) for group in paper["groups"]]}


def numbered(paper: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the items of a paper in its own order: number, group, item."""
    every = ((group, item) for group in paper["groups"] for item in group["items"])
    return ((number, group, item) for number, (group, item) in enumerate(every, start=1))


def kind_of(group: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    """Return the name of an item's kind, which stands on its group unless this is that of a case."""
    return str(item.get("kind", group["kind"]))


def option_ids(item: Mapping[str, Any]) -> list[str]:
    """Return the ids of an item's options, in the order of the paper; none where there is nothing to choose from."""
    return list(item.get("ids") or OPTION_IDS[: len(item.get("options", ()))])


def _group(item: Item, marks: Mapping[str, str]) -> dict[str, Any]:
    """Return the group that begins with `item`, still empty."""
    if item.case is None:
        return {"kind": item.kind, "marks": marks[item.kind], "items": []}
    return {"kind": CASE, "case": {"title": item.case.title, "text": rendered(item.case.text)}, "items": []}


def _short(stem: str) -> str:
    """Return a stem that is one paragraph without the tags around it, as most are; any other as it is."""
    inner = stem.removeprefix("<p>").removesuffix("</p>")
    return inner if stem == f"<p>{inner}</p>" and "</p>" not in inner else stem


def _row(item: Mapping[str, Any]) -> list[Any]:
    more = {name: value for name, value in item.items() if name not in {"stem", "options"}}
    return [item["stem"], *item.get("options", ()), *([more] if more else [])]


def _item(row: Sequence[Any]) -> dict[str, Any]:
    stem, *rest = row
    more = rest.pop() if rest and isinstance(rest[-1], dict) else {}
    return {"stem": stem, **({"options": rest} if rest else {}), **more}


def _present_group(group: Mapping[str, Any]) -> dict[str, Any]:
    return {**group, "items": [_item(row) for row in group["items"]]}


def _group_of_version_2(group: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in group.items() if name != "label"}


def _group_of_version_1(group: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": group["kind"], "marks": group["items"][0]["marks"], "items": [_item_of_version_1(item) for item in group["items"]]}


def _item_of_version_1(item: Mapping[str, Any]) -> dict[str, Any]:
    options = item["options"]
    texts = {"options": [option["text"] for option in options], "ids": [option["id"] for option in options]} if options else {}
    return {"stem": item["stem"], **texts}


READERS: Mapping[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {1: _group_of_version_1, 2: _group_of_version_2, VERSION: _present_group}
"""What reads a group of a paper, by the version in which it was written."""
