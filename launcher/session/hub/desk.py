"""What the hub's parts change of the session around them."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Protocol

from launcher.session.snapshot import NoticeKind, Snapshot
from launcher.session.states import State


class HubDesk(Protocol):
    """The picture, the state, the notices and the tasks of the session."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    @property
    def state(self) -> State:
        """What the session is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    def notice(self, what: NoticeKind, *, system: str = "", text: str = "") -> None:
        """Say a fact in the strip."""
        ...

    def end_itself(self) -> None:
        """End this process: what it was for is done, and the station has shown another screen or does so."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...
