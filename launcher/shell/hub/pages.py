"""What of the hub comes before an officer at work: messages in front of every page, notices, the help."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from launcher.session.commands import ComeForward, Command
from launcher.shell.helpdesk.in_window import HelpdeskInWindow
from launcher.shell.hub.message_page import MessagePage
from launcher.shell.hub.notice_page import NoticePage

if TYPE_CHECKING:
    from launcher.session.hub.views import MessageView
    from launcher.session.snapshot import Snapshot
    from launcher.shell.window import Window


class HubPages(QObject):
    """One window's. A message stands in front of whatever page is wanted, until it was read."""

    def __init__(self, window: Window, send: Callable[[Command], None], go_back: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._send = send
        self._go_back = go_back
        self._drawn: tuple[MessageView, ...] = ()
        self.message = MessagePage()
        self.message.command.connect(send)
        self.notice = NoticePage()
        self.notice.closed.connect(go_back)
        for page in (self.message, self.notice):
            window.frame.pages.addWidget(page)
        window.launchpad.notice_wanted.connect(self._show_notice)
        self.helpdesk = HelpdeskInWindow(window, send, go_back)

    def in_front_of(self, page: QWidget) -> QWidget:
        """Return the page that is shown where ``page`` is wanted."""
        return self.message if self._drawn else page

    def draw(self, snapshot: Snapshot) -> None:
        """Show a message as soon as there is one, and go back once the last was read."""
        window, before = self._window, self._drawn
        window.help.draw(snapshot)
        self.helpdesk.draw(snapshot)
        self._drawn = snapshot.messages
        self.message.draw(snapshot)
        if window.frame.pages.currentWidget() is self.notice and not self.notice.draw(snapshot):
            self._go_back()  # it was withdrawn
        if not before and self._drawn:
            window.show_page(self.message)
            self.message.say()
            self._send(ComeForward())  # a program's own window may be in front of it
        elif before and not self._drawn:
            self._go_back()

    def _show_notice(self, system: str) -> None:
        snapshot = self._window.snapshot
        if snapshot is not None and self.notice.show_system(system, snapshot):
            self._window.show_page(self.notice)
            self.notice.say()
