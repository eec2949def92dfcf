import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from examsrv import services
from examsrv.services.placing import on_any_core, stay_on_one_core

CORES = os.sched_getaffinity(0)
TELL = "import os; print(sorted(os.sched_getaffinity(0)))"
STARTS = re.compile(r"subprocess\.(run|Popen)\(|ProcessPoolExecutor\(|\.Process\(")


def cores_of_a_child() -> set[int]:
    told = subprocess.run([sys.executable, "-c", TELL], capture_output=True, text=True, check=True).stdout
    return {int(core) for core in re.findall(r"\d+", told)}


def as_a_server() -> list[set[int]]:
    stay_on_one_core()
    with on_any_core():
        child = cores_of_a_child()
    return [os.sched_getaffinity(0), child, cores_of_a_child()]


def test_a_servers_threads_share_one_core_and_what_it_starts_runs_on_any() -> None:
    with ThreadPoolExecutor(1) as server:  # the cores belong to the thread, which ends here
        own, started, forgotten = server.submit(as_a_server).result()
    assert (own, started, forgotten) == ({max(CORES)}, CORES, {max(CORES)})
    assert os.sched_getaffinity(0) == CORES


def test_every_service_that_starts_a_process_lets_it_run_on_any_core() -> None:
    files = {file.name: file.read_text(encoding="utf-8") for file in Path(services.__file__).parent.glob("*.py")}
    starting = {name for name, text in files.items() if STARTS.search(text)}
    assert {"drawing_child.py", "holding_child.py", "reading_items.py", "reading_tables.py", "rehearsal_child.py"} <= starting
    assert [name for name in sorted(starting) if "on_any_core()" not in files[name]] == []
