"""The server's log."""

import json

import pytest
import structlog

from examsrv.cli.logs import configure_logs


def test_a_fault_is_one_line_of_json_with_its_traceback_and_without_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    candidate = "赵钱孙"
    try:
        len(candidate) / 0
    except ZeroDivisionError as error:
        structlog.get_logger().error("fault", path="/exam/paper", exc_info=error)
    finally:
        structlog.reset_defaults()
    line = capsys.readouterr().err
    told = json.loads(line)
    assert (told["event"], told["path"], told["level"]) == ("fault", "/exam/paper", "error")
    assert "ZeroDivisionError" in told["exception"]
    assert candidate not in line
