"""Logging that cannot leak: libraries that print tokens or text are turned down, and an error is
named by its type and place, never by its message."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "slack_bolt",
    "slack_sdk",
    "openai",
    "langchain",
    "presidio-analyzer",
    "uvicorn.access",
    "psycopg",
)


def configure_logging(level: int = logging.INFO) -> None:
    """Log to standard error, one line an event. httpx prints URLs, which hold the Telegram token,
    at INFO; presidio prints text at DEBUG."""
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # It logs tracebacks of what we cancel; a sweep that fails is logged by `bot.schedule`.
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)


def where(exc: BaseException) -> str:
    """`ValueError in mood.py:41`. The message is left out: it may quote a person."""
    trace = exc.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace is None:
        return type(exc).__name__
    file = Path(trace.tb_frame.f_code.co_filename).name
    return f"{type(exc).__name__} in {file}:{trace.tb_lineno}"
