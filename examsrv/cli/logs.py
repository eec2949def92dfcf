"""What the server writes to the error stream: one JSON object a line, without names, numbers or answers.

A fault is told with its traceback, but never with the values of its variables: they may hold a candidate's name.
"""

import sys

import structlog


def configure_logs() -> None:
    """Write the logs of this process as JSON lines."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
