"""What the officer does on a page, of all that its widget is told, and the menu that they are offered there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from launcher.shell.look import Menu, word

_MODIFIERS = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)


def is_act(event: QEvent) -> bool:
    """Say whether an event is a key press, a click or a touch."""
    kind = event.type()
    return kind in (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin) or (
        kind == QEvent.Type.KeyPress and not event.isAutoRepeat() and event.key() not in _MODIFIERS  # type: ignore[attr-defined] # a QKeyEvent by its type
    )


def show_menu(
    over: QWidget,
    at: QPoint,
    entries: Mapping[str, QAction | None],
    untrusted_words: Sequence[str] = (),
    replace: Callable[[str], None] = lambda _: None,
) -> None:
    """Show a menu of the page's own actions under our words; None is a line between them.

    First come the words that may stand in place of a misspelt one.
    """
    menu = Menu(over)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for untrusted in untrusted_words:
        entry = menu.addAction(untrusted.replace("&", "&&"))
        entry.triggered.connect(lambda _=False, chosen=untrusted: replace(chosen))
    if untrusted_words:
        menu.addSeparator()
    for name, source in entries.items():
        if source is None:
            menu.addSeparator()
            continue
        entry = menu.addAction(word(name))
        entry.setEnabled(source.isEnabled())
        entry.triggered.connect(source.trigger)
    menu.popup(at)


def stop_asking(view: QWidget) -> None:
    """Close what a page shows over itself: its questions are answered with no, its menus and lists with nothing."""
    for question in view.findChildren(QDialog):
        question.reject()
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass


def deliver_deletes() -> None:
    """End at once what was told to end later."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
