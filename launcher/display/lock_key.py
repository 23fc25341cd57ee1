"""The keys F12 and Super+L (lock) and Super+Home (back to the launcher) on a whole X display.

They work while a window of another program has the keys, also one that fills the screen. They are taken on the root
window with every combination of the modifiers that stay on (Caps Lock, Num Lock and the like). A program that holds
the whole keyboard for itself, as an open menu does, keeps them from us for that time.

Where there is no X display of our own (Wayland, offscreen) nothing is taken: Wayland leaves such keys to the compositor
alone. There the keys work in our own windows, and the terminal locks by itself. Windows has ``win32_keys``.
"""

from __future__ import annotations

import logging
import os
import select
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from launcher.display.modifiers import masks_that_stay, supers
from launcher.display.ports import LockKey, NoLockKey, Ours

if TYPE_CHECKING:
    from launcher.display.x_said import Grab
    from launcher.display.x_server import XServer

AGAIN_S = 1.0
"""A key that another client has, or a display that did not answer, is tried again after this time."""

LOOK_S = 0.1
"""How often it is looked whether a lock key is let go where no grab of ours tells it."""

X_NOBODY = 1
"""Up to here what has the keys is no window: nobody, or whichever the pointer is in."""

_NONE: frozenset[Grab] = frozenset()

log = logging.getLogger(__name__)


def lock_key_of(environment: Mapping[str, str], pressed: Callable[[], None], ours: Ours) -> LockKey:
    """Return what this session's display can do; ``pressed`` and ``ours`` are called from another thread.

    ``ours``: the processes whose windows the way back to the launcher leads from, this one among them.
    """
    if sys.platform == "win32":
        from launcher.display.win32_keys import Win32LockKey
        from launcher.win32.api import WindowsUser32

        return Win32LockKey(WindowsUser32(), pressed)
    platform = environment.get("QT_QPA_PLATFORM") or "xcb"
    if environment.get("WAYLAND_DISPLAY") or not platform.startswith("xcb"):
        return NoLockKey()
    if display := environment.get("DISPLAY"):
        return X11LockKey(display, pressed, ours)
    return NoLockKey()


class X11LockKey:
    """The :class:`launcher.display.ports.LockKey` of an X display, in a thread with a connection of its own."""

    def __init__(self, display_name: str, pressed: Callable[[], None], ours: Ours) -> None:
        self._ours = ours
        self._name = display_name
        self._pressed = pressed
        self._wake: int | None = None
        self._said: set[str] = set()
        self._spares_f12 = False

    def take(self) -> None:
        """Take the keys as soon as they can be had, and again whenever they are lost; does not wait."""
        if self._wake is not None:
            return
        self._spares_f12 = False
        reading, self._wake = os.pipe()
        threading.Thread(target=self._keep, args=(reading,), name="lock key", daemon=True).start()

    def spare_f12(self, on: bool) -> None:
        """Leave F12 to the window in front, or take it again; does not wait. Once taken anew, all keys are taken."""
        self._spares_f12 = on
        if self._wake is not None:
            os.write(self._wake, b"?")

    def give_back(self) -> None:
        """Let others have the keys; does not wait."""
        wake, self._wake = self._wake, None
        if wake is not None:
            os.close(wake)  # the thread meets the end of its pipe

    # --- the thread

    def _keep(self, reading: int) -> None:
        from launcher.display.x_server import DisplayGoneError, XServer  # late: the launchpad waits for no Xlib

        try:
            while True:
                try:
                    with closing(XServer(self._name)) as server:
                        self._hold(server, reading)
                        return
                except DisplayGoneError:
                    self._say("the display does not answer: no lock key while another program has the focus")
                if select.select([reading], [], [], AGAIN_S)[0] and _asked_back(reading):
                    return
        finally:
            os.close(reading)

    def _hold(self, server: XServer, reading: int) -> None:
        """Hold the keys, say each press that locks and carry out the others until they are asked back."""
        from launcher.display.front import bring_forward  # late, as above

        wanted, held = _wanted(server, f12=not self._spares_f12), _NONE
        while True:
            if held != wanted:
                held |= server.grab(wanted - held)
            # After every answer: a press that came along with one makes no socket readable.
            heard, laid_out = server.keys_heard()
            pressed = {key for key, _ in heard}
            home = server.keys_of("Home")
            if pressed - home:
                self._pressed()
            if pressed & home and self._has_keys(server):
                bring_forward(server, lambda pid: pid == os.getpid())
            if laid_out:
                wanted = _wanted(server, f12=not self._spares_f12)
                server.ungrab(held - wanted)
                held &= wanted
            if laid_out or pressed & home:
                continue
            if held != wanted:
                self._say("a lock key is another program's on this display")
            ready, _, _ = select.select([server.fileno(), reading], [], [], None if held == wanted else AGAIN_S)
            if reading not in ready:
                continue
            if _asked_back(reading):
                self._let_go(server, held, _wanted(server))
                return
            wanted = _wanted(server, f12=not self._spares_f12)
            server.ungrab(held - wanted)
            held &= wanted

    def _has_keys(self, server: XServer) -> bool:
        """Say whether this session has the keys: from another's screen in front of it no key leads to its work."""
        focus = server.focus()
        pid = server.pid_of(focus) if focus > X_NOBODY else None
        return pid is not None and self._ours(pid)

    def _let_go(self, server: XServer, held: frozenset[Grab], wanted: frozenset[Grab]) -> None:
        """Give the keys back; one that is down is still ours: its repeats would be typed into whatever comes next."""
        server.ungrab(held)
        keys = {key for key, _ in wanted}
        while server.keys_down() & keys:
            select.select([server.fileno()], [], [], LOOK_S)

    def _say(self, what: str) -> None:
        if what not in self._said:
            self._said.add(what)
            log.warning(what)


def _asked_back(reading: int) -> bool:
    """Say whether the keys are asked back: the pipe has ended. Else it only says that something has changed."""
    return not os.read(reading, 4096)


def _wanted(server: XServer, *, f12: bool = True) -> frozenset[Grab]:
    """Return the keys with each combination of modifiers that counts as the lock key, as the keyboard is laid out."""
    held, on = supers(server), masks_that_stay(server)
    plain = {(key, mask) for key in server.keys_of("F12") for mask in on} if f12 else set()
    with_super = server.keys_of("l") | server.keys_of("Home")
    return frozenset(plain | {(key, mask | more) for key in with_super for mask in on for more in held})
