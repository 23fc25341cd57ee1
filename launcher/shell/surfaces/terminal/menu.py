"""The menu of a terminal's screen: what its keys do, for whoever works with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from launcher.shell.look import Menu, word

if TYPE_CHECKING:
    from launcher.shell.surfaces.terminal.view import TerminalView


def open_menu(view: TerminalView, at: QPoint) -> None:
    """Open it at a place of the display."""
    menu = Menu(view)
    copy = menu.addAction(word("terminal.menu.copy"), view.copy)
    copy.setEnabled(view.area.marking.any)
    paste = menu.addAction(word("terminal.menu.paste"), view.paste)
    paste.setEnabled(view.area.connected)
    menu.addAction(word("terminal.menu.mark_all"), view.mark_all)
    if view.area.family == "vt":
        menu.addAction(word("terminal.menu.find"), view.open_search)
    menu.addSeparator()
    menu.addAction(word("terminal.menu.print"), view.print_screen)
    menu.addAction(word("terminal.menu.keys"), view.show_keys)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)
