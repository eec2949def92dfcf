"""Figures for Prometheus: how much is asked and saved, how long saving takes, whether everything beside the requests is alive. No names, no ids.

What the saving route pays is one count and one observation; the rest is worked out when somebody asks.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from importlib.metadata import version
from typing import Any

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from examsrv.services.counting import attempts_by_phase
from examsrv.services.timekeeping import kept_mark
from examsrv.web.clock import stopwatch
from examsrv.web.server import Server

disable_created_metrics()  # type: ignore[no-untyped-call]  # when a count began interests nobody

EXTENSION = "examsrv.metrics"
OK = 200
STEPS_ROUTE, HAND_IN_ROUTE = "/exam/api/steps", "/exam/api/hand-in"
OPEN_ROUTE, SHELL_ROUTE = "/exam/api/open", "/exam/paper"
SAVING = ("candidate.steps", "candidate.hand_in")
UNKNOWN_ROUTE = "none"
SAVE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


@dataclass(frozen=True, slots=True)
class Meters:
    """What counts requests that never come to the framework: saves and papers handed in with their seconds, openings, a paper's shell."""

    saved: Callable[[float], None]
    handed_in: Callable[[float], None]
    opened: Callable[[], None]
    shown: Callable[[], None]


def install_metrics(app: Flask, server: Server) -> Meters:
    """Count every request by the template of its route, and time the routes that save. Call it when all routes are there.

    Returns what counts the requests that take the short way.
    """
    registry = CollectorRegistry()
    requests = Counter("examsrv_requests", "Requests answered, by the template of the route and by status.", ["route", "status"], registry=registry)
    latency = Histogram("examsrv_save_seconds", "From a save read to its acknowledgement.", ["route"], buckets=SAVE_SECONDS, registry=registry)
    batches = Histogram("examsrv_journal_batch_size", "Saves committed together.", buckets=BATCH_SIZES, registry=registry)
    ProcessCollector(registry=registry)
    registry.register(_Standing(server))
    server.journal.observe = batches.observe
    app.extensions[EXTENSION] = registry
    counted: dict[tuple[str, int], Counter] = {}

    @app.after_request
    def count(response: Response) -> Response:
        rule = request.url_rule
        key = (UNKNOWN_ROUTE if rule is None else rule.rule, response.status_code)
        found = counted.get(key)
        if found is None:
            found = counted[key] = requests.labels(*key)
        found.inc()
        return response

    for endpoint in SAVING:
        app.view_functions[endpoint] = _timed(app.view_functions[endpoint], latency.labels(endpoint.partition(".")[2]))

    def meter(route: str) -> Callable[[float], None]:
        count, seconds = requests.labels(route, OK), latency.labels(route.rpartition("/")[2].replace("-", "_"))

        def note(taken: float) -> None:
            count.inc()
            seconds.observe(taken)

        return note

    return Meters(meter(STEPS_ROUTE), meter(HAND_IN_ROUTE), requests.labels(OPEN_ROUTE, OK).inc, requests.labels(SHELL_ROUTE, OK).inc)


def exposition(app: Flask) -> bytes:
    """Return all figures in Prometheus's text format."""
    return generate_latest(app.extensions[EXTENSION])


def _timed(view: Callable[..., Any], latency: Histogram) -> Callable[..., Any]:
    @wraps(view)  # the access that the view declares goes with it
    def timed(*arguments: Any, **values: Any) -> Any:
        begun = stopwatch()
        try:
            return view(*arguments, **values)
        finally:
            latency.observe(stopwatch() - begun)

    return timed


def _stored(server: Server, boot: timedelta) -> Iterator[Metric]:
    with server.database.reading() as session:
        phases, mark = attempts_by_phase(session), kept_mark(session)
    attempts = GaugeMetricFamily("examsrv_attempts", "Attempts by phase.", labels=["phase"])
    for phase, number in phases.items():
        attempts.add_metric([phase], number)
    yield attempts
    if mark is not None and mark.boot_id == server.clock.boot_id():
        age = (boot - mark.boot).total_seconds()
        yield GaugeMetricFamily("examsrv_clock_mark_age_seconds", "Since the exam clock was last written down.", age)


class _Standing(Collector):
    """What is looked up when somebody asks."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def collect(self) -> Iterator[Metric]:
        server = self._server
        boot = server.clock.boot()
        with suppress(SQLAlchemyError):  # a database that does not answer is told by its missing figures, and by /readyz
            yield from _stored(server, boot)
        heard = sum(boot - beat.heard <= server.settings.offline_after for beat in list(server.beats.values()))
        yield GaugeMetricFamily("examsrv_candidates_connected", "Candidates' machines heard of lately.", heard)
        if server.swept is not None:
            age = (boot - server.swept).total_seconds()
            yield GaugeMetricFamily("examsrv_sweep_age_seconds", "Since overdue attempts were last looked for.", age)
        disk = shutil.disk_usage(server.settings.data_folder)
        yield GaugeMetricFamily("examsrv_disk_free_bytes", "Free on the disk of the data folder.", disk.free)
        yield GaugeMetricFamily("examsrv_disk_size_bytes", "Size of the disk of the data folder.", disk.total)
        yield GaugeMetricFamily("examsrv_journal_up", "Whether the journal's thread is alive.", int(server.journal.is_alive))
        build = GaugeMetricFamily("examsrv_build_info", "The version that runs.", labels=["version"])
        build.add_metric([version("examsrv")], 1)
        yield build
