"""What a page asks in a window of its own (alert, confirm, prompt): shown over the page, answered by the officer.

It is shown while its page can be looked at, taken back whenever it cannot, and answered by nobody else; where the page
goes first, there is no answer any more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from launcher.shell.look import Button, Kind, LineField, Text, Type, look, scrolling, word
from launcher.shell.surfaces.web_engine.messages import Question
from launcher.shell.surfaces.web_engine.web_view import WebView

MOST_WORDS: Final = 4000
_WIDTH, _HEIGHT, _WORDS = 480, 260, 120
_OF_WINDOW: Final = 0.8


class MessageWindow(QDialog):
    """The words, whose host says them, and the ways to answer; to be closed by others is no answer.

    ``answered`` is called once, with what was typed, or None for a no.
    """

    def __init__(self, over: QWidget, question: Question) -> None:
        super().__init__(over)
        self._question = question
        heading = word("workspace.message.heading", host=question.host)
        self.setWindowTitle(heading)
        here = look()
        words = question.untrusted_words[:MOST_WORDS]
        self.words = Text(words, Type.BODY, wrap=True)
        self.ok = Button(word("workspace.message.ok"), Kind.PRIMARY, height=44, role=Type.STRONG)
        self.ok.clicked.connect(lambda: self._answer(yes=True))
        self.cancel = Button(word("workspace.message.cancel"), Kind.SECONDARY, height=44, role=Type.STRONG)
        self.cancel.clicked.connect(lambda: self._answer(yes=False))
        self.cancel.setVisible(question.asking != "alert")
        self.field: LineField | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(*[here.space(16)] * 4)
        column.setSpacing(here.space(12))
        column.addWidget(Text(heading, Type.SECTION, wrap=True))
        column.addWidget(scrolling(self.words), 1)
        if question.asking == "prompt":
            self.field = LineField(word("workspace.message.answer"))
            self.field.edit.setText(question.untrusted_given[:MOST_WORDS])
            column.addWidget(self.field)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.ok)
        column.addLayout(row)
        self.setAccessibleName(heading)
        self.setAccessibleDescription(words)
        (self.field.edit if self.field is not None else self.ok).setFocus()
        width = here.grow(_WIDTH)
        more = self.words.heightForWidth(width - 2 * here.space(16)) - here.grow(_WORDS)
        most = max(here.grow(_HEIGHT), round(over.window().height() * _OF_WINDOW))
        self.resize(width, min(here.grow(_HEIGHT) + max(0, more), most))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape say no, as the officer's own answer."""
        if event.key() == Qt.Key.Key_Escape:
            self._answer(yes=self.cancel.isHidden())
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let the window's own button, or its manager's key for it, say no as Escape does; who rejects it does not."""
        super().closeEvent(event)
        self._answer(yes=self.cancel.isHidden())

    def _answer(self, *, yes: bool) -> None:
        said = self.field.edit.text() if self.field is not None else ""
        self._question.answer(said if yes else None)  # which takes it away


class Message:
    """One question over its page; ``may``: whether anybody may be asked now. ``over`` is called once it is answered."""

    def __init__(
        self, view: WebView, may: Callable[[], bool], question: Question, over: Callable[[Message], None]
    ) -> None:
        self._view, self._may, self._question = view, may, question
        self._window: MessageWindow | None = None
        self._ended = False
        self._over = over
        question.over = self._on_over
        view.sight.changed.connect(self._look_soon)
        self._look_soon()

    def look(self) -> None:
        """Show it where it can be seen, or take it back."""
        clear = not self._ended and self._view.sight.is_clear and self._may()
        if clear and (self._window is None or not self._window.isVisible()):
            self._take_back()
            self._window = MessageWindow(self._view, self._question)
            self._window.open()
        elif not clear:
            self._take_back()

    def end(self) -> None:
        """The page goes: nobody is asked any more."""
        self._question.answer(None)

    def _on_over(self) -> None:
        self._ended = True
        self._view.sight.changed.disconnect(self._look_soon)
        self._take_back()
        self._over(self)

    def _look_soon(self) -> None:
        QTimer.singleShot(0, self._view, self.look)  # not out of the middle of what shows or hides the page

    def _take_back(self) -> None:
        window, self._window = self._window, None
        if window is not None:
            window.hide()
            window.deleteLater()
