"""What a mouse does on a VT's cells, as a program is told of it that has asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MouseButton = Literal["", "left", "middle", "right", "wheel-up", "wheel-down"]


@dataclass(frozen=True, slots=True)
class MouseAct:
    """One press, release or move; a turn of the wheel is a press. Rows and columns of the screen count from 0.

    ``button`` of a move is the one that is held, "" where none is.
    """

    kind: Literal["press", "release", "move"]
    button: MouseButton
    row: int
    column: int
    shift: bool = False
    ctrl: bool = False
    alt: bool = False
