"""The session's end of the wire until the engine has it: spoken on the main thread, without asyncio and pydantic.

A session says that its sign-in screen is built. Where the station wants it shown, it says so in the same instant, and
the screen is painted before anything else of the session is loaded. Whatever else the station says waits for
:class:`launcher.session.link.StationLink`, with the bytes that were read already.
"""

from __future__ import annotations

import contextlib
import os
import time

from launcher.wire.first_words import SHOW_LINE, beat_line, shown_line, warm_line


class FirstWords:
    """Owns the inherited descriptor; programs started later do not inherit it. Nothing here waits or raises."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self.asked = False
        """Whether the station asked for the screen, and was served here."""
        self.heard = b""
        """What was read and is not ours to understand."""
        self._asked_at = 0.0

    def say_warm(self) -> None:
        """Say that the sign-in screen is built."""
        self._say(warm_line(os.getpid()))

    def say_alive(self) -> None:
        """Say that this process lives, before it is busy with loading the rest of itself."""
        self._say(beat_line(0.0))

    def say_shown(self) -> None:
        """Say that the screen is painted, and how long after the station's word."""
        self._say(shown_line((time.monotonic() - self._asked_at) * 1000.0))

    def take_show(self) -> bool:
        """Read what has come; return whether it is the plain wish for the screen."""
        with contextlib.suppress(OSError):
            self.heard += os.read(self.descriptor, len(SHOW_LINE) - len(self.heard))
        if self.heard != SHOW_LINE:
            return False
        self.heard, self.asked, self._asked_at = b"", True, time.monotonic()
        return True

    def _say(self, line: bytes) -> None:
        with contextlib.suppress(OSError):  # the station is gone: the engine will see its end
            os.write(self.descriptor, line)
