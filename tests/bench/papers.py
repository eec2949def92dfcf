"""`python -m tests.bench.papers`: how many bytes open a paper, over many forms of every theory paper that is shipped.

No server runs: forms are drawn, composed and packed, and the answers put together, by what the server itself uses for it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median

import click

from blueprints.candidate.telling import opening_told
from examsrv.cli.assemble import checked_forms
from examsrv.domain.paper import read_paper
from examsrv.domain.specification import Specification
from examsrv.domain.specification_file import load_specification
from examsrv.domain.time_ledger import TimeState
from examsrv.services.answering import Opened
from examsrv.services.drawing import composed
from examsrv.services.papers import title_of
from examsrv.web import chance
from examsrv.web.clock import MachineClock
from examsrv.web.ready import BROTLI, GZIP, answer, own_part, ready_paper
from question_bank.pack import Pack, load_pack
from tests.bench.installation import PACK

FORMS = 2
KILO = 1024
NAME, SEAT, ROOM = "欧阳示例", 17, "第一教学楼 301 机房"
LEAVE_IN = timedelta(minutes=30)
TITLE = "| paper | forms | packed with | min | median | max |\n|---|---|---|---|---|---|"


@click.command(help="Measure the answers that open papers, and print a Markdown table in KiB.")
@click.option("--seeds", default=10, show_default=True, help=f"How many seeds, from 1; each draws {FORMS} forms.")
def measure(seeds: int) -> None:
    """Print a line for each specification and packing."""
    pack = load_pack(PACK)
    click.echo(TITLE)
    for path in pack.specifications:
        specification = load_specification(path)
        found = list(answers(pack, specification, range(1, seeds + 1)))
        for coding in (BROTLI, GZIP):
            sizes = [len(bodies[coding]) / KILO for bodies in found]
            least, middle, most = (f"{size:.2f}" for size in (min(sizes), median(sizes), max(sizes)))
            click.echo(f"| {specification.name} | {len(found)} | {coding} | {least} | {middle} | {most} |")


def answers(pack: Pack, specification: Specification, seeds: Sequence[int]) -> Iterator[dict[str, bytes]]:
    """Yield for each form the answer that opens its paper, by packing; every form for a candidate with another order."""
    items = {item.id: item for item in pack.items}
    level = pack.standard.level(specification.level)
    title = title_of(pack.standard, specification.level, specification.component)
    for seed in seeds:
        for place, form in enumerate(checked_forms(pack, level, FORMS, seed, None).assembly.forms):
            paper = composed(title, [items[each] for each in form.items], specification, seed + place)
            yield opened(paper.content, paper.digest, seed + place)


def opened(content: bytes, digest: str, order_seed: int) -> dict[str, bytes]:
    """Return what a candidate is sent who opens a paper just after the start, by packing."""
    paper = ready_paper(read_paper(content))
    own = own_part(paper, order_seed, NAME, SEAT, ROOM)
    time = TimeState(timedelta(), paused=False, remaining=timedelta(minutes=90) - timedelta(milliseconds=1))
    at = Opened(chance.public_id(), 1, 1, digest, order_seed, {}, frozenset(), time, LEAVE_IN)
    told = opening_told(at, MachineClock().wall().astimezone())
    return {coding: answer(paper, own, told, coding).body for coding in (BROTLI, GZIP)}


if __name__ == "__main__":
    measure()
