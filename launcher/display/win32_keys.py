"""The key that locks, wherever the focus is on a desktop of Windows. Not run so far.

It is Windows+F12: F12 alone is the debugger's there (RegisterHotKey), and Windows+L locks the computer itself. No key
brings the launcher back, for Windows has Alt+Tab.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from launcher.win32.messages import MessageThread
from launcher.win32.ports import MOD_NOREPEAT, MOD_WIN, VK_F12, WM_HOTKEY, WM_QUIT, User32

AGAIN_MS: Final = 1000
"""A key that another program has is tried again after this time."""

_NUMBER: Final = 1

log = logging.getLogger(__name__)


class Win32LockKey:
    """The :class:`launcher.display.ports.LockKey` of a desktop, in a thread that has its messages."""

    def __init__(self, user32: User32, pressed: Callable[[], None]) -> None:
        self._user32 = user32
        self._pressed = pressed
        self._thread: MessageThread | None = None
        self._said = False

    def take(self) -> None:
        """Take the key as soon as it can be had; does not wait."""
        if self._thread is None:
            self._thread = MessageThread(self._user32, "lock key", self._keep)

    def give_back(self) -> None:
        """Let others have it; does not wait."""
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.end()

    def _keep(self, thread: MessageThread) -> None:
        while not self._user32.register_key(_NUMBER, MOD_WIN | MOD_NOREPEAT, VK_F12):
            if not self._said:
                self._said = True
                log.warning("the lock key is another program's on this desktop")
            if thread.next(AGAIN_MS) == WM_QUIT:
                return
        try:
            while (message := thread.next()) != WM_QUIT:
                if message == WM_HOTKEY:
                    self._pressed()
        finally:
            self._user32.unregister_key(_NUMBER)
