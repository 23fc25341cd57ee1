"""The station's half of the first words: they are read without the models of the other messages."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from launcher.wire.first_words import beat_line, shown_line, warm_line

Kind = Literal["warm", "shown", "beat"]

_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class FirstWord:
    """A ``Warm``, ``Shown`` or ``Beat``; ``figure`` is the one it carries."""

    kind: Kind
    figure: float


def first_word(untrusted_line: bytes) -> FirstWord | None:
    """Read a line that is byte for byte as a session writes it; any other is the codec's to read or refuse."""
    figure = _figure(untrusted_line)
    if figure is None:
        return None
    return next((FirstWord(kind, figure) for kind, line in _LINES if line(figure) == untrusted_line), None)


def _figure(untrusted_line: bytes) -> float | None:
    if len(untrusted_line) > _LONGEST or not untrusted_line.endswith(b"}\n"):
        return None
    digits = untrusted_line[untrusted_line.rfind(b":") + 1 : -2]
    try:
        figure = int(digits) if digits.isdigit() else float(digits)
    except ValueError:
        return None
    return figure if math.isfinite(figure) else None


def _warm(pid: float) -> bytes:
    return warm_line(pid) if isinstance(pid, int) else b""


_LINES: Final[tuple[tuple[Kind, Callable[[float], bytes]], ...]] = (
    ("beat", beat_line),
    ("warm", _warm),
    ("shown", shown_line),
)
