"""One question asked of a page, again whenever the page has changed, until it is answered or its time is up."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

BETWEEN_MS = 15
"""The least time between two askings: a page that changes all the time is not asked all the time."""

POLL_MS = 250
"""The slow look behind the wakes, for what changes without a trace (a style sheet, a shadow tree)."""

LOST_MS = 1500
"""After this long without an answer the question was lost, with the document it was asked of."""


class Trial:
    """Runs ``ask`` with a continuation until ``judge`` says that the answer ends it; lives on the main thread.

    ``ask`` returns False to end the trial without an answer. With ``once`` a lost answer counts as None and is handed
    to ``judge``: what was asked may have been carried out, and must not be done twice.
    """

    def __init__(
        self,
        parent: QObject,
        ask: Callable[[Callable[[object], None]], bool],
        judge: Callable[[object], bool],
        *,
        within_s: float,
        at_deadline: Callable[[], None],
        when_over: Callable[[Trial], None],
        once: bool = False,
    ) -> None:
        self._ask, self._judge = ask, judge
        self._at_deadline, self._when_over = at_deadline, when_over
        self._once = once
        self.over = False
        self._round = 0
        self._asked = False  # an answer has come
        self._late = False  # the time is up, and only the first answer is waited for
        self._waiting_since: float | None = None
        self._again = False
        self._last = 0.0
        self._poll = QTimer(parent)
        self._poll.setInterval(POLL_MS)
        self._poll.timeout.connect(self._on_poll)
        self._soon = QTimer(parent)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._run)
        self._deadline = QTimer(parent)
        self._deadline.setSingleShot(True)
        self._deadline.timeout.connect(self._on_deadline)
        self._deadline.start(max(0, round(within_s * 1000)))
        self._poll.start()

    def poke(self) -> None:
        """Ask now, or as soon as the answer that is under way has come."""
        if self.over:
            return
        if self._waiting_since is not None:
            self._again = True
        elif not self._soon.isActive():
            since_ms = (time.monotonic() - self._last) * 1000
            self._soon.start(max(0, round(BETWEEN_MS - since_ms)))

    def end(self) -> None:
        """Ask no more."""
        if self.over:
            return
        self.over = True
        for timer in (self._poll, self._soon, self._deadline):
            timer.stop()
            timer.deleteLater()
        self._when_over(self)

    def _run(self) -> None:
        if self.over:
            return
        self._round += 1
        self._again = False
        self._last = time.monotonic()
        self._waiting_since = self._last
        number = self._round

        def answered(untrusted: object) -> None:
            if not self.over and number == self._round and self._waiting_since is not None:
                self._answered(untrusted)

        if not self._ask(answered):
            self.end()

    def _answered(self, untrusted: object) -> None:
        self._waiting_since = None
        self._asked = True
        if self._judge(untrusted):
            self.end()
        elif self._late:
            self._expire()
        elif self._again:
            self.poke()

    def _on_poll(self) -> None:
        if self._waiting_since is None:
            self.poke()
        elif (time.monotonic() - self._waiting_since) * 1000 > LOST_MS:
            if self._once:
                self._answered(None)
            else:
                self._waiting_since = None
                self.poke()

    def _on_deadline(self) -> None:
        if self._asked or self._late:
            self._expire()
            return
        # Even a question of no time is asked once.
        self._late = True
        self._deadline.start(LOST_MS)
        self.poke()

    def _expire(self) -> None:
        self.end()
        self._at_deadline()
