"""Which of the session's files a page gets: asked over the page itself, and no file of the computer is among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from launcher.shell.look import Button, Kind, Text, TextList, Type, look, text2, word

_WIDTH, _HEIGHT = 480, 420


class ChooseFiles(QDialog):
    """A list of files by folder, and what is chosen; closed with nothing where the page or the session goes."""

    def __init__(self, over: QWidget, files: Mapping[str, Sequence[Path]], *, several: bool) -> None:
        super().__init__(over)
        self.setWindowTitle(word("workspace.files.choose"))
        here = look()
        self.list = TextList(word("workspace.files.choose"))
        modes = QListWidget.SelectionMode
        self.list.setSelectionMode(modes.MultiSelection if several else modes.SingleSelection)
        for folder, paths in files.items():
            for path in paths:
                place = word("workspace.files.of_folder", folder=folder) if folder else word("workspace.files.own")
                item = QListWidgetItem(f"{path.name}  ({place})")
                item.setData(Qt.ItemDataRole.UserRole, str(path))
                self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.give = Button(word("workspace.files.give"), Kind.PRIMARY, height=44, role=Type.STRONG)
        self.none = Button(word("workspace.files.none"), Kind.SECONDARY, height=44, role=Type.STRONG)
        self.give.clicked.connect(self.accept)
        self.none.clicked.connect(self.reject)
        self.list.itemActivated.connect(lambda _: self.accept())
        column = QVBoxLayout(self)
        column.setContentsMargins(*[here.space(16)] * 4)
        column.setSpacing(here.space(12))
        column.addWidget(Text(word("workspace.files.choose"), Type.SECTION))
        column.addWidget(Text(word("workspace.files.choose_hint"), Type.BODY, text2, wrap=True))
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.none)
        row.addWidget(self.give)
        column.addLayout(row)
        self.resize(here.grow(_WIDTH), here.grow(_HEIGHT))

    def chosen(self) -> tuple[str, ...]:
        """Return the paths that are chosen."""
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in self.list.selectedItems())


def ask_files(over: QWidget, files: Mapping[str, Sequence[Path]], *, several: bool) -> tuple[str, ...]:
    """Ask over a page; nothing where the officer gives none."""
    dialog = ChooseFiles(over, files, several=several)
    given = dialog.exec() == QDialog.DialogCode.Accepted
    chosen = dialog.chosen() if given else ()
    dialog.deleteLater()
    return chosen
