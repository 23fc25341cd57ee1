"""Printing a terminal's screen: on which printer, and what became of it.

What is printed is the screen as it was when that was asked: it is made a page at once.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from launcher.errors import LauncherError
from launcher.shell.look import Button, ErrorPanel, Kind, Text, Type, announce, look, text2, word
from launcher.shell.surfaces.terminal.beside import BesideList, BesidePanel
from launcher.shell.surfaces.terminal.printers import NotPrintedError, Printers, PrintServer

_WIDTH = 420


class PrintPanel(BesidePanel):
    """What is going on or went wrong, the printers, and the button."""

    help_wanted = Signal(str)
    """Carries the reference of what went wrong."""

    def __init__(
        self,
        server: PrintServer | None = None,
        parent: QWidget | None = None,
        *,
        words: str = "terminal.print",
        job: str = "Terminal screen",
    ) -> None:
        super().__init__(word(f"{words}.heading"), word(f"{words}.close"), _WIDTH, parent)
        self._words = words
        self.server = server if server is not None else PrintServer(job=job)
        self._page = b""
        self._asked = 0
        """Each time it is opened is another: what is said of an earlier one is not heard."""
        self.said = Text("", Type.BODY, text2, wrap=True)
        self.fault = ErrorPanel()
        self.help = Button(word("terminal.face.get_help"), Kind.SECONDARY, icon="headset", height=44, role=Type.STRONG)
        self.fault.add_action(self.help)
        self.list = BesideList(word(f"{self._words}.printers"))
        self.act = Button(word(f"{self._words}.act"), Kind.PRIMARY, height=44, role=Type.STRONG)
        for widget in (self.said, self.fault):
            self.inside.addWidget(widget)
        self.inside.addWidget(self.list, 1)
        self.inside.addWidget(self.act)
        self.inside.addStretch(0)
        self.act.clicked.connect(self._print)
        self.list.itemActivated.connect(lambda _: self._print())
        self.help.clicked.connect(lambda: self.help_wanted.emit(self.fault.reference_text))

    def wait(self) -> None:
        """Say that the page is being made."""
        self._say(word(f"{self._words}.making"))
        self.end.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self, page: bytes) -> None:
        """Ask on which printer this page, a PDF, is to come out."""
        if not page:
            self._refuse(NotPrintedError("The page could not be made ready for printing."))
            return
        self._page = page
        self._asked += 1
        asked = self._asked
        self._say(word(f"{self._words}.looking"))
        self.show()
        self.end.setFocus(Qt.FocusReason.OtherFocusReason)
        self.server.printers(lambda found: self._take(found) if asked == self._asked else None)

    def leave(self) -> None:
        """Forget the page, and hide."""
        self._page = b""
        self._asked += 1
        self.hide()

    def _take(self, found: Printers | LauncherError) -> None:
        if isinstance(found, LauncherError):
            self._refuse(found)
            return
        self.list.clear()
        self.list.addItems(list(found.names))
        self._offer("")

    def _offer(self, said: str) -> None:
        self._say(said)
        self.list.show()
        self.act.show()
        self.list.setCurrentRow(max(0, self.list.currentRow()))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _print(self) -> None:
        chosen = self.list.currentItem()
        if chosen is None or not self._page or not self.act.isVisible():
            return
        printer, asked = chosen.text(), self._asked
        self._say(word(f"{self._words}.giving", printer=printer))
        self.end.setFocus(Qt.FocusReason.OtherFocusReason)

        def done(fault: LauncherError | None) -> None:
            if asked != self._asked:
                return
            if fault is None:
                self._page = b""
                self._say(word(f"{self._words}.given", printer=printer))
            else:
                self._offer("")
                self._refuse(fault)
                if look().large:  # there is room for why: it is read first, and the keys are not out of sight meanwhile
                    self.end.setFocus(Qt.FocusReason.OtherFocusReason)

        self.server.give(printer, self._page, done)

    def _say(self, said: str) -> None:
        for widget in (self.fault, self.list, self.act):
            widget.hide()
        self.room.verticalScrollBar().setValue(0)
        self.said.setText(said)
        self.said.setVisible(bool(said))
        if said and self.isVisible():
            announce(self, said)

    def _refuse(self, fault: LauncherError) -> None:
        self.said.hide()
        self.fault.show()
        self.fault.tell(fault.message, fault.next_step, fault.reference)
