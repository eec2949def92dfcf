"""Time, chance and the environment enter at one place each; everybody else is told."""

import ast
from fnmatch import fnmatchcase

import pytest

from tests.architecture.sources import Source, dotted, full_names, source, sources

PLACES = {
    "examsrv/web/clock.py": [
        "time.*",
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "datetime.date.today",
        "sqlalchemy.func.now",
        "sqlalchemy.func.current_*",
        "sqlalchemy.func.clock_timestamp",
    ],
    "examsrv/web/chance.py": [
        "random.*",
        "secrets.*",
        "os.urandom",
        "os.getrandom",
        "uuid.uuid1",
        "uuid.uuid4",
        "numpy.random.*",
        "sqlalchemy.func.random",
    ],
    "examsrv/config.py": ["os.environ*", "os.getenv*"],
}
SEEDED = {"random.Random", "numpy.random.Generator", "numpy.random.default_rng"}
"""A generator made from a given seed draws the same always; without a seed it is chance."""
CERTAIN = {"secrets.compare_digest"}
"""Nothing is drawn here."""


def strays(file: Source) -> list[str]:
    """Return place and name of every use of time, chance or environment that belongs to another file."""
    names = full_names(file.tree)
    forbidden = [pattern for place, patterns in PLACES.items() if place != file.path for pattern in patterns]
    unseeded = {id(node.func) for node in ast.walk(file.tree) if isinstance(node, ast.Call) and not node.args and not node.keywords}
    found = []
    for node in ast.walk(file.tree):
        name = dotted(node, names) if isinstance(node, (ast.Name, ast.Attribute)) else None
        if name is None or name in CERTAIN or (name in SEEDED and id(node) not in unseeded):
            continue
        if any(fnmatchcase(name, pattern) for pattern in forbidden):
            found.append(f"{file.path}:{node.lineno}: {name}")
    return found


def test_time_chance_and_environment_have_one_place_each() -> None:
    assert [fault for file in sources() for fault in strays(file)] == []


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import UTC, datetime\nat = datetime.now(UTC)",
        "import datetime as d\nat = d.datetime.now(d.UTC)",
        "from datetime import date\nday = date.today()",
        "import time\nt = time.monotonic()",
        "from time import monotonic as m\nt = m()",
        "from dataclasses import field\nfrom datetime import datetime\nat = field(default_factory=datetime.now)",
        "from sqlalchemy import func\nat = func.now()",
        "import random\nx = random.random()",
        "from random import shuffle\nshuffle(x)",
        "from random import Random\nx = Random()",
        "import numpy as np\nx = np.random.default_rng()",
        "import secrets\nx = secrets.token_hex()",
        "import os\nx = os.urandom(8)",
        "from uuid import uuid4\nx = uuid4()",
        "import os\nx = os.environ['HOME']",
        "from os import getenv\nx = getenv('HOME')",
    ],
)
def test_a_planted_use_is_reported(text: str) -> None:
    assert len(strays(source("examsrv/services/planted.py", text))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from random import Random\ndraw = Random(seed)\ndef f(draw: Random): pass",
        "import numpy as np\ndraw = np.random.default_rng(seed)",
        "from secrets import compare_digest\nok = compare_digest(a, b)",
        "from datetime import datetime\nat = datetime.fromisoformat(text)",
        "from os import PathLike, replace\nreplace(a, b)",
    ],
)
def test_what_is_told_or_seeded_is_left_alone(text: str) -> None:
    assert strays(source("examsrv/services/planted.py", text)) == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("examsrv/web/clock.py", "import time\nt = time.monotonic()"),
        ("examsrv/web/chance.py", "import secrets\nx = secrets.token_hex()"),
        ("examsrv/config.py", "import os\nx = os.environ['HOME']"),
    ],
)
def test_each_has_its_place(path: str, text: str) -> None:
    assert strays(source(path, text)) == []
    assert len(strays(source("examsrv/web/elsewhere.py", text))) == 1
