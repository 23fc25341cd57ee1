"""What a platform's display can be asked, and what it answers where it cannot know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

Ours = Callable[[int], bool]
"""Says whether the process of this id belongs to the session; asked from any thread."""

ANOTHER: Final = 0
"""Stands for a holder of the keyboard that is none of the session's, or is not known."""


@dataclass(frozen=True, slots=True)
class WindowsSeen:
    """What hiding came to: how many windows are hidden, and why others may be seen still ("": none can be).

    ``answered``: the display did, in time.
    """

    hidden: int = 0
    left: str = ""
    answered: bool = True


class IdleClock(Protocol):
    """How long nobody has touched a key, a button or the screen. May be asked from any thread; may take a second."""

    def idle_s(self) -> float | None:
        """Return the seconds since the last input, or None where it cannot be known now."""
        ...

    def close(self) -> None:
        """Let go of the display."""
        ...


class SessionWindows(Protocol):
    """The windows that programs of a session have on the display. Every call blocks; never raises."""

    def hide(self, ours: Ours) -> WindowsSeen:
        """Take every window of these processes off the screen and keep off what they map from now on.

        Called again while hidden it looks again, until nothing new comes. Selections they own are given up.
        """
        ...

    def holders(self) -> tuple[int, ...] | None:
        """Return which of these processes may hold the keyboard for themselves, the likeliest first, ``ANOTHER`` last.

        Nothing where it can be had: whoever holds the pointer alone leaves the keys to the screen that comes next.
        None where it is not known now: a key or a button is down, or a screen of another process has the keys.
        """
        ...

    def show(self, *, menus: bool = True) -> None:
        """Bring back what was hidden, where it was, and give the focus back; without ``menus`` no popup comes back."""
        ...

    def close(self) -> None:
        """Let go of the display; nothing comes back."""
        ...


class Fronts(Protocol):
    """Which windows of a session's programs are in front, where no key switches between windows. Never raises."""

    def bring_forward(self, wanted: Ours) -> None:
        """Put the windows of these processes in front with the keys, those that come as well. Blocks."""
        ...

    def let_be(self) -> None:
        """Want no window in front any more; those that are there stay. Does not block."""
        ...

    def close(self) -> None:
        """Let go of the display. Does not block."""
        ...


class NoFronts:
    """Where windows of other programs cannot be reached: whoever manages them has keys of its own."""

    def bring_forward(self, wanted: Ours) -> None:
        """None can be brought."""

    def let_be(self) -> None:
        """None is wanted."""

    def close(self) -> None:
        """Nothing is held."""


class LockKey(Protocol):
    """The keys that lock, wherever the focus is on the display. Neither call waits; never raises."""

    def take(self) -> None:
        """Say each press from now on, until they are given back; nothing where they are taken already."""
        ...

    def spare_f12(self, on: bool) -> None:
        """Leave F12 to the window in front, where a terminal's host wants it, or take it again; the others stay."""
        ...

    def give_back(self) -> None:
        """Let others have them; nothing where they are not taken."""
        ...


class NoLockKey:
    """Where no key can be taken from other programs: our own windows have their own."""

    def take(self) -> None:
        """No key is to be had."""

    def spare_f12(self, on: bool) -> None:
        """It is nobody's here."""

    def give_back(self) -> None:
        """None is held."""


class NoWindows:
    """Where no display is: nothing is there to hide."""

    def hide(self, ours: Ours) -> WindowsSeen:
        """Say that nothing can be seen."""
        return WindowsSeen()

    def holders(self) -> tuple[int, ...]:
        """Nobody is known to."""
        return ()

    def show(self, *, menus: bool = True) -> None:
        """Nothing was hidden."""

    def close(self) -> None:
        """Nothing is held."""


class UnreachableWindows:
    """Where windows of other programs cannot be hidden: they are left where they are, and that is said.

    Wayland lets no client touch the windows of another, so there programs are stopped and covered, not hidden.
    """

    def __init__(self, why: str) -> None:
        self._why = why

    def hide(self, ours: Ours) -> WindowsSeen:
        """Say that they are there still."""
        return WindowsSeen(left=self._why)

    def holders(self) -> tuple[int, ...]:
        """Nobody is known to."""
        return ()

    def show(self, *, menus: bool = True) -> None:
        """Nothing was hidden."""

    def close(self) -> None:
        """Nothing is held."""


class UnknownIdle:
    """Where nobody can be asked when the last input was: the sessions say it themselves (``Touched``)."""

    def idle_s(self) -> float | None:
        """It is not known."""
        return None

    def close(self) -> None:
        """Nothing is held."""
