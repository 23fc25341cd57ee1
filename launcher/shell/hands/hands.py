"""Carries out, on one session's screens, what whoever plays the officer says over a Unix socket.

A line in is one act (:mod:`launcher.shell.hands.acts`), a line out its answer: ``{"done": true, "ms": …, "seen": …}``,
or ``"done": false`` with ``"why"``. One act at a time; a session that ends while one is carried out just ends.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from launcher.late import LateModule
from launcher.shell.window import Window
from launcher.wire.hands import MAX_LINE_BYTES, connect

if TYPE_CHECKING:
    from launcher.shell.hands import acts, orders, seen
else:
    # The first screen is painted before anybody acts on it.
    acts = LateModule("launcher.shell.hands.acts")
    orders = LateModule("launcher.shell.hands.orders")
    seen = LateModule("launcher.shell.hands.seen")

LOOK_MS = 5


class Hands(QObject):
    """Connects to ``path`` and plays who sits at this session, as told."""

    def __init__(self, path: Path) -> None:
        """Raises ``OSError`` where nobody listens, or somebody who must not (:func:`launcher.wire.hands.connect`)."""
        super().__init__()
        self._line = connect(path)
        self._rest = b""
        self._window: Window | None = None
        self._act: orders.Act | None = None
        self._condition: orders.Condition | None = None
        self._began = self._within_s = 0.0
        self._notifier = QSocketNotifier(self._line.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._read)
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)

    def play(self, window: Window) -> None:
        """Begin to listen."""
        self._window = window
        # What empties it is the session's last act: there is no later look.
        QApplication.clipboard().dataChanged.connect(self._look)
        self._notifier.setEnabled(True)

    def _read(self) -> None:
        got = self._line.recv(65536)
        if not got or len(self._rest) > MAX_LINE_BYTES:
            self._notifier.setEnabled(False)
            return
        *lines, self._rest = (self._rest + got).split(b"\n")
        for untrusted_line in lines:
            self._begin(untrusted_line)

    def _begin(self, untrusted_line: bytes) -> None:
        if self._window is None or self._act is not None:
            self._say({"done": False, "why": "busy"})
            return
        try:
            order = orders.Order.model_validate_json(untrusted_line)
        except ValueError:
            self._say({"done": False, "why": "not understood"})  # without the words: they may hold a password
            return
        self._began, self._within_s = time.monotonic(), order.within_s
        self._act = acts.begin(self._window, order)
        self._condition = None
        self._go_on()

    def _look(self) -> None:
        """Go on when what the act waits for is there."""
        if self._condition is None or self._act is None:
            self._looking.stop()
            return
        try:
            holds = self._condition()
        except orders.CannotDoError as fault:
            self._answer(orders.Outcome(False, str(fault)))
            return
        if holds:
            self._go_on()
        elif time.monotonic() - self._began > self._within_s:
            self._answer(orders.Outcome(False, f"not within {self._within_s:g} s"))

    def _go_on(self) -> None:
        """Carry the act on to the next thing it waits for, or to its end."""
        act = self._act
        if act is None:
            return
        try:
            self._condition = next(act)
            self._looking.start()
        except StopIteration as ended:
            self._answer(ended.value)
        except orders.CannotDoError as fault:
            self._answer(orders.Outcome(False, str(fault)))

    def _answer(self, outcome: orders.Outcome) -> None:
        self._looking.stop()
        if self._act is not None:
            self._act.close()
        self._act = self._condition = None
        ms = (time.monotonic() - self._began) * 1000
        shown = seen.seen(self._window) if self._window is not None else {}
        self._say({"done": outcome.done, "why": outcome.why, "ms": round(ms, 1), "seen": shown})

    def _say(self, what: dict[str, object]) -> None:
        try:
            self._line.sendall(json.dumps(what).encode() + b"\n")
        except OSError:  # nobody listens any more: the officer sits still
            self._notifier.setEnabled(False)
