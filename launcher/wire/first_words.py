"""The first words of a session and its station, line by line, before either has loaded the models of the others.

They are messages of :mod:`launcher.wire.messages` like all others; a test holds the two against each other.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = 1

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""No message is longer."""

SHOW_LINE: Final = b'{"v":1,"kind":"show","name":"","focus":"name"}\n'
"""The plain wish for a sign-in screen, byte for byte: any other line is for the codec to read."""


def warm_line(pid: int) -> bytes:
    """Return the line of a ``Warm``."""
    return _line("warm", "pid", pid)


def shown_line(took_ms: float) -> bytes:
    """Return the line of a ``Shown``."""
    return _line("shown", "took_ms", took_ms)


def beat_line(screen_age_ms: float) -> bytes:
    """Return the line of a ``Beat``."""
    return _line("beat", "screen_age_ms", screen_age_ms)


def _line(kind: str, name: str, value: float) -> bytes:
    # Python writes a finite number as JSON does; the library for it would be loaded for these three lines alone.
    return f'{{"v":{VERSION},"kind":"{kind}","{name}":{value!r}}}\n'.encode()
