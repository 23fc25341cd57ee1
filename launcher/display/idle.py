"""How long nobody has touched the terminal, as the X server knows it (the MIT-SCREEN-SAVER extension)."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from launcher.display.x_server import XServer

AGAIN_S = 1.0
"""A display that did not answer is asked again after this time: whoever asks meanwhile does not wait for it."""


class X11IdleClock:
    """The idle clock of one X display, over a connection of its own that is made anew after the X server restarted."""

    def __init__(self, display_name: str) -> None:
        self._name = display_name
        self._server: XServer | None = None
        self._lock = Lock()
        self._not_before = 0.0

    def idle_s(self) -> float | None:
        """Return the seconds since the last key, button or movement; None where the display does not answer or know.

        Blocks for as long as :data:`launcher.display.x_server.ANSWER_WITHIN_S` at most; may be called from any thread.
        """
        from launcher.display.x_server import DisplayGoneError, XServer  # late: a station shows its first screen before

        with self._lock:
            if self._server is None and time.monotonic() < self._not_before:
                return None
            try:
                if self._server is None:
                    self._server = XServer(self._name)
                idle_ms = self._server.idle_ms()
            except DisplayGoneError:
                self._drop()
                self._not_before = time.monotonic() + AGAIN_S
                return None
        return None if idle_ms is None else idle_ms / 1000

    def close(self) -> None:
        """Let go of the display."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()
