"""Typing by us into a page: real key events, for pages that keep nothing that a script has written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from launcher.secret import Secret


def type_into(view: QWidget, value: Secret) -> None:
    """Type a value into the page of a view, which need not have the keys now.

    Each key says that it is one of the figures' keys, and has no scan code, as no key of a keyboard does: by this the
    page's guard (``js/watch.js``) knows ours from the officer's.
    """
    for character in value.reveal():
        _strike(view, 0, character)


def ask(view: QWidget) -> None:
    """Press a key that does nothing, for the page's guard to hear."""
    _strike(view, Qt.Key.Key_F24, "")


def _strike(view: QWidget, key: int, text: str) -> None:
    taker = view.focusProxy() or view
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(taker, QKeyEvent(kind, key, Qt.KeyboardModifier.KeypadModifier, text))
