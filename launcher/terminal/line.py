"""What a line to a host is, whatever carries it: bytes both ways, an end, and what can be said of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from launcher.secret import Secret


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A new password for a host that wants one before it gives a line; ``keep`` is waited for before it is given."""

    secret: Secret
    keep: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known of a line for a person and for what is reported as left signed on."""

    host: str
    port: int
    encrypted: bool
    line: str = ""
    """What the host calls it, where it does: an LU name, a tty."""
    encoding: str = "utf-8"
    """In which the host of a VT writes and reads."""


class Line(Protocol):
    """An open line; called from the engine's loop."""

    @property
    def facts(self) -> LineFacts:
        """What is known of it so far."""
        ...

    async def read(self) -> bytes:
        """Return what came next, at most some 64 KiB; b"" at the end. Raises :class:`TerminalLineError`."""
        ...

    async def write(self, data: bytes) -> None:
        """Send, and wait while the host takes nothing more. Raises :class:`TerminalLineError` at its end."""
        ...

    async def resize(self, rows: int, columns: int) -> None:
        """Tell the host another size, where the line can."""
        ...

    async def close(self) -> bool:
        """End it now, and return whether the host has confirmed it; what is closed already is no fault."""
        ...
