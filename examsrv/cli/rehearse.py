"""`examsrv rehearse`: virtual candidates and proctors hold a whole examination, and everything they were told is checked."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from examsrv.cli.json_file import write_json
from examsrv.cli.progress import stage_for
from examsrv.cli.refusing import refusing
from examsrv.cli.running import moment_without_server, opened_database, require_current, secret_of
from examsrv.config import from_environment
from examsrv.rehearsal.client import address_of, tls_of
from examsrv.rehearsal.directing import Order, rehearse_at, rehearse_on_own_server
from examsrv.rehearsal.performing import Stage
from examsrv.rehearsal.setting_up import MOST_CANDIDATES
from examsrv.services.rehearsal_reports import Report, report_from
from examsrv.services.rehearsing import mark_for_rehearsal
from examsrv.web.chance import seed as drawn_seed
from examsrv.web.translation import translator
from question_bank.message import N_, ExamError, Message

CANDIDATES, MINUTES, MOST_MINUTES, MOST_KILLS = 200, 2.0, 120.0, 200
SMALL_SEEDS = 10**9
SAID_AGAIN_SECONDS = 0.05
FAULTY = 1


@click.command("rehearse", help="Rehearse an examination with virtual candidates and proctors, and check every answer and mark.")
@click.option("--candidates", type=click.IntRange(1, MOST_CANDIDATES), default=CANDIDATES, show_default=True, help="How many candidates.")
@click.option("--minutes", type=click.FloatRange(0, MOST_MINUTES, min_open=True), default=MINUTES, show_default=True, help="How long they answer.")
@click.option("--kill", "kills", type=click.IntRange(0, MOST_KILLS), default=0, show_default=True, help="How often the own server is killed with -9.")
@click.option("--seed", type=click.IntRange(min=0), help="Where abilities, answers and moments come from. Drawn if not given.")
@click.option("--url", help="Address of a server that runs on the configured database, which is marked for rehearsals. Else an own server is used.")
@click.option("--authority", type=click.Path(exists=True, dir_okay=False), help="Certificate of the private authority that the address uses.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file.")
@click.option("--progress", type=click.Path(dir_okay=False, path_type=Path), help="Write how far it is to this file instead of the screen.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where the own server keeps its data meanwhile: this disk is tried.")
@click.option("--mark", is_flag=True, help="Only mark the configured, empty database for rehearsals, for ever.")
def rehearse(
    candidates: int,
    minutes: float,
    kills: int,
    seed: int | None,
    url: str | None,
    authority: str | None,
    file: Path | None,
    progress: Path | None,
    folder: Path | None,
    mark: bool,
) -> None:
    """Rehearse and print what came of it; exit 0 only when everything was right."""
    if url and kills:
        raise click.UsageError("--kill needs the own server, which is used without --url.")
    end_when_told()
    say = translator()
    with refusing():
        if mark:
            mark_configured()
            click.echo(say(Message(N_("The database is marked for rehearsals only."))))
            return
        order = Order(candidates, minutes, kills, drawn_seed() % SMALL_SEEDS if seed is None else seed)
        report = rehearsed(order, url, authority, folder, stage_for(say, progress))
        if file is not None:
            write_json(report, file)
    shown = report_from(report)
    for message in summary(shown):
        click.echo(say(message))
    for fault in shown.faults:
        click.echo(say(fault), err=True)
    if not shown.is_right:
        raise SystemExit(FAULTY)


def end_when_told() -> None:
    """Let SIGTERM, from a service or a page, end this process as Ctrl-C does: nothing is left running.

    Where it comes while memory is cleared up, Python drops what it raises: then it is said again a moment later.
    """
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))

    def say_again(dropped: "sys.UnraisableHookArgs") -> None:
        if dropped.exc_type is KeyboardInterrupt:
            threading.Timer(SAID_AGAIN_SECONDS, os.kill, (os.getpid(), signal.SIGTERM)).start()
        else:
            sys.__unraisablehook__(dropped)

    sys.unraisablehook = say_again


def mark_configured() -> None:
    """Mark the configured database; refused where anybody has an account."""
    with opened_database() as database:
        require_current(database)
        at = moment_without_server(database)
        with database.writing() as session:
            mark_for_rehearsal(session, at)


def rehearsed(order: Order, url: str | None, authority: str | None, folder: Path | None, told: Stage) -> dict[str, Any]:
    """Return the report of a rehearsal at `url`, or on an own server with its data in `folder`, without one beside the configured data."""
    config = from_environment()
    if url is None:
        return rehearse_on_own_server(folder or config.data_folder, order, told)
    try:
        tls = tls_of(address_of(url), authority)
    except ValueError as error:
        raise ExamError(Message(N_("%(url)s is no address such as https://exam.example"), {"url": url})) from error
    with opened_database() as database:
        require_current(database)
        return rehearse_at(url, tls, database, secret_of(config), moment_without_server(database), order, told)


def summary(report: Report) -> Iterator[Message]:
    """Yield what a report says, line by line."""
    text = N_("Rehearsal with %(candidates)d candidates in %(rooms)d rooms, %(minutes)s minutes, seed %(seed)s, %(database)s")
    named = {"candidates": report.candidates, "rooms": report.rooms, "minutes": report.minutes, "database": report.database}
    yield Message(text, {**named, "seed": str(report.seed)})
    for act in report.acts:
        line = N_("%(act)s: p50 %(p50)s ms, p95 %(p95)s ms, p99 %(p99)s ms, longest %(max)s ms (%(count)d)")
        figures = {"p50": act.p50, "p95": act.p95, "p99": act.p99, "max": act.longest}
        yield Message(line, {"act": act.name, "count": act.count, **{name: f"{value:.1f}" for name, value in figures.items()}})
    yield Message(
        N_("Requests: %(requests)d, without an answer: %(unanswered)d, answered wrongly: %(errors)d"),
        {"requests": report.requests, "unanswered": report.unanswered, "errors": report.errors},
    )
    if report.rate is not None:
        yield Message(N_("Requests per second of the server's processor time: %(rate)s"), {"rate": f"{report.rate:.0f}"})
    steps = {"sent": report.sent, "acknowledged": report.acknowledged, "stored": report.stored}
    yield Message(N_("Steps: %(sent)d sent, %(acknowledged)d acknowledged, %(stored)d stored"), steps)
    yield Message(N_("Marks compared: %(count)d"), {"count": report.marks})
    yield from report.kills
    if report.is_right:
        yield Message(
            N_("Everything was right: what was acknowledged is stored, once and as it was sent, and every mark is the one that was earned.")
        )
