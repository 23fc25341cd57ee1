"""One connection to an X server, in plain numbers: the only module that imports Xlib.

Not for two threads at once. Nothing here waits for ever: a display that does not answer raises, and is done with.
"""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import Xlib.protocol.display
from Xlib import XK, X, Xatom
from Xlib.display import Display as Display
from Xlib.error import CatchError, ConnectionClosedError, DisplayError, XauthError, XError, XNoAuthError
from Xlib.ext import res
from Xlib.protocol import event as xevent
from Xlib.protocol.rq import Event as Event
from Xlib.support import connect
from Xlib.xobject.drawable import Window

from launcher.display.x_said import Grab, Happening, WindowFacts

ANSWER_WITHIN_S = 2.0
"""How long an X server may take for one answer."""

_MODIFIERS = 0xFF  # of a state; above them are the buttons and the keyboard's group
_BUTTONS = X.Button1Mask | X.Button2Mask | X.Button3Mask | X.Button4Mask | X.Button5Mask


class DisplayGoneError(ConnectionError):
    """The X server is not there, refuses us, or does not answer in time; the connection is of no more use."""


class _BoundedSelect:
    """select(2) as Xlib calls it, with an end: Xlib waits for ever, and whoever holds the server would hold us too."""

    error = OSError

    @staticmethod
    def select(
        reads: list[socket.socket], writes: list[socket.socket], faults: list[socket.socket], timeout: float | None
    ) -> tuple[list[socket.socket], list[socket.socket], list[socket.socket]]:
        ready = select.select(reads, writes, faults, ANSWER_WITHIN_S if timeout is None else timeout)
        if timeout is None and not any(ready):
            raise TimeoutError("the X server does not answer")
        return ready


class _BoundedConnect:
    """How Xlib connects, with an end and to this computer only: it would ask any program on a port of TCP otherwise."""

    get_display = staticmethod(connect.get_display)
    get_auth = staticmethod(connect.get_auth)
    made = threading.local()
    """Holds ``socket``, the one made last in this thread: Xlib leaves it open where the greeting fails."""

    @classmethod
    def get_socket(cls, name: str, protocol: str | None, host: str | None, number: int) -> socket.socket:
        if host and host != "unix":
            raise OSError(f"the display {name} is not on this computer")
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers listen
        for address in (path, f"\0{path}"):
            made = socket.socket(socket.AF_UNIX)
            made.settimeout(ANSWER_WITHIN_S)
            try:
                made.connect(address)
            except OSError:
                made.close()
                continue
            made.settimeout(None)
            cls.made.socket = made
            return made
        raise OSError(f"no X server at {name}")

    @classmethod
    def close_last(cls) -> None:
        """Close what was made last in this thread, where anything was."""
        if (made := cls.made.__dict__.pop("socket", None)) is not None:
            made.close()


Xlib.protocol.display.select = _BoundedSelect
Xlib.protocol.display.connect = _BoundedConnect

_GONE = (
    *(ConnectionClosedError, DisplayError, XauthError, XNoAuthError, OSError),
    # What Xlib raises where a server goes away in the middle of an answer.
    *(AttributeError, RuntimeError, TypeError, struct.error),
)


@contextmanager
def _answered() -> Iterator[None]:
    try:
        yield
    except XError:
        raise
    except _GONE as fault:
        raise DisplayGoneError(str(fault)) from fault


class XServer:
    """A connection of our own. Windows are their numbers; one that has ended meanwhile is no fault."""

    def __init__(self, display_name: str) -> None:
        """Connect; the cookie comes from XAUTHORITY. Raises :class:`DisplayGoneError`."""
        with _answered():
            try:
                self._display = Display(display_name)
            except BaseException:
                _BoundedConnect.close_last()
                raise
            self._display.set_error_handler(lambda *_: None)  # requests without an answer: the window has ended
            self._root: Window = self._display.screen().root
            self.root: int = self._root.id
        self._client_mask = ~self._display.display.info.resource_id_mask & 0xFFFFFFFF
        self._pids: dict[int, int] = {}

    def close(self) -> None:
        """End the connection."""
        with suppress(Exception):  # whatever state it is in: its socket is closed
            self._display.display.close_internal("client")

    def fileno(self) -> int:
        """Return the socket, readable when something has happened."""
        with _answered():
            return int(self._display.fileno())

    def sync(self) -> None:
        """Wait until the server has carried out all that was asked."""
        with _answered():
            self._display.sync()

    @contextmanager
    def asking(self) -> Iterator[Display]:
        """Lend the connection for what is asked in one place only; faults come out as everywhere here."""
        with _answered():
            yield self._display

    # --- input

    def idle_ms(self) -> int | None:
        """Return how long ago the last input was, or None where the server has no such extension."""
        with _answered():
            if not self._display.has_extension("MIT-SCREEN-SAVER"):
                return None
            return int(self._root.screensaver_query_info().idle)

    def focus(self) -> int:
        """Return the window that has the keys, or 0 for none or whichever the pointer is in."""
        with _answered():
            focus = self._display.get_input_focus().focus
            return int(getattr(focus, "id", 0))

    def give_focus(self, window: int) -> None:
        """Give the keys to a window that can be seen."""
        with _answered():
            self._window(window).set_input_focus(X.RevertToParent, X.CurrentTime)

    # --- keys

    def keys_of(self, symbol: str) -> frozenset[int]:
        """Return the keys that carry a symbol, as the keyboard is laid out now."""
        with _answered():
            return frozenset(key for key, _ in self._display.keysym_to_keycodes(XK.string_to_keysym(symbol)))

    def modifiers(self) -> tuple[frozenset[int], ...]:
        """Return the keys of the eight modifiers: Shift, Lock, Control and the five that have no fixed meaning."""
        with _answered():
            return tuple(frozenset(filter(None, keys)) for keys in self._display.get_modifier_mapping())

    def keys_down(self) -> frozenset[int]:
        """Return the keys that are held down this moment."""
        with _answered():
            told = self._display.query_keymap()
            return frozenset(8 * nth + bit for nth, bits in enumerate(told) for bit in range(8) if bits >> bit & 1)

    def grab(self, grabs: frozenset[Grab], window: int = 0) -> frozenset[Grab]:
        """Have these keys sent here and nowhere else; return those that can be had, which another client has not.

        ``window``: only while it, or what is in it, has the keys.
        """
        with _answered():
            taken_on = self._window(window) if window else self._root
            asked = [(one, CatchError()) for one in grabs]
            for (key, mask), refused in asked:
                taken_on.grab_key(key, mask, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
            self._display.sync()
            return frozenset(one for one, refused in asked if refused.get_error() is None)

    def ungrab(self, grabs: frozenset[Grab], window: int = 0) -> None:
        """Let these keys go to whoever has the focus again."""
        with _answered():
            for key, mask in grabs:
                (self._window(window) if window else self._root).ungrab_key(key, mask)
            self._display.sync()

    def keys_heard(self) -> tuple[tuple[Grab, ...], bool]:
        """Return the keys that were pressed since, and whether they are laid out anew; does not wait."""
        pressed: list[Grab] = []
        laid_out = False
        with _answered():
            while self._display.pending_events():
                seen = self._display.next_event()
                if seen.type == X.KeyPress:
                    pressed.append((int(seen.detail), int(seen.state) & _MODIFIERS))
                elif seen.type == X.MappingNotify and seen.request != X.MappingPointer:
                    self._display.refresh_keyboard_mapping(seen)
                    laid_out = True
        return tuple(pressed), laid_out

    def buttons_down(self) -> bool:
        """Say whether a button of the mouse is held down this moment."""
        with _answered():
            return bool(self._root.query_pointer().mask & _BUTTONS)

    def may_take_keys(self) -> bool:
        """Say whether nobody holds the keyboard for themselves."""
        with _answered():
            taken = self._root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
            self._display.ungrab_keyboard(X.CurrentTime)
            self._display.sync()
            return bool(taken == X.GrabSuccess)

    # --- windows

    def clients(self) -> tuple[int, ...]:
        """Return the processes that are connected, who came first first; nothing where the server does not know."""
        with _answered(), suppress(XError):
            if self._display.has_extension("X-Resource"):
                told = self._display.res_query_client_ids([{"client": 0, "mask": res.LocalClientPIDMask}])
                return tuple(dict.fromkeys(int(one.value[0]) for one in told.ids if len(one.value)))
        return ()

    def children(self, window: int) -> tuple[int, ...]:
        """Return the windows directly below one, the lowest first."""
        with _answered(), suppress(XError):
            return tuple(int(child.id) for child in self._window(window).query_tree().children)
        return ()

    def parent(self, window: int) -> int:
        """Return the window above one, or 0."""
        with _answered(), suppress(XError):
            return int(getattr(self._window(window).query_tree().parent, "id", 0))
        return 0

    def facts(self, window: int) -> WindowFacts | None:
        """Return what a window is, or None when it has ended."""
        with _answered(), suppress(XError):
            seen = self._window(window).get_attributes()
            return WindowFacts(
                mapped=seen.map_state != X.IsUnmapped,
                viewable=seen.map_state == X.IsViewable,
                popup=bool(seen.override_redirect),
            )
        return None

    def pid_of(self, window: int) -> int | None:
        """Return the id of the process that made the window, as the kernel told the server; None where none is known.

        Without the X-Resource extension (1.2) it is what the program says of itself.
        """
        client = window & self._client_mask
        known = self._pids.get(client)
        if known is not None:
            return known
        with _answered():
            pid = self._told_by_kernel(client) or self.number(window, "_NET_WM_PID")
        if pid is not None:
            self._pids[client] = pid
        return pid

    def forget_pids(self) -> None:
        """Ask again whose windows are whose: numbers of clients that have ended are used again."""
        self._pids.clear()

    def number(self, window: int, name: str) -> int | None:
        """Return the first number of a window's property, or None."""
        with _answered(), suppress(XError):
            found = self._window(window).get_full_property(self._atom(name), X.AnyPropertyType)
            if found is not None and found.format == 32 and len(found.value):
                return int(found.value[0])
        return None

    def numbers(self, window: int, name: str) -> tuple[int, ...]:
        """Return all numbers of a window's property."""
        with _answered(), suppress(XError):
            found = self._window(window).get_full_property(self._atom(name), X.AnyPropertyType)
            if found is not None and found.format == 32:
                return tuple(int(value) for value in found.value)
        return ()

    def unmap(self, window: int) -> None:
        """Take a window off the screen; whoever manages it is not asked."""
        with _answered():
            self._window(window).unmap()

    def map(self, window: int, *, unasked: bool = False) -> None:
        """Put a window on the screen; ``unasked``: its manager, which drew it, must not take it for a new one."""
        with _answered():
            shown = self._window(window)
            if unasked:
                shown.change_attributes(override_redirect=True)
            shown.map()
            if unasked:
                shown.change_attributes(override_redirect=False)

    def put_on_top(self, window: int) -> None:
        """Raise a window above its siblings, through its manager where it has one."""
        with _answered():
            self._window(window).configure(stack_mode=X.Above)

    def ask_manager(self, window: int, kind: str, *data: int) -> None:
        """Send the window manager a message about a window."""
        with _answered():
            values = (*data, 0, 0, 0, 0, 0)[:5]
            message = xevent.ClientMessage(
                window=self._window(window), client_type=self._atom(kind), data=(32, list(values))
            )
            self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)

    def atom(self, name: str) -> int:
        """Return the number that stands for a name."""
        with _answered():
            return self._atom(name)

    # --- what happens

    def watch(self) -> None:
        """Be told of every window that is mapped directly below the root from now on."""
        with _answered():
            self._root.change_attributes(event_mask=X.SubstructureNotifyMask)
            self._display.sync()

    def happened(self) -> tuple[Happening, ...]:
        """Return what has happened since, without waiting."""
        found = []
        with _answered():
            while self._display.pending_events():
                seen = self._display.next_event()
                if seen.type == X.MapNotify or (seen.type == X.ReparentNotify and seen.parent.id == self.root):
                    found.append(Happening("mapped", int(seen.window.id)))
                elif seen.type == X.UnmapNotify:
                    found.append(Happening("unmapped", int(seen.window.id)))
                elif seen.type == X.DestroyNotify:
                    found.append(Happening("ended", int(seen.window.id)))
        return tuple(found)

    # --- selections

    def selection_owner(self, name: str) -> int:
        """Return the window that holds a selection, or 0."""
        with _answered():
            return int(getattr(self._display.get_selection_owner(self._atom(name)), "id", 0))

    def clear_selection(self, name: str) -> None:
        """Take a selection from whoever holds it. The server's own time now is never earlier than the owner's."""
        with _answered():
            self._window(X.NONE).set_selection_owner(self._atom(name), X.CurrentTime)

    def clear_cut_buffers(self) -> None:
        """Delete the eight old clipboards that are kept by the server itself."""
        with _answered():
            for nth in range(8):
                self._root.delete_property(getattr(Xatom, f"CUT_BUFFER{nth}"))
            self._display.flush()

    # --- inside

    def _atom(self, name: str) -> int:
        return int(self._display.intern_atom(name))

    def _window(self, window: int) -> Window:
        return self._display.create_resource_object("window", window)

    def _told_by_kernel(self, client: int) -> int | None:
        if not self._display.has_extension("X-Resource"):
            return None
        with suppress(XError):
            told = self._display.res_query_client_ids([{"client": client, "mask": res.LocalClientPIDMask}])
            for one in told.ids:
                if one.spec.mask == res.LocalClientPIDMask and len(one.value):
                    return int(one.value[0])
        return None
