"""What a test sees of a window: its controls as a screen reader meets them, and texts that are cut."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import shiboken6
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QWidget

from launcher.shell.look import Button, Text

ROLES_WITHOUT_NAME = {
    QAccessible.Role.Client,
    QAccessible.Role.Window,
    QAccessible.Role.Pane,
    QAccessible.Role.Border,
    QAccessible.Role.LayeredPane,
    QAccessible.Role.ScrollBar,
    QAccessible.Role.Separator,
    QAccessible.Role.Splitter,
}


def settle() -> None:
    """Let every posted event, layout and paint happen."""
    for _ in range(4):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


@contextmanager
def focus_told() -> Iterator[list[tuple[object, int]]]:
    """Collect what a screen reader is told of the focus: each widget and the child in it, -1 for the widget itself.

    PySide6 does not hand on QAccessible::installUpdateHandler, so it is called by its name in Qt's own library: Linux.
    """
    told: list[tuple[object, int]] = []
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p)

    @kind
    def hear(address: int) -> None:
        event = shiboken6.wrapInstance(address, QAccessibleEvent)
        if event.type() is QAccessible.Event.Focus:
            told.append((event.object(), event.child()))

    install = ctypes.CDLL("libQt6Gui.so.6")._ZN11QAccessible20installUpdateHandlerEPFvP16QAccessibleEventE
    install.restype, install.argtypes = ctypes.c_void_p, (ctypes.c_void_p,)
    before = install(ctypes.cast(hear, ctypes.c_void_p))
    was = QAccessible.isActive()
    QAccessible.setActive(True)
    try:
        yield told
    finally:
        QAccessible.setActive(was)
        install(before)


def controls(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """Walk the accessible tree below ``widget``: what is visible and not mere layout."""
    top = QAccessible.queryAccessibleInterface(widget)
    yield from _walk(top)


def _walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    for at in range(node.childCount()):
        child = node.child(at)
        if child is None or not child.isValid() or child.state().invisible:
            continue
        if child.role() not in ROLES_WITHOUT_NAME:
            yield child
        yield from _walk(child)


def nameless(widget: QWidget) -> list[str]:
    """Return the visible controls that a screen reader could not name."""
    return [
        f"{node.role()} {type(node.object()).__name__}"
        for node in controls(widget)
        # A label without a text shows nothing either.
        if not node.text(QAccessible.Text.Name).strip() and node.role() != QAccessible.Role.StaticText
    ]


def cut_texts(window: QWidget) -> list[str]:
    """Return the texts and buttons that are not shown whole."""
    cut = [text.text() for text in window.findChildren(Text) if text.isVisible() and text.text() and text.clipped()]
    buttons = [button for button in window.findChildren(Button) if button.isVisible()]
    return cut + [
        button.text() for button in buttons if button.clipped() or button.height() < button.minimumSizeHint().height()
    ]


def too_small(window: QWidget) -> list[str]:
    """Return the visible widgets that are smaller than they say they must be, by class and name."""
    return [
        f"{type(widget).__name__} {widget.accessibleName()!r}: {widget.size()} < {widget.minimumSizeHint()}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and (widget.width() < widget.minimumSizeHint().width() or widget.height() < widget.minimumSizeHint().height())
    ]
