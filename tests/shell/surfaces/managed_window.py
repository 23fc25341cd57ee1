"""A process of its own with a window on a real display, whose second page is a managed browser's: told what to do line
by line, and says when it is done."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from launcher.connectors.plan import InstalledBrowser, WebTarget
from launcher.residue.tree import descendants
from launcher.session.outside import OutsidePrograms
from launcher.shell.surfaces.managed.windows import ManagedWindows
from launcher.shell.surfaces.web_surfaces import WebSurfaces
from tests.contract.drivers.site import Site, served
from tests.shell.engine_room import EngineRoom, engine_room

COLOUR, SECOND = "#10c060", "#c01060"
PAGE = f"""
<body style="background: {COLOUR}; margin: 0"><input id="words" style="margin: 40px" autofocus>
<a id="more" href="/second" target="_blank">more</a>
<script>
  const key = {{ key: "k", code: "KeyK", keyCode: 75, ctrlKey: true, bubbles: true }};
  words.addEventListener("keydown", (event) => {{
    if (event.key === "b") words.dispatchEvent(new KeyboardEvent("keydown", key)); // no page presses our keys
  }});
</script>"""


class _Lines(QObject):
    came = Signal(str)


class Desk:
    """What is on the screen."""

    def __init__(self, room: EngineRoom, own: str) -> None:
        self._room, self._own = room, own
        self.surfaces = WebSurfaces(room.bridge)
        self.outside = OutsidePrograms()
        self.window = QWidget()
        self.window.resize(760, 560)
        self.field, self.faces = QLineEdit(), QStackedWidget()
        self.faces.addWidget(QLabel("another page"))
        column = QVBoxLayout(self.window)
        column.addWidget(self.field)
        column.addWidget(self.faces)
        QShortcut(QKeySequence("Ctrl+K"), self.window).activated.connect(self.field.setFocus)
        self.window.show()
        self.page: ManagedWindows | None = None

    def open(self) -> str:
        target = WebTarget(self._own, (self._own,), managed=InstalledBrowser(("chromium",)))
        page = self._room.run(self.surfaces.open_web("video", target, shown=True))
        assert isinstance(page, ManagedWindows)
        self._room.run(page.load(f"{self._own}/coloured"))
        self.page = page
        widget = self.surfaces.widget("video")
        assert widget is not None
        self.faces.addWidget(widget)
        return "opened"

    def front(self) -> str:
        widget = self.surfaces.widget("video")
        assert widget is not None
        self.faces.setCurrentWidget(widget)
        widget.setFocus()
        return "front"

    def behind(self) -> str:
        self.faces.setCurrentIndex(0)
        self.field.setFocus()
        return "behind"

    def lock(self) -> str:
        self._room.run(self.outside.hide())
        below = [row for row in descendants(os.getpid()) if row.name.startswith("chromium") and not row.zombie]
        stopped = [row.stopped for row in below]
        return f"locked {all(stopped)} {len(stopped) > 0}"

    def unlock(self) -> str:
        self._room.run(self.outside.show())
        return "unlocked"

    def words(self) -> str:
        assert self.page is not None
        typed = self._room.run(self.page.main._world.run("document.getElementById('words').value"))
        return f"words {self.field.text()}|{typed}"

    def more(self) -> str:
        assert self.page is not None
        self._room.run(self.page.press("#more", ""))
        return "pressed"

    def less(self) -> str:
        system = self.surfaces.row("video")
        assert system is not None
        titles = [one.title for one in system.views()]
        system.close(system.views()[-1].key)
        return f"closed {titles[1:]}"

    def close(self) -> str:
        widget = self.surfaces.widget("video")
        assert widget is not None
        self.surfaces.closed.connect(lambda _: (self.faces.removeWidget(widget), widget.setParent(None)))
        self._room.run(self.surfaces.close("video"))
        left = [row for row in descendants(os.getpid()) if row.name.startswith("chrom") and not row.zombie]
        return f"closed {len(left)}"


def main() -> None:
    application = QApplication([])
    site = Site()
    site.pages |= {"/coloured": PAGE, "/second": f"<body style='background: {SECOND}'>"}
    with served(site) as own, engine_room() as room:
        desk = Desk(room, own)
        acts: dict[str, Callable[[], str]] = {
            name: getattr(desk, name)
            for name in ("open", "front", "behind", "lock", "unlock", "words", "more", "less", "close")
        }
        lines = _Lines()
        lines.came.connect(lambda line: print(acts[line](), flush=True) if line else application.quit())

        def read() -> None:
            for line in sys.stdin:
                lines.came.emit(line.strip())
            lines.came.emit("")

        threading.Thread(target=read, daemon=True).start()
        print(f"shown {int(desk.window.winId())}", flush=True)
        application.exec()
        room.run(desk.surfaces.release())


if __name__ == "__main__":
    main()
