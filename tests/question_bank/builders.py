"""Items and packs with good defaults; a test says only what it is about."""

from fractions import Fraction
from pathlib import Path

from question_bank.item import Item, Option, Response, Sample
from question_bank.pack import ItemFile, Pack, load_standard
from question_bank.second_check import SecondCheck, Verdict
from question_bank.standard_reading import read_standard

CODE = "4-05-06-02"
STANDARD = load_standard(CODE)
STANDARDS = Path(__file__).parents[1] / "standards"


def made_up_standard(name: str):
    """Return a standard of tests/standards."""
    standard, faults = read_standard((STANDARDS / f"{name}.yaml").read_bytes())
    assert faults == []
    return standard


def make_item(item_id: str = "S-1", *, key: Response = "B", kind: str = "single_choice", **changes) -> Item:
    """Return a faultless item of level 3 about collection; `options` may be given as a list of texts."""
    texts = changes.pop("options", [] if kind == "true_false" else ["电话催收", "发函催收", "上门催收", "委外催收"])
    samples = changes.pop("samples", (Sample(key, Fraction(1)), Sample(wrong_answer(kind, key), Fraction(0))))
    values = {
        "level": "L3",
        "section": "collection",
        "point": "L3.K3.2.3",
        "difficulty": 3,
        "importance": "X",
        "stem": f"{item_id} 的做法正确。" if kind == "true_false" else f"{item_id} 应当（　　）。",
        "rationale": "依据如下。",
        "enemies": (),
    }
    options = tuple(Option(letter, text) for letter, text in zip("ABCDEFGHIJ", texts, strict=False))
    return Item(id=item_id, kind=kind, options=options, key=key, samples=samples, **{**values, **changes})


def wrong_answer(kind: str, key: Response) -> Response:
    """Return a response that earns nothing."""
    return {"true_false": key is False, "multiple_choice": ("Z",)}.get(kind, "Z")


def make_pack(*items: Item, checks: tuple[SecondCheck, ...] | None = None) -> Pack:
    """Return a pack of one file with these items, all of them checked a second time unless `checks` says otherwise."""
    made = tuple(SecondCheck(item.id, item.digest, Verdict.AGREED, "法条") for item in items) if checks is None else checks
    return Pack(CODE, STANDARD, (ItemFile("items/planted.yaml", items),), made, ())
