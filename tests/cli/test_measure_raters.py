"""`examsrv measure raters`: the JSON it writes, the tables it prints, and how it leaves when the file is wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examsrv.cli.measure import LARGEST_FILE, ROWS_MOST, measure
from tests.measurement.marks import csv_of, ratings_of

HEADINGS = "script,criterion,examiner,mark,max\n"
PUBLISHED = csv_of(ratings_of([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]))
"""Shrout & Fleiss (1979), table 2."""


def run(*arguments: object) -> Result:
    """Run the command; a traceback fails the test."""
    return CliRunner(catch_exceptions=False).invoke(measure, ["raters", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "marks.csv"
    path.write_text(PUBLISHED, encoding="utf-8")
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "agreement.json"


def test_the_json_has_version_and_figures(file: Path, output: Path) -> None:
    result = run(file, "--json", output)
    assert (result.exit_code, result.stderr) == (0, "")
    written = json.loads(output.read_text(encoding="utf-8"))
    icc = written["total"]["panels"][0]["icc"]
    assert (written["version"], written["confidence"], written["scripts"], written["marks"]) == (1, 0.95, 6, 24)
    assert {form: round(figure["value"], 2) for form, figure in icc.items()} == {
        "ICC(1,1)": 0.17,
        "ICC(2,1)": 0.29,
        "ICC(3,1)": 0.71,
        "ICC(1,k)": 0.44,
        "ICC(2,k)": 0.62,
        "ICC(3,k)": 0.91,
    }
    assert (round(icc["ICC(2,1)"]["lower"], 2), round(icc["ICC(2,1)"]["upper"], 2)) == (0.02, 0.76)
    assert written["criteria"][0] == {"criterion": "A", **written["total"]}


def test_the_json_has_what_the_plot_needs(file: Path, output: Path) -> None:
    run(file, "--json", output)
    severe = json.loads(output.read_text(encoding="utf-8"))["total"]["examiners"][1]
    assert severe["difference"]["value"] == pytest.approx(-3.722222)
    assert severe["difference_percent"]["value"] == pytest.approx(-37.222222)
    assert severe["limits_of_agreement"] == pytest.approx([-5.495, -1.949], abs=0.001)
    assert severe["by_script"][0] == {"script": "S1", "mark": 2, "others": 7.333333, "difference": -5.333333}
    assert "3.72" in severe["flag"]


def test_a_figure_that_cannot_be_had_is_null_with_a_reason(tmp_path: Path, output: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(HEADINGS + "S1,A,E1,5,10\nS1,A,E2,5,10\n", encoding="utf-8")
    assert run(path, "--json", output).exit_code == 0
    total = json.loads(output.read_text(encoding="utf-8"))["total"]
    assert all(figure["value"] is None and figure["reason"] for figure in total["panels"][0]["icc"].values())
    assert (total["krippendorff_alpha"]["value"], total["examiners"][0]["difference"]) == (None, {"value": 0, "lower": None, "upper": None})


def test_without_json_tables_are_printed(file: Path) -> None:
    result = run(file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "ICC(2,k)  0.620  0.071 … 0.927" in result.stdout
    assert "E2" in result.stdout


def test_totals_that_are_missing_are_told_with_rows(tmp_path: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(PUBLISHED + "S1,B,E1,5,10\n", encoding="utf-8")
    result = run(path)
    assert result.exit_code == 0
    assert any("S1" in line and "E2" in line and "B" in line and "3" in line for line in result.stdout.splitlines()[-23:])


def test_another_confidence_is_written_and_used(file: Path, output: Path) -> None:
    assert run(file, "--confidence", "0.9", "--json", output).exit_code == 0
    written = json.loads(output.read_text(encoding="utf-8"))
    assert (written["confidence"], written["total"]["panels"][0]["icc"]["ICC(2,1)"]["lower"] > 0.02) == (0.9, True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_the_encodings_of_spreadsheets_are_read(tmp_path: Path, output: Path, encoding: str) -> None:
    path = tmp_path / "marks.csv"
    path.write_bytes(PUBLISHED.replace("E1", "考评员甲").replace("\n", "\r\n").encode(encoding))
    assert run(path, "--json", output).exit_code == 0
    assert "考评员甲" in json.loads(output.read_text(encoding="utf-8"))["examiners"]


def test_every_fault_stands_on_a_line_with_its_row(tmp_path: Path, output: Path) -> None:
    path = tmp_path / "marks.csv"
    path.write_text(HEADINGS + "S1,A,E1,11,10\nS1,A,E2,-1,10\nS1,A,E3,x,10\nS1,A,E3,5,12\nS1,A,E3,5,10\n", encoding="utf-8")
    result = run(path, "--json", output)
    assert (result.exit_code, result.stdout, output.exists()) == (1, "", False)
    lines = result.stderr.splitlines()
    assert [str(number) in line for number, line in zip((2, 3, 4, 5, 6), lines, strict=False)] == [True] * 5
    assert all(line.startswith(str(path)) for line in lines[:5])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"\xef\xbb\xbf",
        HEADINGS.encode(),
        b"script,criterion\n1,2\n",
        bytes(range(256)),
        b"\x00" * 1000,
        b"PK\x03\x04" + b"x" * 100,
        HEADINGS.encode() + b'"S1,A,E1,5,10\n',
        HEADINGS.encode() + b"S1,A,E1,5," + b"9" * 200_000 + b"\n",
        HEADINGS.encode() + b"," * 100_000,
        b"x" * (LARGEST_FILE + 1),
        HEADINGS.encode() + b"S1,A,E1,5,10\n" * (ROWS_MOST + 1),
    ],
)
def test_no_content_makes_a_traceback_or_an_output(tmp_path: Path, output: Path, content: bytes) -> None:
    path = tmp_path / "marks.csv"
    path.write_bytes(content)
    result = run(path, "--json", output)
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (1, "", [path])
    assert result.stderr.strip()


def test_a_fault_leaves_an_older_output_as_it_was(tmp_path: Path, output: Path) -> None:
    output.write_text("older", encoding="utf-8")
    path = tmp_path / "marks.csv"
    path.write_text("nothing", encoding="utf-8")
    run(path, "--json", output)
    assert output.read_text(encoding="utf-8") == "older"


def test_a_place_that_cannot_be_written_is_refused_in_words(file: Path, tmp_path: Path) -> None:
    result = run(file, "--json", tmp_path / "nowhere" / "agreement.json")
    assert (result.exit_code, "nowhere" in result.stderr, result.stdout) == (1, True, "")


def test_the_file_of_marks_is_not_overwritten(file: Path) -> None:
    result = run(file, "--json", file)
    assert (result.exit_code, file.read_text(encoding="utf-8")) == (2, PUBLISHED)


@pytest.mark.parametrize(
    "line", [[], ["nowhere.csv"], ["."], ["FILE", "--colour"], *(["FILE", "--confidence", text] for text in ("0.49", "1", "95", "nan", "x"))]
)
def test_wrong_use_leaves_with_exit_2(file: Path, line: list[str]) -> None:
    assert run(*(file if word == "FILE" else word for word in line)).exit_code == 2
