"""Which windows are in front: a full-screen launcher and its programs share a display that has no Alt-Tab.

A window manager is asked, as a taskbar would ask it. Where there is none, nobody gives a new window the keys and nobody
takes them back from one that has gone: :class:`X11Fronts` does, for the windows of one session.
"""

from __future__ import annotations

import os
import select
import threading
from contextlib import closing, suppress

from launcher.display.ports import Ours
from launcher.display.x_server import DisplayGoneError, XServer

AGAIN_S = 1.0
"""A display that did not answer is asked again after this time."""

_NOWHERE = (0, 1)  # nobody has the keys, or whichever window the pointer is in


def bring_forward(server: XServer, ours: Ours) -> None:
    """Put the windows of these processes in front, as they lie upon each other, and give the topmost the keys.

    What was put away by its manager's means comes back where nothing else of theirs can be seen.
    """
    managed = has_manager(server)
    windows = server.numbers(server.root, "_NET_CLIENT_LIST_STACKING") if managed else _unmanaged(server)
    theirs = [window for window in windows if _made_by(server, window, ours)]
    seen = [window for window in theirs if (facts := server.facts(window)) is not None and facts.viewable]
    for window in seen or (theirs if managed else ()):
        come_forward(server, window, managed=managed)
    server.sync()


def come_forward(server: XServer, window: int, *, managed: bool) -> None:
    """Put one window in front, with the keys."""
    if managed:
        server.ask_manager(window, "_NET_ACTIVE_WINDOW", 2)
    else:
        server.put_on_top(window)
        server.give_focus(window)


def take_keys(display_name: str) -> None:
    """Give the keys to this process's topmost window where nobody has them: what had them has gone.

    A window manager sees to that itself.
    """
    with suppress(DisplayGoneError), closing(XServer(display_name)) as server:
        if not has_manager(server) and server.focus() in (*_NOWHERE, server.root):
            _give_to_topmost(server, lambda pid: pid == os.getpid())
            server.sync()


def has_manager(server: XServer) -> bool:
    """Say whether a window manager is at work."""
    return server.number(server.root, "_NET_SUPPORTING_WM_CHECK") is not None


class X11Fronts:
    """The :class:`launcher.display.ports.Fronts` of an X display; ``ours``: the session's programs.

    Without a window manager a thread with a connection of its own gives the keys to a wanted program's new windows and
    to those of the program that has them, and to the topmost of the session's when whatever had them has gone.
    """

    def __init__(self, display_name: str, ours: Ours) -> None:
        self._name = display_name
        self._ours = ours
        self._wanted: Ours | None = None
        self._wake: int | None = None

    def bring_forward(self, wanted: Ours) -> None:
        """Put these windows in front with the keys, and those that come as well."""
        self._wanted = wanted
        self._begin()
        with suppress(DisplayGoneError), closing(XServer(self._name)) as server:
            bring_forward(server, wanted)

    def let_be(self) -> None:
        """Want no window in front any more; does not block."""
        self._wanted = None

    def close(self) -> None:
        """Look after the keys no longer."""
        wake, self._wake = self._wake, None
        if wake is not None:
            os.close(wake)  # the thread meets the end of its pipe

    def _begin(self) -> None:
        if self._wake is None:
            reading, self._wake = os.pipe()
            threading.Thread(target=self._keep, args=(reading,), name="fronts", daemon=True).start()

    # --- the thread

    def _keep(self, reading: int) -> None:
        try:
            while True:
                with suppress(DisplayGoneError), closing(XServer(self._name)) as server:
                    self._look_after(server, reading)
                    return
                if select.select([reading], [], [], AGAIN_S)[0]:
                    return
        finally:
            os.close(reading)

    def _look_after(self, server: XServer, reading: int) -> None:
        """Look whenever something happens, until it is closed."""
        server.watch()
        self._look(server)
        while reading not in select.select([server.fileno(), reading], [], [])[0]:
            self._look(server)

    def _look(self, server: XServer) -> None:
        """Give the keys where a window that came, or went, leaves them to nobody."""
        # Until nothing is left: what came along with an answer makes no socket readable.
        while happened := server.happened():
            server.forget_pids()  # a new client may have the number of one that has ended
            if has_manager(server):
                continue
            focus = server.focus()
            for window in (one.window for one in happened if one.kind == "mapped"):
                if self._may_have_keys(server, window, focus):
                    come_forward(server, window, managed=False)
            if server.focus() in (*_NOWHERE, server.root):
                _give_to_topmost(server, lambda pid: pid == os.getpid() or self._ours(pid))

    def _may_have_keys(self, server: XServer, window: int, focus: int) -> bool:
        facts = server.facts(window)
        if facts is None or not facts.viewable or facts.popup:
            return False
        pid, wanted = server.pid_of(window), self._wanted
        if pid is None or not self._ours(pid):
            return False
        before = server.pid_of(focus) if focus not in _NOWHERE else None
        if before is not None and before != os.getpid() and not self._ours(before):
            return False  # another session's screen stands over this one, which need not have heard of it
        return before == pid or (wanted is not None and wanted(pid))


def _give_to_topmost(server: XServer, ours: Ours) -> None:
    for window in reversed(_unmanaged(server)):
        if _made_by(server, window, ours):
            facts = server.facts(window)
            if facts is not None and facts.viewable:
                server.give_focus(window)
                return


def _unmanaged(server: XServer) -> tuple[int, ...]:
    """Return the windows below the root but menus and the like, the lowest first."""
    places = server.children(server.root)
    return tuple(one for one in places if (facts := server.facts(one)) is not None and not facts.popup)


def _made_by(server: XServer, window: int, ours: Ours) -> bool:
    pid = server.pid_of(window)
    return pid is not None and ours(pid)
