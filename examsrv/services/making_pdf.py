"""PDF of forms: made in a process of its own, which never opens the database. What the system has to provide for it, and whether that is there."""

import ctypes
import json
import shutil
import subprocess
import sys
from datetime import timedelta
from functools import cache
from pathlib import Path

from examsrv.services import pdf_child
from examsrv.services.placing import on_any_core
from question_bank.message import N_, ExamError, Message

CHILD_SECONDS = timedelta(seconds=150)
FC_LIST = "fc-list"
CHINESE = ":lang=zh-cn"
LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0", "libharfbuzz-subset.so.0", "libfontconfig.so.1")
"""What WeasyPrint loads, by the names that Linux knows it by."""

NO_PANGO = Message(
    N_("No PDF can be made: Pango is not installed on the server. Take the print view, which any browser makes a PDF of, or the workbook.")
)
TAKES_TOO_MUCH = Message(N_("The PDF takes too much time or memory. Print fewer forms at once, or take the print view or the workbook."))


@cache
def lacking_for_pdf() -> Message | None:
    """Say why no PDF can be made here; None: it can. Asked once: what is installed meanwhile is seen after a restart."""
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return NO_PANGO
    return None


def has_chinese_font() -> bool:
    """Tell whether the server has a font with Chinese characters."""
    program = shutil.which(FC_LIST)
    if program is None:
        return False
    found = subprocess.run([program, CHINESE, "family"], capture_output=True, timeout=CHILD_SECONDS.total_seconds(), check=False)  # noqa: S603 - fontconfig's own program, with fixed words
    return bool(found.stdout.strip())


def pdf_of(html: str, style: str) -> bytes:
    """Return the PDF of a page under its style sheet. Refused in words where Pango is not installed, or when it takes too much."""
    command = [sys.executable, "-I", str(Path(pdf_child.__file__))]
    asked = json.dumps({"html": html, "style": style}).encode()
    try:
        with on_any_core():
            child = subprocess.run(command, input=asked, capture_output=True, timeout=CHILD_SECONDS.total_seconds(), check=True)  # noqa: S603 - our own file
    except subprocess.CalledProcessError as error:
        raise ExamError(NO_PANGO if error.returncode == pdf_child.LACKS_PANGO else TAKES_TOO_MUCH) from error
    except subprocess.TimeoutExpired as error:
        raise ExamError(TAKES_TOO_MUCH) from error
    return child.stdout
