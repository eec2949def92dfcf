"""The results of a run as CSV, for programs; people are served better by the workbook, which keeps zeros in front."""

from collections.abc import Iterable, Sequence

from examsrv.exports.csv_file import csv_file
from examsrv.exports.results import ResultLine, Translate, decision_title, mark_titles, text_titles


def results_csv(lines: Iterable[ResultLine], section_names: Sequence[str], translate: Translate) -> bytes:
    """Return the lines with their titles; a mark that does not exist is empty."""
    titles = [*map(translate, text_titles()), *mark_titles(section_names, translate), translate(decision_title())]
    rows = ((line.ticket, line.name, line.id_number, *line.sections, line.total, translate(line.decision)) for line in lines)
    return csv_file(titles, rows)
