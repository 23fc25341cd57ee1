"""The hub's log: a line of JSON for each thing, to standard error. No secret, no name of an officer, nothing sent.

Of a fault it has the kind and the places in the code, never its words: a library's may repeat what it was given.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parent.parent.parent
_UNTOLD: Final = ("Exception in ASGI application", "Cancel 0 running task(s)")
"""What the server says of a fault that the application has told, and of a connection that nobody used."""


class AsJson(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": record.getMessage()[:2000],
            "process": record.process,
        }
        if record.exc_info is not None and record.exc_info[1] is not None:
            line |= fault_said(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def fault_said(fault: BaseException) -> dict[str, object]:
    """Return the kind of a fault and where it came about."""
    frames = traceback.extract_tb(fault.__traceback__)
    return {
        "fault": type(fault).__name__,
        "where": [f"{_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames][-12:],
    }


def log_to_standard_error(level: int = logging.INFO) -> None:
    """Begin to log: the hub's own words from ``level`` on, the libraries' warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson())
    handler.addFilter(_once)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("launcher").setLevel(level)


def _once(record: logging.LogRecord) -> bool:
    return not any(str(record.msg).startswith(words) for words in _UNTOLD)


def _place(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
