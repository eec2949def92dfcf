"""README's table of the rules, made from `examsrv.rules.registry`. Run as a script it writes the table into README.md, between its marks."""

import sys

from examsrv.rules.registry import RULES, Rule
from tests.architecture.sources import ROOT

HEAD = "| rule | says | read from | its only home |\n|---|---|---|---|\n"


def table() -> str:
    """Return the table as README should hold it."""
    return HEAD + "".join(_row(rule) for rule in RULES)


def _row(rule: Rule) -> str:
    return f"| `{rule.id}` | {rule.title} | {rule.source} | [`{rule.function.__name__}`]({rule.file}) |\n"


def with_table(text: str, new: str, name: str = "rules") -> str:
    """Return `text` with what stands between the marks of `name` replaced by `new`; `ValueError` when a mark is missing."""
    begin, end = f"<!-- {name}:begin -->\n", f"<!-- {name}:end -->"
    before, rest = text.split(begin)
    _old, after = rest.split(end)
    return before + begin + new + end + after


def main() -> None:
    """Write the table where it belongs and print it."""
    readme = ROOT / "README.md"
    readme.write_text(with_table(readme.read_text(), table()))
    sys.stdout.write(table())


if __name__ == "__main__":
    main()
