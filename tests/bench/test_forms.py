"""The bench of assembling in small: nothing is broken, and a plain model given many times the time does not come near."""

from pathlib import Path

from tests.bench.forms import form_lines

PLAIN_SECONDS = 3.0


def test_forms_are_right_and_nearer_to_the_target_than_a_plain_model_s(tmp_path: Path) -> None:
    lines = {line.what: line for line in form_lines(tmp_path, [1], PLAIN_SECONDS, many=100)}
    timeless = [line for what, line in lines.items() if not what.endswith("time")]
    assert all(line.is_met() for line in timeless), timeless
    assert lines["10 forms by a plain model in HiGHS: largest deviation"].value > 10 * lines["10 forms, disjoint: largest deviation"].value
    assert lines["10 forms, disjoint: time"].value < PLAIN_SECONDS
