"""Ends the views of pages, each once the engine is no longer at a download that its page asked for.

A page that goes while the engine reads what it is to download takes the process with it (QtWebEngine 6.11), though
the download was refused: what the engine reads on other threads goes with the page. No word says when it is done.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from launcher.shell.surfaces.acts import deliver_deletes

_AT_IT_S = 1.0
"""How long the engine may be at a download that it has told of, and at others the page asked for just before."""
_NO_LONGER_S = 5.0
"""How long a page that goes on asking is let live."""


class Closing:
    """The views that end, and when their pages asked for a download last."""

    def __init__(self) -> None:
        self._asked_s: dict[QWidget, float] = {}
        self._ending: dict[QWidget, float] = {}
        self._when_ended: list[Callable[[], None]] = []

    def asked(self, view: QWidget) -> None:
        """Note that a view's page has asked for a download this moment."""
        self._asked_s[view] = time.monotonic()

    def end(self, view: QWidget) -> None:
        """Take a view away; end it and its page at once, or as soon as that can be done."""
        view.hide()
        view.setParent(None)
        self._ending[view] = time.monotonic() + _NO_LONGER_S
        self._end_when_done(view)

    def when_ended(self, then: Callable[[], None]) -> None:
        """Call once no view is ending any more: at once, where none is."""
        if self._ending:
            self._when_ended.append(then)
        else:
            then()

    def end_now(self) -> None:
        """End all, whatever comes of it: the process ends."""
        for view in tuple(self._ending):
            self._end(view)

    def _end_when_done(self, view: QWidget) -> None:
        if view not in self._ending:
            return  # ended since
        now_s = time.monotonic()
        done_s = min(self._asked_s.get(view, -math.inf) + _AT_IT_S, self._ending[view])
        if now_s < done_s and isValid(view):
            QTimer.singleShot(math.ceil((done_s - now_s) * 1000), partial(self._end_when_done, view))
        else:
            self._end(view)

    def _end(self, view: QWidget) -> None:
        del self._ending[view]
        self._asked_s.pop(view, None)
        if isValid(view):
            view.deleteLater()  # the page is its child and goes with it
            deliver_deletes()
        if not self._ending:
            waiting, self._when_ended = self._when_ended, []
            for then in waiting:
                then()
