"""Saying things to assistive technology that appear without taking the focus.

What Qt needs for it is loaded when something is said: the first screen has nothing to say.
"""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, now: bool = False) -> None:
    """Have a screen reader say ``text`` about ``widget``; ``now`` interrupts what it is saying."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(widget, text)
    if now:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


def alert(widget: QWidget, text: str) -> None:
    """Tell a screen reader that ``widget`` is an alert saying ``text``."""
    from PySide6.QtGui import QAccessible, QAccessibleEvent

    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))
    announce(widget, text, now=True)
