"""The window of another process: found, to be shown inside one of ours."""

from __future__ import annotations

import time
from contextlib import closing, suppress
from typing import Final

from launcher.display.x_server import DisplayGoneError, XServer

AGAIN_S: Final = 0.02


def window_of(display_name: str, pid: int, within_s: float, known: tuple[int, ...] = ()) -> int:
    """Return the first window of a process that can be seen and is no menu, or 0 where none comes in time; blocks.

    ``known``: those that are not looked for.
    """
    until = time.monotonic() + within_s
    with suppress(DisplayGoneError), closing(XServer(display_name)) as server:
        while True:
            for window in _below(server):
                facts = server.facts(window) if window not in known else None
                if facts is not None and facts.viewable and not facts.popup and server.pid_of(window) == pid:
                    return window
            if time.monotonic() > until:
                return 0
            server.forget_pids()
            time.sleep(AGAIN_S)
    return 0


def leave_manager(display_name: str, window: int, within_s: float) -> None:
    """Take a window from its manager, which else would go on with it after it stands in ours; blocks."""
    until = time.monotonic() + within_s
    with suppress(DisplayGoneError), closing(XServer(display_name)) as server:
        server.unmap(window)
        while server.parent(window) not in (0, server.root) and time.monotonic() < until:
            time.sleep(AGAIN_S)


def _below(server: XServer) -> tuple[int, ...]:
    """Return the windows below the root, and those in a manager's frames."""
    managed = server.numbers(server.root, "_NET_CLIENT_LIST")
    return managed or server.children(server.root)
