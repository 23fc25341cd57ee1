"""What an officer does with the page in front as in any browser: by keys, by the bar's menu, and by the page's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from launcher.shell.look import Menu, word
from launcher.shell.surfaces.terminal.print_panel import PrintPanel
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from launcher.shell.workspace.files_panel import FilesPanel
from launcher.shell.workspace.page_place import PagePlace
from launcher.shell.workspace.tab_page import TabPage

_KEYS = (
    ("back", ("Alt+Left",)),
    ("forward", ("Alt+Right",)),
    ("reload", ("F5", "Ctrl+R")),
    ("find", ("Ctrl+F",)),
    ("larger", ("Ctrl++", "Ctrl+=")),
    ("smaller", ("Ctrl+-",)),
    ("usual_size", ("Ctrl+0",)),
    ("print", ("Ctrl+P",)),
    ("files", ("Ctrl+J",)),
)
_STEPS = ("back", "forward")
_EVERYWHERE = frozenset({"reload", "files"})
"""What there is for an installed browser too; the rest its own window has, with keys of its own."""
_MENU = ("back", "forward", "find", "larger", "smaller", "usual_size", "print", "files")


class PageActs(QObject):
    """The acts on the page in front; ``front`` says which surface that is and where it stands, or nothing.

    They belong to pages of the web: a terminal has its own, and their keys go to it.
    """

    def __init__(
        self,
        surfaces: WebSurfaces,
        over: QWidget,
        front: Callable[[], tuple[str, PagePlace] | None],
        reload: Callable[[], None],
        help_wanted: Callable[[str], None],
    ) -> None:
        super().__init__(over)
        self._surfaces, self._over, self._front = surfaces, over, front
        self._reload, self._help_wanted = reload, help_wanted
        self.shortcuts: list[QShortcut] = []
        self._of_ours: list[QShortcut] = []
        self._acts: dict[str, Callable[[str, PagePlace], None]] = {
            "back": lambda surface, _: self._surfaces.step(surface, -1),
            "forward": lambda surface, _: self._surfaces.step(surface, 1),
            "reload": lambda *_: self._reload(),
            "find": self._find,
            "larger": lambda surface, _: self._surfaces.zoom_by(surface, 1),
            "smaller": lambda surface, _: self._surfaces.zoom_by(surface, -1),
            "usual_size": lambda surface, _: self._surfaces.zoom_by(surface, 0),
            "print": self._print,
            "files": self._show_files,
        }
        for act, keys in _KEYS:
            for key in keys:
                shortcut = QShortcut(QKeySequence(key), over)
                shortcut.activated.connect(lambda act=act: self.do(act))
                self.shortcuts.append(shortcut)
                if act not in _EVERYWHERE:
                    self._of_ours.append(shortcut)
        surfaces.files.came.connect(self._file_comes)
        surfaces.printing_wanted.connect(self._print_wanted)
        self.follow()

    def take(self, system: str, page: TabPage) -> None:
        """Have the row of a system's windows do what it says; what is typed in one is not lost unasked."""

        def show(key: int) -> None:
            if (windows := self._surfaces.row(system)) is not None:
                windows.show(key)

        def close(key: int) -> None:
            if (windows := self._surfaces.row(system)) is not None:
                windows.close(key)

        def ask(key: int) -> None:
            windows = self._surfaces.row(system)
            if windows is not None and windows.is_edited(key):
                windows.show(key)
                page.ask_to_close_window(lambda: close(key))
            else:
                close(key)

        page.place.windows.chosen.connect(show)
        page.place.windows.close_wanted.connect(ask)

    def follow(self) -> None:
        """Take the keys where a page is in front, and leave them to a terminal."""
        front = self._front()
        ours = front is not None and self._surfaces.windows(front[0]) is not None
        for shortcut in self.shortcuts:
            shortcut.setEnabled(ours if shortcut in self._of_ours else front is not None)

    def do(self, act: str) -> None:
        """Do one act on the page in front."""
        if (front := self._front()) is not None:
            self._acts[act](*front)

    def show_menu(self, at: QPoint) -> None:
        """Offer the acts, with their keys."""
        menu = Menu(self._over)
        front = self._front()
        windows = self._surfaces.windows(front[0]) if front is not None else None
        for act in _MENU:
            if windows is None and act not in _EVERYWHERE:
                continue
            entry = menu.addAction(f"{word(f'workspace.page.{act}')}\t{word(f'workspace.page_key.{act}')}")
            entry.triggered.connect(lambda _=False, act=act: self.do(act))
            if windows is not None and act in _STEPS:
                entry.setEnabled(windows.front.can_go[_STEPS.index(act)])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _find(self, surface: str, place: PagePlace) -> None:
        def find(text: str, step: int, then: Callable[[int, int], None]) -> None:
            if (windows := self._surfaces.windows(surface)) is not None:
                windows.front.find(text, step, then)

        place.open_finder(find)

    def _file_comes(self, surface: str) -> None:
        front = self._front()
        if front is not None and front[0] == surface and not isinstance(front[1].panel, FilesPanel):
            self._show_files(*front, keys=False)

    def _show_files(self, surface: str, place: PagePlace, *, keys: bool = True) -> None:
        panel = FilesPanel(self._surfaces.files, shows=self._surfaces.windows(surface) is not None)
        panel.open_wanted.connect(lambda key: self._show_file(surface, key))
        place.open_beside(panel)
        if keys:
            (panel.list if panel.list.count() else panel.end).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_file(self, surface: str, key: int) -> None:
        windows, path = self._surfaces.windows(surface), self._surfaces.files.path(key)
        if windows is not None and path is not None:
            windows.show_file(path)

    def _print_wanted(self, surface: str) -> None:
        front = self._front()
        if front is not None and front[0] == surface:
            self._print(*front)

    def _print(self, surface: str, place: PagePlace) -> None:
        windows = self._surfaces.windows(surface)
        if windows is None:
            return
        panel = PrintPanel(words="workspace.print", job="Page")
        panel.help_wanted.connect(self._help_wanted)
        place.open_beside(panel)
        panel.wait()
        windows.front.to_pdf(lambda pdf: panel.open(pdf) if place.panel is panel else None)
