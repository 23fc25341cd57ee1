"""A program's tab: whether it runs, and its last lines; draws a :class:`LaunchView` and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from launcher.session.snapshot import LaunchView
from launcher.shell.look import Button, Text, Type, current, look, rounded, text2, thin_bars, word
from launcher.shell.look.tokens import Radius


class ProgramFace(QWidget):
    """State, output (mono, can be marked and copied), Close."""

    close_wanted = Signal()
    window_wanted = Signal()
    """The program's own window is to come in front."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._output: tuple[str, ...] = ()
        self.state = Text("", Type.SECTION)
        self.hint = Text("", Type.BODY, text2, wrap=True)
        self.end = Button(word("workspace.program.close"), icon="x", height=44, role=Type.STRONG)
        self.end.clicked.connect(self.close_wanted)
        self.window_button = Button(
            word("workspace.program.window"), icon="arrow-square-out", height=44, role=Type.STRONG
        )
        self.window_button.clicked.connect(self.window_wanted)
        self.output = QPlainTextEdit()
        self.output.setReadOnly(True)
        self.output.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.output.setAccessibleName(word("workspace.program.output"))
        self.output.setTabChangesFocus(True)
        self.output.setUndoRedoEnabled(False)
        self.output.viewport().setAutoFillBackground(False)
        thin_bars(self.output)
        self._head = QHBoxLayout()
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.state)
        texts.addWidget(self.hint)
        self._head.addLayout(texts, 1)
        self._buttons = QHBoxLayout()
        for button in (self.window_button, self.end):
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._head.addLayout(self._buttons)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self.output, 1)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, launch: LaunchView) -> None:
        """Draw what the program says; the view follows the end unless something above is being read."""
        self.state.setText(word("workspace.program.running" if launch.running else "workspace.program.ended"))
        hint = word("workspace.program.hint_running" if launch.running else "workspace.program.hint_ended")
        if launch.running and QGuiApplication.platformName() == "xcb":  # elsewhere the system has keys of its own
            hint = f"{hint} {word('workspace.program.hint_way_back')}"
        self.hint.setText(hint)
        self.window_button.setVisible(launch.running)
        if launch.output == self._output:
            return
        self._output = launch.output
        bar = self.output.verticalScrollBar()
        at_end, marked = bar.value() >= bar.maximum() - 2, self.output.textCursor().hasSelection()
        if not marked:
            self.output.setPlainText("\n".join(launch.output) or "")
        if at_end and not marked:
            self.output.moveCursor(QTextCursor.MoveOperation.End)

    def paintEvent(self, event: QPaintEvent) -> None:
        here = look()
        place = QRectF(self.output.geometry()).adjusted(-1, -1, 1, 1)
        rounded(QPainter(self), place, here.space(Radius.CONTROL), here.colours.surface, here.colours.line)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(24)
        self._column.setContentsMargins(edge, here.space(16), edge, here.space(20))
        self._column.setSpacing(here.space(12))
        directions = QBoxLayout.Direction
        self._head.setDirection(directions.TopToBottom if here.large else directions.LeftToRight)
        self._buttons.setAlignment(Qt.AlignmentFlag.AlignLeft if here.large else Qt.AlignmentFlag.AlignRight)
        for row in (self._head, self._buttons):
            row.setSpacing(here.space(12))
        self.output.setFont(here.font(Type.MONO))
        inset = here.space(12)
        self.output.setViewportMargins(inset, inset, inset, inset)
