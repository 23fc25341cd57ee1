"""The keys between a window of ours and one of another process that stands inside it, on an X display.

While the inner one has them, the outer one's own keys are taken from it: it does not get them, and no script in it can
press them, for what scripts send does not pass the display. While the outer one has them, the inner one gets none (a
display would give it all keys for as long as the pointer is over it) until it is clicked into.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from launcher.display.modifiers import grabs_of, masks_that_stay
from launcher.display.x_server import XServer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from launcher.display.x_said import Grab
    from launcher.display.x_server import Display, Event

_ANY_OF_ALL: Final = (0, 1 << 15)  # any key or button, with any modifiers
_ANY: Final = frozenset({_ANY_OF_ALL})
_KEY_PRESS, _KEY_RELEASE, _BUTTON_PRESS, _FOCUS_IN, _FOCUS_OUT, _LAID_OUT = 2, 3, 4, 9, 10, 34
_KEY_PRESSES, _BUTTON_PRESSES, _FOCUS_CHANGES = 1 << 0, 1 << 2, 1 << 21  # what a client can ask to be told of
_HELD, _GOES_ON, _AS_IF_NEVER_HELD = 0, 1, 2  # the pointer, or the keyboard, from a press on; what becomes of the press
_WHEEL: Final = 4
"""From this button on it is the wheel, which leads nobody in."""
_BY_POINTER: Final = 5
"""How a focus is told to the window that the pointer is in, though another has it."""
_BY_GRABS: Final = (1, 2)
"""How it is told that the keyboard is held for a moment, as for a key of ours: nobody else has the focus for that."""
_TOLD_OF_KEYS: Final = (
    *("time", "root", "child", "root_x", "root_y", "event_x", "event_y", "state", "same_screen", "detail"),
)
_MODIFIERS: Final = 0xFF
_POINTER: Final = 2
"""Of the keyboard's mapping: the kind that says the pointer's buttons are laid out anew."""


class InnerKeys:
    """One connection; used on one thread. Everything raises :class:`launcher.display.x_server.DisplayGoneError`."""

    def __init__(self, display_name: str, inner: int, outer: int) -> None:
        self._inner, self._outer = inner, outer
        self._names: frozenset[str] = frozenset()
        self._server = XServer(display_name)
        self._named: Mapping[Grab, str] = {}
        self._held: frozenset[Grab] = frozenset()
        with self._server.asking() as display:
            display.create_resource_object("window", inner).change_attributes(event_mask=_FOCUS_CHANGES)
        self.inside = self._server.focus() == inner
        """Whether the inner window has the keys."""
        self._hold()

    def fileno(self) -> int:
        """Return the socket, readable when something may have happened."""
        return self._server.fileno()

    def want(self, names: Iterable[str]) -> None:
        """Say which keys are the outer window's own: ``Ctrl+Shift+Tab``, ``F1``."""
        if self._names != (wanted := frozenset(names)):
            self._names = wanted
            self._lay_out()

    def give(self, *, inside: bool) -> None:
        """Give the keys to one of the two, where it can be seen."""
        window = self._inner if inside else self._outer
        facts = self._server.facts(window)
        if facts is not None and facts.viewable:
            self._turn(inside)
            self._server.give_focus(window)
            self._server.sync()

    def heard(self) -> tuple[str, ...]:
        """Return which of the outer window's own were pressed in the inner one, and hand on the rest; does not wait."""
        names = []
        with self._server.asking() as display:
            while display.pending_events():
                seen = display.next_event()
                if seen.send_event:
                    continue  # the display does not say so: another program does
                if seen.type in (_FOCUS_IN, _FOCUS_OUT):
                    if seen.detail != _BY_POINTER and seen.mode not in _BY_GRABS:
                        self._turn(seen.type == _FOCUS_IN)
                elif seen.type == _LAID_OUT and seen.request != _POINTER:
                    display.refresh_keyboard_mapping(seen)
                    self._lay_out()
                elif seen.type == _BUTTON_PRESS:
                    if seen.detail < _WHEEL:
                        self.give(inside=True)
                    display.allow_events(_AS_IF_NEVER_HELD, seen.time)
                elif seen.type in (_KEY_PRESS, _KEY_RELEASE):
                    name = self._named.get((seen.detail, seen.state & _MODIFIERS)) if self.inside else None
                    if name is None:
                        self._hand_on(display, seen)
                    elif seen.type == _KEY_PRESS:
                        names.append(name)
            display.flush()
        return tuple(names)

    def close(self) -> None:
        """Leave all keys to whoever has them."""
        self._server.close()

    def _hand_on(self, display: Display, seen: Event) -> None:
        """Give a key to whichever of the two has them."""
        taker = display.create_resource_object("window", self._inner if self.inside else self._outer)
        told = {name: getattr(seen, name) for name in _TOLD_OF_KEYS}
        taker.send_event(type(seen)(window=taker, **told), event_mask=_KEY_PRESSES)

    def _turn(self, inside: bool) -> None:
        if self.inside is not inside:
            self.inside = inside
            self._hold()

    def _lay_out(self) -> None:
        on = masks_that_stay(self._server)
        plain = [(grab, name) for name in self._names for grab in grabs_of(self._server, name)]
        self._named = {(key, mask | more): name for (key, mask), name in plain for more in on}
        self._hold()

    def _hold(self) -> None:
        self._server.ungrab(self._held, self._inner)
        self._held = frozenset(self._named) if self.inside else _ANY
        self._server.grab(self._held, self._inner)
        with self._server.asking() as display:
            window = display.create_resource_object("window", self._inner)
            if self.inside:
                window.ungrab_button(*_ANY_OF_ALL)
            else:
                window.grab_button(*_ANY_OF_ALL, False, _BUTTON_PRESSES, _HELD, _GOES_ON, 0, 0)
            display.flush()
