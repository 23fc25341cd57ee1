"""A page in a process of its own, whose engine has met no profile: it reads once where its dictionaries are."""

from __future__ import annotations

import sys

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from launcher import spelling
from launcher.shell.look import Look, dress
from tests.shell.engine_room import engine_room
from tests.shell.surfaces.conftest import Desk
from tests.shell.surfaces.site import running_site
from tests.shell.surfaces.test_escape_routes import answer, menus
from tests.shell.surfaces.test_page import on_screen

FIELD = "<body style='margin:0'><textarea id=t style='width:400px;height:100px;font-size:30px'></textarea>"


def offered_for(word: str) -> str:
    """Type a word, and take the first that the menu offers in its place; what the field holds then."""
    with engine_room() as room, running_site() as site:
        desk = Desk(room)
        site.pages["/"] = FIELD
        page = desk.open(site["/"], site.origin)
        desk.run(page.load(site["/"]))
        with on_screen(desk) as keys:

            def focused() -> bool:
                QTest.mouseClick(keys, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
                return answer(desk, "document.activeElement.id") == "t"

            def offered() -> bool:
                for menu in menus():
                    first = menu.actions()[0]
                    if first.text() != "Cut":
                        first.trigger()
                    menu.close()
                if answer(desk, "t.value") != f"{word} ":
                    return True
                QTest.mouseClick(keys, Qt.MouseButton.RightButton, pos=QPoint(40, 20))
                return False

            desk.until(focused)
            QTest.keyClicks(keys, f"{word} ")
            desk.until(lambda: answer(desk, "t.value") == f"{word} ")
            desk.until(offered)
            said = str(answer(desk, "t.value"))
        desk.run(desk.surfaces.release())
        return said


if __name__ == "__main__":
    spelling.FOLDERS = (sys.argv[1],)
    application = QApplication([])
    dress(application, Look())
    sys.stdout.write(offered_for(sys.argv[2]))
