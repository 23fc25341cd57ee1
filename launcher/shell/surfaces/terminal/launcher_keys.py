"""The launcher's own keys while a host has them: what Ctrl with a function key comes to."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def run_shortcut(window: QWidget, chord: str) -> bool:
    """Run the window's shortcut for a key as if it had been pressed; False where it has none now."""
    wanted = QKeySequence(chord)
    for shortcut in window.findChildren(QShortcut):
        owner = shortcut.parent()
        in_sight = not isinstance(owner, QWidget) or owner.isVisible()
        keys: list[QKeySequence] = shortcut.keys()
        if shortcut.isEnabled() and in_sight and wanted in keys:
            shortcut.activated.emit()
            return True
    return False
