"""A statement for many rows: spelled out once for each kind of database, so that SQLAlchemy does not look at every value of every row anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Insert, Update

PLACES = {"sqlite": "qmark", "postgresql": "format"}
"""How each kind of database is told of values by their places in a row."""


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A statement as its driver takes it, and by place what makes of a value that which is stored."""

    text: str
    stored: Sequence[tuple[int, Callable[[Any], Any]]]


class ManyRows:
    """A statement that is carried out with each of many rows, whose values stand in the order of its parameters, `names`."""

    def __init__(self, statement: Insert | Update, names: Sequence[str]) -> None:
        self._statement = statement
        self._names = list(names)
        self._spelled: dict[str, _Spelled] = {}

    def write(self, connection: Connection, rows: Sequence[list[Any]]) -> None:
        """Carry the statement out with `rows`, at least one. They are used up: values in them become what is stored."""
        spelled = self._spelled.get(connection.dialect.name) or self._spell(connection.dialect)
        for place, stored in spelled.stored:
            for row in rows:
                if row[place] is not None:
                    row[place] = stored(row[place])
        connection.exec_driver_sql(spelled.text, [tuple(row) for row in rows])

    def _spell(self, dialect: Dialect) -> _Spelled:
        kind: Any = type(dialect)
        compiled: Any = self._statement.compile(dialect=kind(paramstyle=PLACES[dialect.name]))
        if compiled.positiontup != self._names:
            raise ValueError(f"the parameters are {compiled.positiontup}")
        makes = (compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names)
        stored = [(place, make) for place, make in enumerate(makes) if make is not None]
        return self._spelled.setdefault(dialect.name, _Spelled(compiled.string, stored))
