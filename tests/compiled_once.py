"""Each test has a database and often an application of its own. What these would compile anew every time, a test run compiles once.

Statements, templates and routes are compiled from what they say alone, so that nothing passes from one test to the next. It is two fifths of the time
of the tests of services and pages. What was loaded stays out of every search for garbage.
"""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import flask
import pytest
import sqlalchemy
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

STATEMENTS_KEPT = 10_000


class Templates(BytecodeCache):
    """Compiled templates in memory, by name and text."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if compiled := self._compiled.get(bucket.key + bucket.checksum):
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


class Engines:
    """Makes engines that share the statements they compiled, with all others of their kind."""

    def __init__(self) -> None:
        self._first: dict[str, Engine] = {}

    def create(self, url: Any, **options: Any) -> Engine:
        engine = sqlalchemy.create_engine(url, query_cache_size=STATEMENTS_KEPT, **options)
        first = self._first.setdefault(engine.name, engine)
        if hasattr(first.dialect, "server_version_info"):  # it was connected, so its dialect knows the server
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine


class Routes:
    """Makes the functions that write a route's address, one for all routes that are written alike."""

    def __init__(self, compile_builder: Callable[[Rule, bool], Any]) -> None:
        self._compile = compile_builder
        self._compiled: dict[tuple[object, ...], Any] = {}

    def builder(self, rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:  # they are compiled in
            return self._compile(rule, append_unknown)
        key = (rule.rule, *rule._trace, append_unknown)
        if key not in self._compiled:
            self._compiled[key] = self._compile(rule, append_unknown)
        return self._compiled[key]


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Let all databases and applications of the run share what they compile."""
    from examsrv.storage import database

    routes = Routes(Rule._compile_builder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", Engines().create)
        patch.setattr(Rule, "_compile_builder", lambda rule, append_unknown=True: routes.builder(rule, append_unknown))
        patch.setattr(flask.Flask, "jinja_options", {"bytecode_cache": Templates()})
        yield


def pytest_collection_finish() -> None:
    """Leave thousands of tests and their modules, which stay to the end, out of every later search for garbage."""
    gc.collect()
    gc.freeze()
