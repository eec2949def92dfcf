"""Statements for many rows at once: spelled out once for each kind of database, so that SQLAlchemy does not look at every value of every row anew.

How many rows there are changes nothing in a statement's text, so that each database keeps its plan. PostgreSQL takes all rows with one statement,
each column as one array: there each statement is an answer to wait for.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Select,
    String,
    Table,
    Update,
    any_,
    bindparam,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from examsrv.storage.pipelined import UNANSWERED

PLACES = {"sqlite": "qmark", "postgresql": "format"}
"""How each kind of database is told of values by their places in a row."""
TOGETHER = "postgresql"
BETWEEN = "\0"
"""What no text in PostgreSQL has."""
UNQUOTED: Mapping[type, Callable[[Any], str]] = {int: int.__repr__, bool: int.__repr__, float: float.__repr__, datetime: datetime.isoformat}
"""How PostgreSQL reads in an array what needs no quotation marks; each refuses a value of another type."""
Making = Sequence[tuple[int, Callable[[Any], Any]]]


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A statement as its driver takes it, and by place what makes of a value that which is stored, or of what is stored the value."""

    text: str
    making: Making


class ManyRows:
    """A statement that is carried out with each of many rows. `columns` are the types of a row's values by name, in the order of the values.

    `statement` is given what stands for each value, by name, and uses each once, in the same order.
    """

    def __init__(self, columns: Mapping[str, TypeEngine[Any]], statement: Callable[[Mapping[str, ColumnElement[Any]]], Insert | Update]) -> None:
        self._columns = dict(columns)
        self._statement = statement
        self._spelled: dict[str, _Spelled] = {}

    def write(self, connection: Connection, rows: Sequence[list[Any]]) -> None:
        """Carry the statement out with `rows`, at least one."""
        dialect = connection.dialect
        spelled = self._spelled.get(dialect.name) or self._spelled.setdefault(dialect.name, self._spell(dialect))
        columns: list[Sequence[Any]] = [*zip(*rows, strict=True)]
        for place, stored in spelled.making:
            columns[place] = [None if value is None else stored(value) for value in columns[place]]
        if dialect.name == TOGETHER:
            connection.exec_driver_sql(spelled.text, tuple(map(array, columns)), execution_options=UNANSWERED)
        else:
            connection.exec_driver_sql(spelled.text, [*zip(*columns, strict=True)])

    def _spell(self, dialect: Dialect) -> _Spelled:
        kinds = self._columns
        if dialect.name == TOGETHER:
            arrays = (bindparam(name, type_=ARRAY(kind)) for name, kind in kinds.items())
            rows = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in kinds.items()))
            values: dict[str, ColumnElement[Any]] = dict(rows.render_derived().c)
        else:
            values = {name: bindparam(name, type_=kind) for name, kind in kinds.items()}
        text, names = _compiled(self._statement(values), dialect)
        if names != [*kinds]:
            raise ValueError(f"the parameters are {names}")
        makes = (json.dumps if isinstance(kind, JSON) else kind.dialect_impl(dialect).bind_processor(dialect) for kind in kinds.values())
        return _Spelled(text, [(place, make) for place, make in enumerate(makes) if make is not None])


def insertion(table: Table, names: Sequence[str]) -> ManyRows:
    """Return the statement that adds rows with the columns `names` to a table."""

    def statement(new: Mapping[str, ColumnElement[Any]]) -> Insert:
        are_given = all(isinstance(value, BindParameter) for value in new.values())
        return insert(table).values(dict(new)) if are_given else insert(table).from_select(list(new), select(*new.values()))

    return ManyRows({name: table.c[name].type for name in names}, statement)


class ManyKeys:
    """A query for the rows in which `key` is one of many."""

    def __init__(self, query: Select[*tuple[Any, ...]], key: ColumnElement[Any]) -> None:
        self._query = query
        self._key = key
        self._spelled: dict[str, _Spelled] = {}

    def read(self, connection: Connection, keys: Sequence[Any]) -> Iterator[list[Any]]:
        """Yield the values of each row that is found."""
        dialect = connection.dialect
        spelled = self._spelled.get(dialect.name) or self._spelled.setdefault(dialect.name, self._spell(dialect))
        asked = array(keys) if dialect.name == TOGETHER else json.dumps(list(keys))
        for found in connection.exec_driver_sql(spelled.text, (asked,)):
            row = list(found)
            for place, value in spelled.making:
                if row[place] is not None:
                    row[place] = value(row[place])
            yield row

    def _spell(self, dialect: Dialect) -> _Spelled:
        if dialect.name == TOGETHER:
            is_asked_for = self._key == any_(bindparam("keys", type_=ARRAY(self._key.type)))
        else:
            is_asked_for = self._key.in_(select(func.json_each(bindparam("keys", type_=String())).table_valued("value").c.value))
        query = self._query.where(is_asked_for)
        text, _names = _compiled(query, dialect)
        makes = (each.type.dialect_impl(dialect).result_processor(dialect, None) for each in query.selected_columns)
        return _Spelled(text, [(place, make) for place, make in enumerate(makes) if make is not None])


def array(values: Sequence[Any]) -> str:
    """Return values of one type, or None, as PostgreSQL writes an array of them. ValueError: a text that it cannot keep.

    psycopg puts arrays together value by value; a batch has a dozen of them.
    """
    if None in values:
        return "{" + ",".join("NULL" if value is None else array([value])[1:-1] for value in values) + "}"
    if not values:
        return "{}"
    if not isinstance(values[0], str):
        spell = UNQUOTED.get(type(values[0]))
        if spell is None:
            raise TypeError(f"{type(values[0]).__name__} in an array")
        return "{" + ",".join(map(spell, values)) + "}"
    joined = BETWEEN.join(values)
    if joined.count(BETWEEN) >= len(values):
        raise ValueError("a text with a NUL in it")
    quoted = joined.replace("\\", r"\\").replace('"', r"\"").replace(BETWEEN, '","')
    return f'{{"{quoted}"}}'


def _compiled(statement: Insert | Update | Select[*tuple[Any, ...]], dialect: Dialect) -> tuple[str, list[str]]:
    """Return a statement's text as its driver takes it, and the names of its parameters in the order of their places."""
    kind: Any = type(dialect)
    compiled: Any = statement.compile(dialect=kind(paramstyle=PLACES[dialect.name]))
    return compiled.string, compiled.positiontup
