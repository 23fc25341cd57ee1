"""Debian's Chromium as the managed browser: one that runs for several tests, out of sight."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TypeVar

from launcher.shell.surfaces.managed.browser import ManagedBrowser, Start
from tests.servers.process import programs_missing

_T = TypeVar("_T")

WITHIN_S = 60.0


def missing() -> str | None:
    """What is not installed, if anything."""
    if find_spec("choreographer") is None:
        return "choreographer: not installed (extra: managed)"
    return programs_missing("chromium", "chromium")


class Room:
    """A loop in a thread of its own, for what lives in an engine's loop, and a browser in it."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="engine", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[object, object, _T]) -> _T:
        """Run a coroutine in the loop to its end."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN_S)

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def running_chromium(start: Start | None = None) -> Iterator[tuple[Room, ManagedBrowser]]:
    """A room and a browser in it, both ended afterwards."""
    room = Room()
    try:
        browser = room.run(ManagedBrowser.start(start or Start(("chromium",))))
        try:
            yield room, browser
        finally:
            room.run(browser.end())
    finally:
        room.close()
