"""The windows of a session on a desktop of Windows: off the screen while it is locked, and back as they were. Not run.

A window is hidden and shown without a word of where it lies: so it keeps its place among the others, its size, and
whether it is minimised. Nothing here waits for a program: what one has not done in time is said to be left.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import Final

from launcher.display.ports import Ours, WindowsSeen
from launcher.win32.messages import MessageThread
from launcher.win32.ports import (
    SWP_ASYNCWINDOWPOS,
    SWP_HIDEWINDOW,
    SWP_NOACTIVATE,
    SWP_NOMOVE,
    SWP_NOOWNERZORDER,
    SWP_NOSIZE,
    SWP_NOZORDER,
    SWP_SHOWWINDOW,
    WM_QUIT,
    WS_CAPTION,
    WS_EX_TOOLWINDOW,
    WS_EX_TOPMOST,
    WS_POPUP,
    User32,
)

LOOKS = 20
"""A program that shows windows without end is looked at so often in one call; later ones are hidden as they come."""

GONE_WITHIN_S = 0.5
"""How long the programs may take to hide their windows: they do it themselves, when they come to it."""

_LOOK_EVERY_S: Final = 0.005
_IN_PLACE: Final = SWP_NOMOVE | SWP_NOSIZE | SWP_NOACTIVATE | SWP_NOOWNERZORDER
_HIDE: Final = _IN_PLACE | SWP_NOZORDER | SWP_ASYNCWINDOWPOS | SWP_HIDEWINDOW
_SHOW: Final = _IN_PLACE | SWP_NOZORDER | SWP_ASYNCWINDOWPOS | SWP_SHOWWINDOW


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A window that was hidden, and whose it was: numbers are used again."""

    pid: int
    popup: bool


class Win32Windows:
    """The :class:`launcher.display.ports.SessionWindows` of the desktop that the session's process is on."""

    def __init__(self, user32: User32) -> None:
        self._user32 = user32
        self._lock = threading.Lock()
        self._ours: Ours | None = None
        self._hidden: dict[int, _Hidden] = {}
        self._focus = 0
        self._above = 0  # the lowest window that lay over our own one
        self._watcher: MessageThread | None = None

    def hide(self, ours: Ours) -> WindowsSeen:
        """Hide the windows of these processes and keep watching; again: look again."""
        with self._lock:
            first, self._ours = self._ours is None, ours
            if self._watcher is None:
                self._watcher = MessageThread(self._user32, "windows", self._watch)
            if first:
                self._focus = self._user32.foreground()
                self._above = self._lowest_above()
            for _ in range(LOOKS):
                windows = self._user32.windows()
                if windows is None:
                    return WindowsSeen(len(self._hidden), "the desktop cannot be read", answered=False)
                if not self._take_off(windows):
                    break
            left = "" if self._have_gone() else "a program does not hide its window"
            self._come_forward()
            if not self._give_up_clipboard():
                left = left or "another program holds the clipboard"
            return WindowsSeen(len(self._hidden), left)

    def holders(self) -> tuple[int, ...]:
        """Nobody: on Windows whoever is in front has the keys, whatever another program has asked for."""
        return ()

    def show(self, *, menus: bool = True) -> None:
        """Bring the windows back where they lay, and the keys to the one that had them, or to this process's own."""
        with self._lock:
            if self._ours is None:
                return
            # Each program shows its own when it comes to it: that is why none of them is restacked, but our own is.
            for window, one in self._hidden.items():
                if (menus or not one.popup) and self._user32.process_of(window) == one.pid:
                    self._user32.place(window, 0, _SHOW)
            if self._focus in self._hidden and self._user32.process_of(self._focus) == self._hidden[self._focus].pid:
                self._go_below()
                self._user32.bring_to_foreground(self._focus)
            else:
                self._come_forward()
            self._forget()

    def close(self) -> None:
        """Watch no more; nothing comes back."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.end()
        self._hidden, self._focus, self._above, self._ours = {}, 0, 0, None

    def _take_off(self, windows: tuple[int, ...]) -> int:
        """Hide what is ours of these and can be seen; return how many were new."""
        new = 0
        for window in windows:
            pid = self._user32.process_of(window)
            if not self._is_ours(pid) or not self._user32.is_visible(window):
                continue
            self._user32.place(window, 0, _HIDE)
            known = self._hidden.get(window)
            if known is None or known.pid != pid:
                new += 1
                self._hidden[window] = _Hidden(pid, self._is_popup(window))
        return new

    def _have_gone(self) -> bool:
        """Wait until no window of ours is to be seen, for a while; say whether that is so."""
        until = time.monotonic() + GONE_WITHIN_S
        while any(
            self._user32.is_visible(window) and self._user32.process_of(window) == one.pid
            for window, one in self._hidden.items()
        ):
            if time.monotonic() >= until:
                return False
            time.sleep(_LOOK_EVERY_S)
        return True

    def _own(self) -> int:
        """Return this process's topmost window that can be seen; 0 where there is none."""
        for window in self._user32.windows() or ():
            if self._user32.process_of(window) == os.getpid() and self._user32.is_visible(window):
                return window
        return 0

    def _lowest_above(self) -> int:
        """Return the lowest of our programs' windows that lies over our own one; 0 where none does.

        What stays above all others by itself does so again, and would take our own window there too.
        """
        own, lowest = self._own(), 0
        if not own or self._stays_on_top(own):
            return 0
        for window in self._user32.windows() or ():
            if window == own:
                return lowest
            if self._is_ours(self._user32.process_of(window)) and self._user32.is_visible(window):
                lowest = lowest if self._stays_on_top(window) else window
        return 0

    def _go_below(self) -> None:
        """Put our own window below those that lay over it: it has come forward with the lock screen."""
        above = self._hidden.get(self._above)
        own = self._own()
        if above is not None and own and self._user32.process_of(self._above) == above.pid:
            self._user32.place(own, self._above, _IN_PLACE | SWP_ASYNCWINDOWPOS)

    def _come_forward(self) -> None:
        """Have this process's own window in front, where another's has the keys and it can be seen."""
        if self._user32.process_of(self._user32.foreground()) != os.getpid() and (own := self._own()):
            self._user32.bring_to_foreground(own)

    def _give_up_clipboard(self) -> bool:
        owner = self._user32.clipboard_owner()
        return not (owner and self._is_ours(self._user32.process_of(owner))) or self._user32.empty_clipboard()

    def _is_popup(self, window: int) -> bool:
        """Say whether it is a menu or the like: without a title, and in no list of windows."""
        style, extended = self._user32.styles(window)
        return bool(style & WS_POPUP and extended & WS_EX_TOOLWINDOW) and style & WS_CAPTION != WS_CAPTION

    def _stays_on_top(self, window: int) -> bool:
        return bool(self._user32.styles(window)[1] & WS_EX_TOPMOST)

    def _is_ours(self, pid: int) -> bool:
        return pid not in (0, os.getpid()) and self._ours is not None and self._ours(pid)

    # --- the watcher's thread

    def _watch(self, thread: MessageThread) -> None:
        hook = self._user32.watch_windows(lambda window: self._shown(thread, window))
        try:
            while thread.next() != WM_QUIT:
                pass
        finally:
            self._user32.unwatch_windows(hook)

    def _shown(self, thread: MessageThread, window: int) -> None:
        with self._lock:
            if self._watcher is thread:
                self._take_off((window,))
