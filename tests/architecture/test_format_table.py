"""README says which kind of item survives in which format as it is, and no format loses anything without saying so."""

import pytest

from tests.architecture.format_table import NAME, SILENT, WORDS, found_rows, table
from tests.architecture.rule_table import with_table
from tests.architecture.sources import ROOT


@pytest.mark.parametrize("readme", WORDS)
def test_readme_has_the_matrix_as_it_is(readme: str) -> None:
    text = (ROOT / readme).read_text()
    assert with_table(text, table(readme), NAME) == text, "run: .venv/bin/python -m tests.architecture.format_table"


def test_no_format_loses_anything_in_silence() -> None:
    assert [row for row in found_rows() if SILENT in row] == []
