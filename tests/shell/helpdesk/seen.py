"""The panel's page in its frame, drawn from views, and what it has asked for."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

from launcher.session.helpdesk.view import HelpdeskView
from launcher.shell.frame import Frame
from launcher.shell.helpdesk.page import HelpdeskPage
from tests.shell.helpdesk import sample
from tests.shell.look.seeing import settle

_W = TypeVar("_W", bound=QWidget)


class Seen:
    """The page in its frame, and what it has asked for."""

    def __init__(self) -> None:
        self.frame = Frame()
        self.page = HelpdeskPage()
        self.frame.pages.addWidget(self.page)
        self.asked: list[object] = []
        self.closed: list[bool] = []
        self.page.command.connect(self.asked.append)
        self.page.closed.connect(lambda: self.closed.append(True))
        self.frame.resize(1280, 800)
        self.frame.show()
        self.frame.activateWindow()
        settle()

    def reset(self) -> None:
        """Be as new."""
        self.frame.activateWindow()
        self.page.officer.escape()
        self.page.now.escape()
        self.draw(None)
        self.page.hide()
        self.asked.clear()
        self.closed.clear()
        self.page.show()
        settle()

    def draw(self, view: HelpdeskView | None) -> None:
        self.page.draw(sample.snapshot(view))
        settle()

    def last(self, kind: type[_W] | type) -> object:
        return next(one for one in reversed(self.asked) if isinstance(one, kind))

    def texts(self) -> str:
        found = [one.text() for one in self.page.findChildren(QWidget) if hasattr(one, "text") and one.isVisible()]
        return "\n".join(found)
