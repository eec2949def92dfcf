"""README's matrix of kinds and formats, made by writing items and reading them again. Run as a script it writes it into both READMEs.

The items are the examples of the empty workbook, one of each kind, without pictures; a case and a picture have lines of their own.
"""

import sys
from dataclasses import replace

from question_bank.formats import FORMATS, Format
from question_bank.formats.excel import EXAMPLES_FILE
from question_bank.formats.excel_columns import KIND_WORDS
from question_bank.formats.yaml_bank import read_items
from question_bank.item import Case, Item
from question_bank.kinds import KINDS
from tests.architecture.rule_table import with_table
from tests.architecture.sources import ROOT
from tests.question_bank.generated_items import PICTURES

NAME = "formats"
SAME, TOLD, SILENT = 0, 1, 2
WORDS = {"README.md": ("yes", "no, told", "no"), "README.zh-CN.md": ("能", "否，会说明", "否")}
HEADS = {"README.md": "kind", "README.zh-CN.md": "题型"}
LINES = {
    "README.md": ("items of a case, with its text", "pictures in texts, with the file"),
    "README.zh-CN.md": ("案例题（含案例正文）", "文字中的图片（随文件带出）"),
}


def table(readme: str) -> str:
    """Return the matrix as `readme` should hold it: whether a kind comes back from a file of a format as the same item, by digest."""
    own = readme != "README.md"
    labels = [KIND_WORDS[kind][0] if own else f"{KINDS[kind].label} ({KIND_WORDS[kind][0]})" for kind in KINDS]
    head = f"| {HEADS[readme]} | {' | '.join(str(each.label) for each in FORMATS.values())} |\n|{'---|' * (len(FORMATS) + 1)}\n"
    return head + "".join(
        f"| {label} | {' | '.join(WORDS[readme][found] for found in row)} |\n"
        for label, row in zip([*labels, *LINES[readme]], found_rows(), strict=True)
    )


def found_rows() -> list[list[int]]:
    """Return for each line of the matrix what becomes of it in each format."""
    examples = {item.kind: replace(item, case=None) for item in read_items(EXAMPLES_FILE.read_bytes(), EXAMPLES_FILE.name)[0]}
    digest, picture = next(iter(PICTURES.items()))
    choice = examples["single_choice"]
    of_case = [replace(choice, id=f"EX-{number}", case=Case("EX-C", "案例", "甲公司赊销。\n\n分期付款。")) for number in (1, 2)]
    with_picture = [replace(choice, stem=f"见图 ![图](media:{digest})，应当（　　）。")]
    lines = [*([examples[kind]] for kind in KINDS), of_case, with_picture]
    return [[became(each, items, {digest: picture}) for each in FORMATS.values()] for items in lines]


def became(made: Format, items: list[Item], media: dict[str, bytes]) -> int:
    """Return whether items come back the same with their pictures, and if not, whether the writer says so."""
    file = made.write(items, media)
    reading = made.read(file.content, f"bank{made.suffixes[0]}")
    is_same = [item.digest for item in reading.items] == [item.digest for item in items]
    has_pictures = "media:" not in items[0].stem or dict(reading.media) == media
    return SAME if is_same and has_pictures and not file.losses else TOLD if file.losses else SILENT


def main() -> None:
    """Write the matrix where it belongs and print it."""
    for readme in WORDS:
        path = ROOT / readme
        path.write_text(with_table(path.read_text(), table(readme), NAME))
        sys.stdout.write(table(readme))


if __name__ == "__main__":
    main()
