"""`examsrv rules`: every rule with its figures, its source and the place of its function."""

import json
from collections.abc import Callable, Iterator, Sequence

import click

from examsrv.rules.registry import RULES, Rule
from examsrv.web.translation import translator
from question_bank.message import ExamError, Message
from question_bank.pack import load_standard
from question_bank.standard import Level, Standard

PACK = "4-05-06-02"
JSON_VERSION = 1

Say = Callable[[Message], str]


@click.command("rules", help="Print every rule: id, figures, source paragraph, file and line.")
@click.option("--level", help="Code of a level, such as 3; without it all levels.")
@click.option("--pack", "code", default=PACK, show_default=True, help="Code of the occupation.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def rules(level: str | None, code: str, as_json: bool) -> None:
    """Print the rules of an installed pack; an unknown pack or level is wrong use."""
    say = translator()
    try:
        standard = load_standard(code)
        levels = standard.levels if level is None else levels_called(standard, level)
    except ExamError as error:
        raise click.UsageError(say(error.message)) from error
    if as_json:
        click.echo(json.dumps(rules_as_json(standard, levels, say), ensure_ascii=False, indent=1))
    else:
        for line in rules_as_text(standard, levels, say):
            click.echo(line)


def levels_called(standard: Standard, wanted: str) -> tuple[Level, ...]:
    """Return the level with this code or id; refuse an unknown one as the standard does."""
    return tuple(level for level in standard.levels if wanted in (level.id, str(level.code))) or (standard.level(wanted),)


def rules_as_json(standard: Standard, levels: Sequence[Level], say: Say) -> dict[str, object]:
    """Return the object that `--json` prints."""
    return {
        "version": JSON_VERSION,
        "occupation": {"code": standard.occupation.code, "name": standard.occupation.name, "edition": standard.occupation.edition},
        "rules": [_rule_as_json(rule, standard, levels, say) for rule in RULES],
    }


def _rule_as_json(rule: Rule, standard: Standard, levels: Sequence[Level], say: Say) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": say(rule.title),
        "source": rule.source,
        "file": rule.file,
        "line": rule.line,
        "function": rule.function.__name__,
        "levels": {level.id: [say(figure) for figure in rule.figures(standard, level)] for level in levels},
    }


def rules_as_text(standard: Standard, levels: Sequence[Level], say: Say) -> Iterator[str]:
    """Give the lines for people; levels with the same figures stand together."""
    for rule in RULES:
        yield f"{rule.id}  {say(rule.title)}  [{rule.source}]  {rule.file}:{rule.line}"
        together: dict[tuple[str, ...], list[str]] = {}
        for level in levels:
            together.setdefault(tuple(say(figure) for figure in rule.figures(standard, level)), []).append(level.id)
        for figures, ids in together.items():
            for figure in figures:
                yield f"    {' '.join(ids)}  {figure}"
