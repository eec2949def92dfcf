"""Item text: what it may hold is shown, and nothing else gets through."""

import re

import pytest

from question_bank.formulas import UnreadableFormulaError, drawn
from question_bank.text import faults_of_text, media_of, plain, rendered

DIGEST = "ab" * 32
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "![x](//example.org/x.png)",
    "![x](media:1)",
    f'![x](media:{DIGEST}"onerror=alert(1))',
    "[x](javascript:alert(1))",
    "<svg onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
    "$\\text{<script>alert(1)</script>}$",
    "$<img src=x onerror=alert(1)>$",
    "\ue0000\ue001",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_runs_and_nothing_is_fetched_from_elsewhere(payload: str) -> None:
    html = rendered(payload)
    tags = re.findall(r"<([a-zA-Z]+)([^>]*)>", html)
    assert {tag for tag, _ in tags} <= {"p", "img", "code", "svg", "path", "text", "rect", "g"}
    assert all("onerror=" not in re.sub(r'"[^"]*"', "", attributes) and "example.org" not in attributes for _, attributes in tags)
    assert all('src="' not in attributes or 'src="/exam/media/' in attributes for _, attributes in tags)


def test_a_picture_of_the_bank_is_shown_from_the_place_that_the_page_names() -> None:
    assert rendered(f"![流程图](media:{DIGEST})", "/here/") == f'<p><img src="/here/{DIGEST}" alt="流程图"></p>'
    assert media_of(f"见![图](media:{DIGEST})") == [DIGEST]


@pytest.mark.parametrize(
    ("text", "count"), [("$a+b$", 1), ("$5 和 $6", 0), ("花费 $5，收入 $a$", 1), (r"价格 \$5 与 $x$", 1), ("$ a $", 0), ("$$", 0)]
)
def test_a_formula_is_told_from_an_amount_of_money(text: str, count: int) -> None:
    assert rendered(text).count("<svg") == count


def test_markdown_signs_inside_a_formula_are_left_to_it() -> None:
    assert "<em>" not in rendered("$p_i*q_i$ 与 $p_j*q_j$")


def test_chinese_words_in_a_formula_stay_text_in_the_colour_around_them() -> None:
    svg = drawn(r"DSO=\frac{\text{期末应收账款}}{\text{赊销收入}}\times 90")
    assert "".join(re.findall(r"<text [^>]*>(.)</text>", svg)) == "期末应收账款赊销收入"
    assert 'aria-label="DSO=' in svg
    assert "id=" not in svg
    assert "style=" not in svg
    assert "black" not in svg


@pytest.mark.parametrize("source", [r"\frac", r"\foo{", "a" * 401, "{"])
def test_a_formula_that_cannot_be_read_is_a_fault_and_is_shown_as_written(source: str) -> None:
    with pytest.raises(UnreadableFormulaError):
        drawn(source)
    assert len(faults_of_text(f"${source}$")) == 1
    assert "<code>$" in rendered(f"${source}$")


@pytest.mark.parametrize(
    ("text", "faults"), [(f"![图](media:{DIGEST})", 0), (f"![](media:{DIGEST})", 1), ("![图](x.png)", 1), ("![图]()", 1), ("无", 0)]
)
def test_a_picture_must_be_the_banks_own_and_say_what_it_shows(text: str, faults: int) -> None:
    assert len(faults_of_text(text)) == faults


def test_a_list_shows_one_line_of_plain_text() -> None:
    assert plain(f"计算 **DSO**：\n\n![表](media:{DIGEST})\n\n$x$") == "计算 DSO： ［表］ $x$"
