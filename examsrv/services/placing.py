"""Which processor cores do what: the server's threads share one, what they start runs on any.

Python lets one thread of a process run at a time. Where the threads that take turns sit on different cores, each turn wakes another core, and a save
takes many turns: on one core the same processor time carries half as many saves again (`make bench`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

HAS_CORES = hasattr(os, "sched_setaffinity")  # Linux; elsewhere the machine places threads as it likes
_given: set[int] = set()


def stay_on_one_core() -> None:
    """Keep this thread, and those it starts from now on, on the last of the cores that the process was given: the first answers the devices."""
    if HAS_CORES:
        _given.update(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {max(_given)})


@contextmanager
def on_any_core() -> Iterator[None]:
    """Let what is started inside run on all cores that the process was given: a child works beside the server, not in its place."""
    if not _given:
        yield
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _given)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)
