"""How long nobody has touched the terminal, as Windows knows it for the desktop session that asks. Not run so far."""

from __future__ import annotations

from typing import Final

from launcher.win32.ports import Kernel32, User32

_WRAP: Final = 1 << 32
"""Both counts are of 32 bits: they begin anew after 49.7 days."""

_AHEAD_MS: Final = 60_000
"""An input may say that it is of a little later than now: programs that send input give its time themselves."""


class Win32IdleClock:
    """The :class:`launcher.display.ports.IdleClock` of the desktop session of Windows that the station runs in."""

    def __init__(self, user32: User32, kernel32: Kernel32) -> None:
        self._user32 = user32
        self._kernel32 = kernel32

    def idle_s(self) -> float | None:
        """Return the seconds since the last input; None where Windows does not say."""
        last_ms = self._user32.last_input_ms()
        if last_ms is None:
            return None
        idle_ms = (self._kernel32.tick_ms() - last_ms) % _WRAP  # asked after the input: it is not before it
        return 0.0 if idle_ms >= _WRAP - _AHEAD_MS else idle_ms / 1000

    def close(self) -> None:
        """Nothing is held."""
