"""The first words of a session and its station, line by line, before either has loaded the models of the others.

They are messages of :mod:`launcher.wire.messages` like all others; a test holds the two against each other.
"""

from __future__ import annotations

import json
from typing import Final

VERSION: Final = 1

SHOW_LINE: Final = b'{"v":1,"kind":"show","name":"","focus":"name"}\n'
"""The plain wish for a sign-in screen, byte for byte: any other line is for the codec to read."""


def warm_line(pid: int) -> bytes:
    """Return the line of a ``Warm``."""
    return _line({"kind": "warm", "pid": pid})


def shown_line(took_ms: float) -> bytes:
    """Return the line of a ``Shown``."""
    return _line({"kind": "shown", "took_ms": took_ms})


def beat_line(screen_age_ms: float) -> bytes:
    """Return the line of a ``Beat``."""
    return _line({"kind": "beat", "screen_age_ms": screen_age_ms})


def _line(message: dict[str, str | int | float]) -> bytes:
    return json.dumps({"v": VERSION, **message}, separators=(",", ":")).encode() + b"\n"
