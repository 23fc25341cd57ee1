"""The menu of a tile: everything that can be done with one system, with the keys that do it too."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from launcher.shell.launchpad.acts import Acts
from launcher.shell.launchpad.tile import Tile
from launcher.shell.look import Menu, State, word


def menu_of(tile: Tile, acts: Acts, parent: QWidget) -> QMenu:
    """Return the menu of ``tile``; it deletes itself when it is left."""
    menu = Menu(parent)

    def add(name: str, act: Callable[[Tile], None], key: str = "") -> None:
        hint = f"\t{word(f'launchpad.menu.key_{key}')}" if key else ""
        menu.addAction(f"{word(f'launchpad.menu.{name}')}{hint}").triggered.connect(lambda: act(tile))

    if tile.state is State.FAILED:
        add("retry", acts.open, "enter")
        add("why", acts.show, "why")
    else:
        add("go" if tile.open else "open", acts.open, "enter")
    if tile.notice:
        add("notice", acts.show_notice, "why" if tile.state is not State.FAILED else "")
    if tile.open:
        add("close", acts.close)
    add("drop_favourite" if tile.favourite else "add_favourite", acts.star, "favourite")
    if tile.launch is not None and tile.launch.error is not None:
        reference = tile.launch.error.reference
        add("help", lambda _: acts.help(reference))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
