"""The station's log: one JSON object a line, to a file that turns over and to standard error; never a secret.

Only fields on the allow-list are written: a new field is a decision, not an accident. Of an exception we did not write
ourselves its type and place are kept and its text is not, since nobody knows what the text holds.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError

FIELDS: Final = frozenset(
    {
        "again_in_s",
        "command",
        "ended_processes",
        "fault",
        "found",
        "how",
        "in_memory",
        "in_s",
        "kind",
        "message",
        "method",
        "ms",
        "number",
        "officer",
        "outcome",
        "pid",
        "reason",
        "record",
        "reference",
        "remained",
        "scanned",
        "session",
        "signal",
        "state_dir",
        "system",
        "systems",
        "times",
        "unscanned",
    }
)

Field = str | int | float | bool | tuple[str, ...] | None

_MAX_BYTES: Final = 2 * 1024 * 1024
_KEPT_FILES: Final = 5


def say(logger: logging.Logger, event: str, /, *, level: int = logging.INFO, **fields: Field) -> None:
    """Write an event with its fields; a field that is not on the allow-list is named and not written."""
    kept = {name: value for name, value in fields.items() if name in FIELDS}
    refused = sorted(fields.keys() - FIELDS)
    if refused:
        kept["fault"] = f"fields not allowed: {', '.join(refused)}"
    logger.log(level, event, extra={"fields": kept})


class JsonLines(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without its end."""
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "from": record.name,
            "event": record.getMessage(),
        }
        fields = getattr(record, "fields", None)
        if isinstance(fields, dict):
            line.update((str(name), value) for name, value in fields.items())
        if record.exc_info is not None and record.exc_info[1] is not None:
            line["fault"] = _fault(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class _PrivateFile(RotatingFileHandler):
    """A file nobody else can read, from its first byte."""

    def _open(self) -> TextIOWrapper:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8")


class OpenLog:
    """The handlers of one station, put on the logger ``launcher`` until :meth:`close`."""

    def __init__(self, folder: Path, *, stderr_level: int = logging.WARNING) -> None:
        self.path = folder / "station.log"
        file = _PrivateFile(self.path, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8")
        stderr = logging.StreamHandler(sys.stderr)
        stderr.setLevel(stderr_level)
        self._handlers: tuple[logging.Handler, ...] = (file, stderr)
        self._logger = logging.getLogger("launcher")
        for handler in self._handlers:
            handler.setFormatter(JsonLines())
            self._logger.addHandler(handler)
        if self._logger.level == logging.NOTSET:
            self._logger.setLevel(logging.INFO)

    def close(self) -> None:
        """Take the handlers off and close the file."""
        for handler in self._handlers:
            self._logger.removeHandler(handler)
            handler.close()


def _fault(fault: BaseException) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    text = f": {fault.reference}: {fault.message}" if isinstance(fault, LauncherError) else ""
    return f"{type(fault).__name__}{where}{text}"
