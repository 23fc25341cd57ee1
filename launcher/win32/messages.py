"""A thread that waits for messages of Windows, and is told to end by one."""

from __future__ import annotations

import threading
from collections.abc import Callable

from launcher.win32.ports import WM_QUIT, User32


class MessageThread:
    """A thread with a queue of messages, in which ``work`` runs until it ends or hears WM_QUIT."""

    def __init__(self, user32: User32, name: str, work: Callable[[MessageThread], None]) -> None:
        self._user32 = user32
        self._work = work
        self._thread = 0
        self._ended = threading.Event()
        threading.Thread(target=self._run, name=name, daemon=True).start()

    def next(self, within_ms: int | None = None) -> int:
        """Return the next message of the thread, which alone may ask; WM_QUIT once it is to end."""
        return WM_QUIT if self._ended.is_set() else self._user32.next_message(within_ms)

    def end(self) -> None:
        """Have it end; does not wait."""
        self._ended.set()
        # A thread that has no queue yet finds the word above when it has one.
        if self._thread:
            self._user32.quit(self._thread)

    def _run(self) -> None:
        self._thread = self._user32.begin_messages()
        if not self._ended.is_set():
            self._work(self)
