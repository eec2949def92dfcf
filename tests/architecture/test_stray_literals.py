"""A figure that decides something stands in the standard, in the rules, or has a name with its reason (DECISIONS 23)."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, source, sources

MAY_CALCULATE = ("question_bank/standard", "examsrv/rules/", "examsrv/assembly/", "examsrv/measurement/")
PLAIN = {-1, 0, 1}
NUMBER_MAKERS = {"Decimal", "Fraction", "timedelta", "int", "float"}


def stray_literals(file: Source) -> list[str]:
    """Return place and text of every comparison or sum with a number literal but -1, 0, 1; definitions of module constants are free."""
    if file.path.startswith(MAY_CALCULATE):
        return []
    nodes = (node for statement in file.tree.body if not _defines_constant(statement) for node in ast.walk(statement))
    return [f"{file.path}:{node.lineno}: {ast.unparse(node)}" for node in nodes if any(_is_stray(operand) for operand in _operands(node))]


def _defines_constant(statement: ast.stmt) -> bool:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target] if isinstance(statement, ast.AnnAssign) else []
    return bool(targets) and all(isinstance(target, ast.Name) and target.id.isupper() for target in targets)


def _operands(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Compare():
            for side in (node.left, *node.comparators):
                yield from side.elts if isinstance(side, (ast.Tuple, ast.List, ast.Set)) else (side,)
        case ast.BinOp():
            yield from (node.left, node.right)
        case ast.AugAssign() | ast.MatchValue():
            yield node.value


def _is_stray(operand: ast.expr) -> bool:
    if isinstance(operand, ast.UnaryOp):
        return _is_stray(operand.operand)
    if isinstance(operand, ast.Call) and ast.unparse(operand.func).split(".")[-1] in NUMBER_MAKERS:
        return any(_is_number(value) for value in (*operand.args, *(keyword.value for keyword in operand.keywords)))
    return isinstance(operand, ast.Constant) and not isinstance(operand.value, str) and _is_number(operand)


def _is_number(value: ast.expr) -> bool:
    if not isinstance(value, ast.Constant) or isinstance(value.value, bool):
        return False
    try:
        return float(value.value) not in PLAIN
    except (TypeError, ValueError):
        return False


def test_no_figure_stands_outside_rules_and_data() -> None:
    assert [fault for file in sources() for fault in stray_literals(file)] == []


@pytest.mark.parametrize(
    "line",
    [
        "ok = mark >= 60",
        "ok = 60 <= mark",
        "ok = mark >= Decimal('60')",
        "ok = remaining < timedelta(minutes=90)",
        "ok = present * 15 >= candidates",
        "ok = candidates / 15.0",
        "count += 2",
        "ok = level in (1, 2)",
        "ok = mark < -2",
        "class Rule:\n    LEAST = 2 * 1",
        "def f():\n    LEAST = seats - 2",
        "match mark:\n    case 60: pass",
    ],
)
def test_a_planted_figure_is_reported(line: str) -> None:
    assert len(stray_literals(source("examsrv/services/planted.py", line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "ok = mark > 0",
        "last = seq - 1",
        "LONGEST_NAME = 8 * 1024",
        "WARNING: timedelta = 2 * BEAT",
        "wait(timeout=3)",
        "part = text[:2]",
        "text = '%s' % name",
        "ok = flag is True",
        "EARLIEST = timedelta(minutes=30)",
        "ok = version == '2'",
        "ok = mark == Decimal(0)",
    ],
)
def test_what_decides_nothing_is_left_alone(line: str) -> None:
    assert stray_literals(source("examsrv/services/planted.py", line)) == []


@pytest.mark.parametrize("folder", ["question_bank/standard.py", "examsrv/rules/staffing.py", "examsrv/assembly/cells.py"])
def test_rules_and_assembly_may_calculate(folder: str) -> None:
    assert stray_literals(source(folder, "ok = mark >= 60")) == []
