"""PostgreSQL's engine for transactions of many statements in a row: what gives no rows is sent at once and answered with the commit.

Each answer is a moment in which a whole room waits for one batch, so a transaction of the journal has as few as its reading needs (libpq's pipeline
mode). An error of what was sent before comes with the next answer, at the latest from the commit: a commit that returns has kept everything.
"""

from contextlib import ExitStack, suppress
from typing import Any

from psycopg import Error
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event

UNANSWERED = {"examsrv_unanswered": True}
"""The execution option of statements that give no rows; other engines do not know it."""

MOST_ERRORS = 100
"""So many errors are taken before a rollback: each statement that was sent may have one."""


def pipelined_engine(url: str) -> Engine:
    """Make an engine with one connection, which is always in pipeline mode. Nobody asks it for a sign of life: see `Journal`."""
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_reset_on_return=None)
    listeners: dict[str, Any] = {
        "connect": _enter,
        "close": _leave,
        "reset": _reset,
        "begin": _begin,
        "rollback": _before_rollback,
        "after_cursor_execute": _answer,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    return engine


def _enter(connection: Any, record: Any) -> None:
    connection.autocommit = True  # the driver would wait for the answer to its BEGIN
    record.info["entered"] = entered = ExitStack()
    record.info["pipeline"] = entered.enter_context(connection.pipeline())


def _leave(_connection: Any, record: Any) -> None:
    with suppress(Error):
        record.info["entered"].close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN", execution_options=UNANSWERED)


def _answer(connection: Connection, _cursor: Any, _statement: str, _values: Any, context: Any, _are_many: Any) -> None:
    if not context.execution_options.keys() >= UNANSWERED.keys():
        connection.info["pipeline"].sync()


def _before_rollback(connection: Connection) -> None:
    if not connection.invalidated:  # else it is gone, and with it the transaction
        _take_errors(connection.info["pipeline"])


def _reset(connection: Any, record: Any, _state: Any) -> None:
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        _take_errors(record.info["pipeline"])
        connection.rollback()


def _take_errors(pipeline: Any) -> None:
    """Take the errors that are still on their way: they follow from the one that is raised, or nobody asks for them any more."""
    for _each in range(MOST_ERRORS):
        with suppress(Error):
            pipeline.sync()
            return
