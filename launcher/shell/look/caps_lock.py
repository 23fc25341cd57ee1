"""Whether Caps Lock is on, told from the keys that arrive: Qt itself does not say."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

# The bit of QKeyEvent.nativeModifiers() that means Caps Lock, by Qt platform: X11's LockMask, xkb's second modifier,
# and the one Qt's Windows key mapper sets.
_NATIVE_BIT = {"xcb": 0x2, "wayland": 0x2, "windows": 0x100}


def caps_lock_after(event: QKeyEvent, before: bool | None) -> bool | None:
    """Return whether Caps Lock is on after the key press ``event``: None where nothing tells.

    A letter tells by itself: capital without Shift, or small with it. Other keys tell where the platform reports its
    modifiers. ``before`` is what was known.
    """
    text = event.text()
    if len(text) == 1 and text.isalpha() and text.upper() != text.lower():
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return text.isupper() != shifted
    bit = _NATIVE_BIT.get(QGuiApplication.platformName())
    if bit is not None:
        held = bool(event.nativeModifiers() & bit)
        # A press of the key itself reports the state that it is about to end.
        return not held if event.key() == Qt.Key.Key_CapsLock else held
    if event.key() == Qt.Key.Key_CapsLock and before is not None:
        return not before
    return before
