"""The windows of a session on an X display: off the screen while it is locked, and back as they were.

A window is hidden by unmapping it: it keeps its place, its size and its place among the others, and a grab it holds
ends. Where a window manager has put a frame around it, the frame is unmapped and the manager not told: it would forget
where the window stood.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from launcher.display.clipboards import SELECTIONS
from launcher.display.front import bring_forward
from launcher.display.ports import ANOTHER, Ours, WindowsSeen
from launcher.display.x_server import DisplayGoneError, XServer

LOOKS = 20
"""A program that maps windows without end is looked at so often in one call; what comes later is hidden as it comes."""

HELD_FOR_S = 0.4
"""A menu of ours and a key that is down hold the keyboard for a moment: who does so longer is meant to."""

_NORMAL = 1  # WM_STATE of a window that its manager shows (ICCCM 4.1.3.1)
_ADD, _REMOVE = 1, 0  # _NET_WM_STATE
_NOT_LISTED = ("_NET_WM_STATE_SKIP_TASKBAR", "_NET_WM_STATE_SKIP_PAGER")


@dataclass(frozen=True, slots=True)
class _Hidden:
    """A window that was unmapped: itself or, in a manager's ``frame``, the one it belongs to."""

    window: int
    client: int
    frame: bool
    popup: bool
    above: bool  # it stood above the session's own window
    unlisted: bool = False  # its name was taken out of the manager's lists


class X11Windows:
    """The :class:`launcher.display.ports.SessionWindows` of an X display."""

    def __init__(self, display_name: str) -> None:
        self._name = display_name
        self._lock = threading.Lock()
        self._server: XServer | None = None
        self._ours: Ours | None = None
        self._hidden: dict[int, _Hidden] = {}
        self._focus = 0
        self._watcher: threading.Thread | None = None
        self._wake: int | None = None
        self._more = False

    def hide(self, ours: Ours) -> WindowsSeen:
        """Hide the windows of these processes and keep watching; again: look again."""
        with self._lock:
            try:
                server = self._begin(ours)
                server.forget_pids()
                for _ in range(LOOKS):
                    found = self._take_off(server, server.children(server.root))
                    server.sync()
                    if not self._hear(server) and not found:
                        break
                # Only now: in front before, it would have changed what lies upon what, and who had the keys.
                self._come_forward(server)
                self._give_up_selections(server)
                self._hear(server)
            except DisplayGoneError:
                self._let_go()
                return WindowsSeen(len(self._hidden), "the display does not answer", answered=False)
            return WindowsSeen(hidden=len(self._hidden))

    def holders(self) -> tuple[int, ...] | None:
        """Return which of the processes may hold the keyboard; what holds it for a moment is waited for."""
        until = time.monotonic() + HELD_FOR_S
        while True:
            with self._lock:
                try:
                    if (server := self._server) is None or server.may_take_keys():
                        return ()
                    late = time.monotonic() - until
                    # While a key is down it may be a lock key, which is held by us; a button holds for who was clicked.
                    if late >= 0 and not server.keys_down() and not server.buttons_down():
                        return None if self._another_has_keys(server) else (*self._suspects(server), ANOTHER)
                    if late >= HELD_FOR_S:
                        return None
                except DisplayGoneError:
                    self._let_go()
                    return ()
            time.sleep(HELD_FOR_S / 20)

    def show(self, *, menus: bool = True) -> None:
        """Bring the windows back, the lowest first, and the keys to the one that had them, or to this process's own."""
        with self._lock:
            for _ in range(2):  # a display that was too slow is there again over a new connection
                if self._ours is None:
                    break
                try:
                    self._bring_all_back(self._begin(self._ours), menus=menus)
                    break
                except DisplayGoneError:
                    self._let_go()
            self._forget()
        self._end_watching()

    def close(self) -> None:
        """Let go of the display; nothing comes back."""
        with self._lock:
            self._forget()
        self._end_watching()

    # --- inside, with the lock held

    def _begin(self, ours: Ours) -> XServer:
        again, self._ours = self._ours is not None, ours
        if self._server is not None:
            return self._server
        server = XServer(self._name)
        self._server = server
        server.watch()
        if not again and self._owned(server, focus := server.focus()):
            self._focus = focus
        reading, self._wake = os.pipe()
        self._watcher = threading.Thread(target=self._watch, args=(server, reading), name="windows", daemon=True)
        self._watcher.start()
        return server

    def _suspects(self, server: XServer) -> tuple[int, ...]:
        """Who had the keys or a menu first, then who came last: a grab is of what was used last."""
        menus = [one.client for one in self._hidden.values() if one.popup]
        used = [pid for window in (*menus, self._focus) if window and (pid := server.pid_of(window)) is not None]
        return tuple(dict.fromkeys(pid for pid in (*used, *reversed(server.clients())) if self._is_ours(pid)))

    def _another_has_keys(self, server: XServer) -> bool:
        """Say whether a window of neither this process nor one of ours has the focus: it may hold them for its menu."""
        pid = server.pid_of(focus) if (focus := server.focus()) > 1 else None
        return pid is not None and pid != os.getpid() and not self._is_ours(pid)

    def _forget(self) -> None:
        self._let_go()
        self._hidden, self._focus, self._ours = {}, 0, None

    def _let_go(self) -> None:
        """End the connection and its watcher; what was hidden is known still."""
        server, self._server = self._server, None
        wake, self._wake = self._wake, None
        if server is not None:
            server.close()
        if wake is not None:
            os.close(wake)  # the watcher meets the end of its pipe

    def _take_off(self, server: XServer, places: tuple[int, ...], *, above: bool = False) -> int:
        """Hide what is ours in these places directly below the root, the lowest first; return how many there were."""
        own = max((nth for nth, place in enumerate(places) if self._is_own(server, place)), default=len(places))
        found = 0
        for nth, place in enumerate(places):
            for one in self._found_in(server, place, above=above or nth > own):
                known = self._hidden.get(one.window)
                server.unmap(one.window)
                self._hidden[one.window] = known or self._unlisted(server, one)
                found += 1
        return found

    def _found_in(self, server: XServer, place: int, *, above: bool) -> Iterator[_Hidden]:
        """Find our windows in one place: it is ours, or a manager's frame around ours, or holds ours among others."""
        pid = server.pid_of(place)
        if pid is None or pid == os.getpid():
            return
        if self._is_ours(pid):
            facts = server.facts(place)
            if facts is not None and facts.mapped:
                yield _Hidden(place, place, frame=False, popup=facts.popup, above=above)
            return
        below = list(server.children(place))
        for window in below:
            if not self._owned(server, window):
                below.extend(server.children(window))
                continue
            managed = server.number(window, "WM_STATE") is not None
            facts = server.facts(place if managed else window)
            if facts is not None and facts.mapped:
                yield _Hidden(place if managed else window, window, frame=managed, popup=False, above=above)

    def _unlisted(self, server: XServer, one: _Hidden) -> _Hidden:
        """Take a managed window's name out of its manager's lists: it may name whom the work was about."""
        if not one.frame:
            return one
        states = server.numbers(one.client, "_NET_WM_STATE")
        if server.atom(_NOT_LISTED[0]) in states:
            return one
        server.ask_manager(one.client, "_NET_WM_STATE", _ADD, *map(server.atom, _NOT_LISTED))
        return _Hidden(one.window, one.client, one.frame, one.popup, one.above, unlisted=True)

    def _bring_all_back(self, server: XServer, *, menus: bool) -> None:
        self._hear(server)
        server.forget_pids()
        order = {window: nth for nth, window in enumerate(server.children(server.root))}
        in_front = self._owned(server, self._focus)
        for one in sorted(self._hidden.values(), key=lambda one: order.get(one.window, -1)):
            # A display that was started anew gives the same numbers to others.
            if (menus or not one.popup) and self._owned(server, one.client):
                self._bring_back(server, one, in_front=in_front)
        server.sync()
        if in_front:
            self._refocus(server, self._focus)
        else:
            self._come_forward(server)
        server.sync()

    def _come_forward(self, server: XServer) -> None:
        """Have this process's own window in front, where another has the keys and it can be seen."""
        focus = server.focus()
        if focus <= 1 or server.pid_of(focus) != os.getpid():
            bring_forward(server, lambda pid: pid == os.getpid())

    def _bring_back(self, server: XServer, one: _Hidden, *, in_front: bool) -> None:
        if one.unlisted:
            server.ask_manager(one.client, "_NET_WM_STATE", _REMOVE, *map(server.atom, _NOT_LISTED))
        if one.frame and server.number(one.client, "WM_STATE") != _NORMAL:
            return  # its manager has put it away meanwhile
        # A manager that ended took its frames along and left the windows below the root.
        gone = one.frame and server.facts(one.window) is None
        server.map(one.client if gone else one.window, unasked=one.frame and not gone)
        if one.above and one.frame and in_front:
            # A manager keeps what fills the screen above all others for as long as it has the keys.
            server.ask_manager(one.client, "_NET_ACTIVE_WINDOW", 2)
        elif one.above:
            server.put_on_top(one.client if one.frame else one.window)

    def _refocus(self, server: XServer, focus: int) -> None:
        facts = server.facts(focus)
        if facts is None or not facts.viewable:
            return
        managed = next((one.client for one in self._hidden.values() if one.frame and _holds(server, one, focus)), 0)
        if managed:
            server.ask_manager(managed, "_NET_ACTIVE_WINDOW", 2)
        # Also where it is managed: a manager that took it for the focused one all the time gives it nothing.
        server.give_focus(focus)

    def _give_up_selections(self, server: XServer) -> None:
        for name in SELECTIONS:
            owner = server.selection_owner(name)
            if self._owned(server, owner):
                server.clear_selection(name)
        server.clear_cut_buffers()
        server.sync()

    def _hear(self, server: XServer) -> bool:
        """Hide what was mapped since, forget what has ended; say whether anything was hidden."""
        hidden = False
        for _ in range(LOOKS):
            happenings = server.happened()
            # A window that comes may be a new client's, with the number of one that has ended.
            server.forget_pids()
            for happening in happenings:
                if happening.kind == "ended":
                    self._hidden.pop(happening.window, None)
                elif happening.kind == "mapped":
                    hidden = bool(self._take_off(server, (happening.window,), above=True)) or hidden
            if not happenings:
                return hidden
        self._more = True  # what has been read already makes no socket readable
        return hidden

    def _owned(self, server: XServer, window: int) -> bool:
        pid = server.pid_of(window) if window > 1 else None  # 1: whichever window the pointer is in
        return pid is not None and self._is_ours(pid)

    def _is_own(self, server: XServer, place: int) -> bool:
        """Say whether a place holds a window of this process that can be seen, in a manager's frame or without."""
        facts = server.facts(place)
        if facts is None or not facts.viewable:
            return False
        pid = server.pid_of(place)
        return pid == os.getpid() or any(server.pid_of(window) == os.getpid() for window in server.children(place))

    def _is_ours(self, pid: int) -> bool:
        return self._ours is not None and self._ours(pid)

    # --- the watcher's thread

    def _watch(self, server: XServer, reading: int) -> None:
        try:
            while True:
                ready, _, _ = select.select([server.fileno(), reading], [], [], 0.0 if self._more else None)
                with self._lock:
                    if self._server is not server or reading in ready:
                        return
                    self._more = False
                    self._hear(server)
        except (DisplayGoneError, OSError, ValueError):
            return  # the display is gone, and with it every window
        finally:
            os.close(reading)

    def _end_watching(self) -> None:
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.join()


def _holds(server: XServer, one: _Hidden, window: int) -> bool:
    while window not in (0, server.root):
        if window == one.window:
            return True
        window = server.parent(window)
    return False
