"""What an officer's sitting changes of the session around it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from launcher.session.snapshot import Snapshot


class Desk(Protocol):
    """What a sitting changes: the picture, the notices, and the tasks of the session."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    def ready(self, system: str, took_ms: float) -> None:
        """Say that a system is ready."""
        ...

    def left_out(self, count: int) -> None:
        """Say that entries of the catalogue are left out because they are faulty."""
        ...

    def left_signed_on(self, where: str) -> None:
        """Say to the station where a sign-off was not confirmed."""
        ...

    def not_kept(self, system: str, why: str) -> None:
        """Say that an officer's own password for a system is not kept."""
        ...

    def reopened(self, count: int, not_opened: tuple[str, ...]) -> None:
        """Say how many systems are opened again, and which are not."""
        ...

    def signed_off(self, system: str) -> None:
        """Say that a system had signed the officer off, and that they are signed on again."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...
