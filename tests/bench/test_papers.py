"""What opens a paper over the wire: both packings say the same, and a paper of a hundred items stays within its goal."""

import gzip
import json
from itertools import cycle

import brotli
import pytest

from examsrv.domain.order import candidate_order, order_read
from examsrv.domain.paper import unfolded
from examsrv.domain.specification_file import load_specification
from examsrv.web.gbk import CHARSET
from question_bank.pack import load_pack
from tests.bench.installation import PACK
from tests.bench.papers import FORMS, KILO, answers
from tests.bench.table import Goal

SEEDS = [1, 2]
ORDER_SEEDS = [seed + place for seed in SEEDS for place in range(FORMS)]
"""Of each specification's papers."""
WIRE = Goal(most=15)


@pytest.fixture(scope="module")
def opened() -> list[dict[str, bytes]]:
    pack = load_pack(PACK)
    return [each for path in pack.specifications for each in answers(pack, load_specification(path), SEEDS)]


def test_a_paper_of_a_hundred_items_is_small_on_the_wire(opened: list[dict[str, bytes]]) -> None:
    sizes = [len(each["br"]) / KILO for each in opened]
    assert all(WIRE.is_met(size) for size in sizes), sizes


def test_both_packings_hold_the_same_whole_paper_in_the_candidates_order(opened: list[dict[str, bytes]]) -> None:
    for each, seed in zip(opened, cycle(ORDER_SEEDS), strict=False):
        told = json.loads(brotli.decompress(each["br"]).decode(CHARSET))
        packed = json.loads(gzip.decompress(each["gzip"]).decode(CHARSET))
        assert told == packed
        paper = unfolded(told["paper"])
        order = order_read(paper, told["order"])
        assert len(order) == 100
        assert list(order.items()) == list(candidate_order(paper, seed).items())
