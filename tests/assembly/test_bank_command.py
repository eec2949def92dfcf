"""`examsrv assemble` with anybody's bank: which tables and specifications it takes, what it writes, what it says of faults."""

import csv
import io
import json
import signal
from collections import Counter
from math import exp
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examsrv.assembly.bank_item import BankItem
from examsrv.cli.assemble import assemble
from tests.assembly.made_up_instance import make_instance

HEADINGS = ("id", "section", "kind", "marks", "level", "point", "difficulty", "a", "b", "seconds", "enemies")
SPECIFICATION = """
items: 100
sections: {ethics: 5, basics: 15, credit: 40, process: 15, collection: 25}
kinds: {true_false: 40, single_choice: 40, multiple_choice: 20}
target: {theta: [-1, 0, 1], relative: 1.0}
overlap_max: 50
"""
SMALL = "items: 2\nsections: {甲: 2.5}\nkinds: {单选: 1, 判断: 1}\n"
ROWS = "id,section,kind,marks,difficulty,a,b,enemies\n1,甲,单选,2,3,,,\n2,甲,判断,0.5,2,1.2,-1e-1,3;4\n3,甲,判断,.5,3.0,,,\n"


def table(items: list[BankItem]) -> str:
    """Return a bank as a CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for item in items:
        writer.writerow([item.id, item.section, item.kind, item.marks, "", "", "", item.a, item.b, item.seconds, ";".join(item.enemies)])
    return text.getvalue()


BANK = make_instance(5, 3)


class Desk:
    """A folder with a bank and a specification, and what the command made of them."""

    def __init__(self, folder: Path) -> None:
        self.bank, self.specification, self.output = folder / "bank.csv", folder / "form.yaml", folder / "forms.json"
        self.put(ROWS, SMALL)

    def put(self, bank: str | bytes, specification: str | bytes) -> "Desk":
        for file, content in ((self.bank, bank), (self.specification, specification)):
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def run(self, *more: str) -> Result:
        files = ["--bank", str(self.bank), "--specification", str(self.specification), "--json", str(self.output)]
        return CliRunner().invoke(assemble, [*files, *more])

    def made(self, *more: str) -> dict:
        result = self.run(*more)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return json.loads(self.output.read_text(encoding="utf-8"))

    def refused(self, *more: str) -> str:
        result = self.run(*more)
        assert (result.exit_code, result.stdout, self.output.exists()) == (1, "", False)
        return result.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_disjoint_forms_are_what_the_specification_asks_counted_here_anew(desk: Desk) -> None:
    written = desk.put(table(BANK), SPECIFICATION).made("--forms", "3", "--seed", "1", "--disjoint")
    items = {item.id: item for item in BANK}
    forms = [[items[each] for each in form["items"]] for form in written["forms"]]
    assert (written["version"], written["seed"], [form["name"] for form in written["forms"]]) == (1, 1, ["A", "B", "C"])
    assert written["seconds"] > 0
    assert len({item.id for form in forms for item in form}) == 300
    for form in forms:
        assert Counter(item.kind for item in form) == {"true_false": 40, "single_choice": 40, "multiple_choice": 20}
        sections = {item.section for item in form}
        assert {key: sum(item.marks for item in form if item.section == key) for key in sections} == {
            "ethics": 5,
            "basics": 15,
            "credit": 40,
            "process": 15,
            "collection": 25,
        }
        assert not {enemy for item in form for enemy in item.enemies} & {item.id for item in form}
    gaps = [abs(told(form, theta) / (told(BANK, theta) / 3) - 1) * 100 for form in forms for theta in (-1, 0, 1)]
    assert max(gaps) <= 0.1
    report = written["report"]
    assert report["information_gap_max"] == pytest.approx(max(gaps), abs=1e-4)
    assert (report["overlap_max"], report["exposure_max"]) == (0, pytest.approx(1 / 3, abs=1e-6))


def told(items: list[BankItem], theta: float) -> float:
    """Return the information of items at an ability."""
    return sum(item.a**2 * exp(-item.a * (theta - item.b)) / (1 + exp(-item.a * (theta - item.b))) ** 2 for item in items)


def test_many_forms_tell_how_many_pairs_share_how_much_and_the_same_seed_writes_them_again(desk: Desk) -> None:
    desk.put(table(BANK), SPECIFICATION + "exposure_max: 0.4\n")
    once, again = (desk.made("--forms", "101", "--seed", "7") for _ in range(2))
    assert once["forms"] == again["forms"]
    assert once["report"]["overlap_max"] <= 50
    assert max(once["report"]["exposure"].values()) <= 40
    assert sum(once["report"]["overlap_counts"].values()) == 101 * 100 // 2
    assert "overlap" not in once["report"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_read_as_spreadsheets_write_them(desk: Desk, encoding: str, separator: str) -> None:
    rows = [line.split(",") for line in ROWS.splitlines()]
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([*row, "more"] for row in rows)
    written = desk.put(text.getvalue().encode(encoding), SMALL.encode(encoding)).made("--forms", "1", "--seed", "1")
    assert len(written["forms"][0]["items"]) == 2
    assert written["report"]["information_gap_max"] is None


def test_a_specification_may_be_json_and_a_bank_may_lack_columns(desk: Desk) -> None:
    specification = json.dumps({"items": 1, "sections": {"s": 1}, "kinds": {"k": 1}, "overlap_max": 0})
    written = desk.put("MARKS, ID ,kind,Section\n1,x,k,s\n1.0,y,k,s\n", specification).made("--forms", "2", "--seed", "3")
    assert sorted(form["items"][0] for form in written["forms"]) == ["x", "y"]


def test_figures_and_lists_as_large_as_they_may_be_are_taken(desk: Desk) -> None:
    enemies = ";".join(f"enemy-{number}" for number in range(40))
    bank = f"id,section,kind,marks,a,b,seconds,enemies\nx,s,k,10000,100,100,1000000,{enemies}\n"
    assert desk.put(bank, "items: 1\nsections: {s: 10000}\nkinds: {k: 1}\n").made("--forms", "1")["forms"][0]["items"] == ["x"]


def test_what_should_be_known_of_a_bank_is_told_beside_the_forms(desk: Desk) -> None:
    more = ROWS + "9,乙,单选,1,3,,,\n"
    output = desk.put(more, SMALL + "target: {theta: [0], relative: 1, tolerance: 90}\n").run("--forms", "1", "--seed", "1").stdout
    assert "4 题中有 3 题没有 a、b 参数：以难度代替" in output
    assert "4 题中有 1 题的部分或题型不在规格中" in output
    assert "有 1 个互斥题不在题库中，例如 4" in output


def test_a_level_on_the_line_takes_its_items_only(desk: Desk) -> None:
    desk.put("id,section,kind,marks,level\nx,s,k,1,3\ny,s,k,1,4\n", "items: 1\nsections: {s: 1}\nkinds: {k: 1}\n")
    assert desk.made("--forms", "1", "--level", "4")["forms"][0]["items"] == ["y"]
    desk.output.unlink()
    assert "没有等级为 5 的试题" in desk.refused("--forms", "1", "--level", "5")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id,", "ident,", "缺少列 id"),
        ("enemies", "id", "列 id 出现不止一次"),
        ("\n2,甲", "\n1,甲", "第 3 行，id：1 已出现在第 2 行"),
        ("\n2,甲", "\n,甲", "第 3 行，id：为空"),
        ("\n2,甲", "\n2,", "第 3 行，section：为空"),
        ("0.5,2", "0,2", "第 3 行，marks：0 不在范围内：应大于 0"),
        ("0.5,2", "一,2", "第 3 行，marks：不是 12 或 7.5 这样的数字：一"),
        ("0.5,2", ",2", "第 3 行，marks：为空"),
        ("0.5,2", "0.5,6", "第 3 行，difficulty：6 不"),
        ("0.5,2", "0.5,2.5", "第 3 行，difficulty：2.5 不是 1 到 5 的整数"),
        ("1.2,", "0,", "第 3 行，a：0 不在范围内"),
        ("1.2,", ",", "第 3 行，a, b：两项只填了一项"),
        (",3;4", ",3,4", "第 3 行：单元格多于表头"),
        ("单选,2,3,", "单选,2,,", "第 2 行，a, b：为空，也没有可代替的难度"),
    ],
)
def test_a_fault_of_the_table_is_named_with_row_and_column_and_nothing_is_written(desk: Desk, old: str, new: str, words: str) -> None:
    assert old in ROWS
    told = desk.put(ROWS.replace(old, new), SMALL + "target: {theta: [0], relative: 1}\n").refused("--forms", "1")
    assert words in told
    assert "处问题" in told


def test_every_fault_is_named_up_to_a_bound(desk: Desk) -> None:
    told = desk.put("id,section,kind,marks\n" + "x,,k,no\n" * 40, SMALL).refused("--forms", "1")
    assert told.count("行，") == 50
    assert "只列出前 50 处问题" in told


@pytest.mark.parametrize(
    ("specification", "words"),
    [
        ("", "文件为空"),
        (SMALL.replace("items: 2", "items: 3"), "要求 3 题，各题型合计却为 2 题"),
        (SMALL.replace("2.5", "-1"), "分值应不小于 0，不能为 -1"),
        (SMALL.replace("2.5", "0"), "没有任何部分有分值"),
        (SMALL + "exposure_max: 12\n", "比例应在 0 到 1 之间，不能为 12"),
        (SMALL + "overlap: 2\n", "未知的项"),
        (SMALL + "target: {theta: [0]}\n", "须且只能填写其中一项"),
        ("{", "不是合法的 YAML"),
    ],
)
def test_a_fault_of_the_specification_is_named_and_nothing_is_written(desk: Desk, specification: str, words: str) -> None:
    told = desk.put(ROWS, specification).refused("--forms", "1")
    assert (told.startswith(f"{desk.specification}: "), words in told) == (True, True)


@pytest.mark.parametrize(("content", "words"), [(b"", "文件是空的。"), (b"\xff" * 9, "文件不是 UTF-8")])
def test_a_file_that_is_no_table_is_named(desk: Desk, content: bytes, words: str) -> None:
    assert desk.put(content, SMALL).refused("--forms", "1").startswith(f"{desk.bank}：{words}")


def test_what_the_bank_cannot_give_is_said_with_figures(desk: Desk) -> None:
    told = desk.put(ROWS, SMALL.replace("单选: 1, 判断: 1", "单选: 2").replace("2.5", "4")).refused("--forms", "1")
    assert "单选：需要 2 题，题库只有 1 题" in told
    assert "题库只有 2 题" not in told
    assert "3 份试卷中的 1 份" in desk.put(ROWS, SMALL).refused("--forms", "3", "--disjoint")


@pytest.mark.parametrize(
    "line",
    [
        "--bank BANK --forms 1",
        "--specification FORM --forms 1",
        "--bank BANK --specification FORM",
        "--bank BANK --specification FORM --forms 2001",
        "--bank BANK --specification FORM --forms 1 --pack 4-05-06-02",
        "--bank BANK --specification FORM --forms 2 --disjoint --overlap-max 1",
        "--bank BANK --specification FORM --forms 1 --json BANK",
        "--bank BANK --specification FORM --forms 1 --json FORM",
        "--bank nowhere.csv --specification FORM --forms 1",
    ],
)
def test_wrong_use_leaves_with_exit_2_and_touches_nothing(desk: Desk, line: str) -> None:
    words = [{"BANK": str(desk.bank), "FORM": str(desk.specification)}.get(word, word) for word in line.split()]
    assert CliRunner().invoke(assemble, words).exit_code == 2
    assert (desk.bank.read_text(encoding="utf-8"), desk.specification.read_text(encoding="utf-8")) == (ROWS, SMALL)


def test_ctrl_c_ends_in_words_and_writes_nothing(desk: Desk) -> None:
    def interrupt(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    desk.put(table(BANK), SPECIFICATION.replace("50", "60"))
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        assert "组卷已中止，没有生成任何试卷" in desk.refused("--forms", "2000", "--seed", "1")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
