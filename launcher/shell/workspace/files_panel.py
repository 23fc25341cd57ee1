"""The files of this session, beside the page: which there are, and what can be done with each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QWidget

from launcher.shell.look import Button, Kind, Text, Type, announce, text2, word
from launcher.shell.surfaces.files import FileView, SessionFiles
from launcher.shell.surfaces.terminal.beside import BesideList, BesidePanel

_WIDTH = 420
_KEY = Qt.ItemDataRole.UserRole
_MB, _KB = 1_000_000, 1_000


class FilesPanel(BesidePanel):
    """A line for each file, and the acts on the chosen one. ``shows``: beside it is where one can be shown."""

    open_wanted = Signal(int)

    def __init__(self, files: SessionFiles, parent: QWidget | None = None, *, shows: bool = True) -> None:
        super().__init__(word("workspace.files.heading"), word("workspace.files.close"), _WIDTH, parent)
        self._files, self._shows = files, shows
        self.said = Text("", Type.BODY, text2, wrap=True)
        self.list = BesideList(word("workspace.files.heading"))
        self.show_it = Button(word("workspace.files.open"), Kind.PRIMARY, height=44, role=Type.STRONG)
        self.saves = {
            folder: Button(
                word("workspace.files.save_to", folder=folder.name or str(folder)), height=44, role=Type.STRONG
            )
            for folder in files.save_to
        }
        self.remove = Button(word("workspace.files.remove"), Kind.SECONDARY, icon="x", height=44, role=Type.STRONG)
        self.inside.addWidget(self.said)
        self.inside.addWidget(self.list, 1)
        for button in (self.show_it, *self.saves.values(), self.remove):
            self.inside.addWidget(button)
        self.list.currentItemChanged.connect(lambda *_: self._fit())
        self.list.itemActivated.connect(lambda _: self._open())
        self.show_it.clicked.connect(self._open)
        self.remove.clicked.connect(lambda: self._files.remove(self._key()))
        for folder, button in self.saves.items():
            button.clicked.connect(lambda _=False, folder=folder: self._save(folder))
        files.changed.connect(self.draw)
        files.saved.connect(self._saved)
        self.draw()

    def draw(self) -> None:
        """Draw the files as they are."""
        chosen, views = self._key(), self._files.views()
        if [self.list.item(row).data(_KEY) for row in range(self.list.count())] != [one.key for one in views]:
            self.list.clear()
            for view in views:
                item = QListWidgetItem()
                item.setData(_KEY, view.key)
                self.list.addItem(item)
        for row, view in enumerate(views):
            self.list.item(row).setText(f"{view.name}  {_state(view)}")
            if view.key == chosen:
                self.list.setCurrentRow(row)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self.said.setText(word("workspace.files.hint" if views else "workspace.files.empty"))
        self._fit()

    def _fit(self) -> None:
        view = self._view()
        self.list.setVisible(view is not None)
        self.show_it.setVisible(view is not None and view.can_be_shown and self._shows)
        for button in self.saves.values():
            button.setVisible(view is not None and view.state == "here")
        self.remove.setVisible(view is not None)

    def _key(self) -> int:
        item: QListWidgetItem | None = self.list.currentItem()
        return int(item.data(_KEY)) if item is not None else 0

    def _view(self) -> FileView | None:
        return next((one for one in self._files.views() if one.key == self._key()), None)

    def _open(self) -> None:
        view = self._view()
        if view is not None and view.can_be_shown and self._shows:
            self.open_wanted.emit(view.key)

    def _save(self, folder: Path) -> None:
        self._files.save(self._key(), folder)

    def _saved(self, name: str, why_not: str) -> None:
        said = (
            word("workspace.files.not_saved", name=name, why=why_not)
            if why_not
            else word("workspace.files.saved", name=name)
        )
        self.said.setText(said)
        announce(self, said)


def _state(view: FileView) -> str:
    if view.state == "coming":
        return word("workspace.files.coming", size=_size(view.size))
    return _size(view.size) if view.state == "here" else word(f"workspace.files.{view.state}")


def _size(size: int) -> str:
    if size >= _MB:
        return word("workspace.files.mb", size=f"{size / _MB:.1f}")
    return word("workspace.files.kb", size=max(1, round(size / _KB)) if size else 0)
