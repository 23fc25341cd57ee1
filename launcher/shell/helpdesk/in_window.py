"""The panel's page in the window: made for whoever has the role, led to by the top bar's button and F7."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from launcher.session.commands import Command
    from launcher.session.snapshot import Snapshot
    from launcher.shell.helpdesk.page import HelpdeskPage
    from launcher.shell.window import Window


class HelpdeskInWindow(QObject):
    """One window's. Without the role there is neither button nor key nor page."""

    def __init__(self, window: Window, send: Callable[[Command], None], go_back: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._send = send
        self._go_back = go_back
        self.page: HelpdeskPage | None = None
        window.frame.top_bar.helpdesk_wanted.connect(self.show)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the panel; when the role has ended its page goes."""
        has_role = snapshot.helpdesk is not None
        self._window.frame.show_helpdesk(has_role)
        if has_role and self.page is None:
            self.page = self._made()
        if self.page is None:
            return
        self.page.draw(snapshot)
        if not has_role and self._window.frame.pages.currentWidget() is self.page:
            self._go_back()

    def show(self) -> None:
        """Bring the page to the front."""
        if self.page is not None and self._window.snapshot is not None and self._window.snapshot.helpdesk is not None:
            self._window.show_page(self.page)
            self.page.focus_first()

    def is_page(self, page: QWidget | None) -> bool:
        """Say whether this is the page, while there is one to come back to."""
        now = self._window.snapshot
        return page is not None and page is self.page and now is not None and now.helpdesk is not None

    def _made(self) -> HelpdeskPage:
        from launcher.shell.helpdesk.page import HelpdeskPage  # late: most officers have no such role

        page = HelpdeskPage()
        page.command.connect(self._send)
        page.closed.connect(self._go_back)
        self._window.frame.pages.addWidget(page)
        return page
