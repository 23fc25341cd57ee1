"""A terminal's tab: its view, and above it what is to be known of its line: lost, or left signed on."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from launcher.shell.look import (
    Button,
    ErrorPanel,
    Ground,
    Kind,
    State,
    Text,
    Type,
    announce,
    current,
    look,
    scrolling,
    text2,
    word,
)
from launcher.shell.surfaces.terminal.feed import TerminalFeed
from launcher.shell.surfaces.terminal.view import TerminalView
from launcher.terminal.grid import GridPicture
from launcher.terminal.keyboards import USUAL, KeyboardMap

_BESIDE = 1000


class TerminalFace(Ground):
    """Open, lost; the last screen stays to be read and copied after its line has ended."""

    connect_wanted = Signal()
    """A new line is wanted."""
    help_wanted = Signal(str)
    """Carries the reference of what is shown, or nothing."""

    def __init__(
        self,
        feed: TerminalFeed | None = None,
        keyboard: KeyboardMap = USUAL,
        host: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self.view = TerminalView(None, keyboard)
        self.lost_panel = ErrorPanel()
        self.left_panel = ErrorPanel(State.NEEDS)
        self.again = _action("terminal.face.again", "arrow-clockwise")
        self.help = _action("terminal.face.get_help", "headset")
        self.seen = _action("terminal.face.dismiss", "check")
        for button in (self.again, self.help):
            self.lost_panel.add_action(button)
        self.left_panel.add_action(self.seen)
        for panel in (self.lost_panel, self.left_panel):
            panel.hide()
        self.waiting = Text(word("terminal.face.nothing"), Type.LEAD, text2, wrap=True)
        waiting = QWidget(self)  # of its own it would be a window as soon as the stack shows it
        self._waiting_column = QVBoxLayout(waiting)
        self._waiting_column.addWidget(self.waiting)
        self._waiting_column.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(waiting)
        self._stack.addWidget(self.view)
        panels = QWidget(self)
        self._panels = QBoxLayout(QBoxLayout.Direction.TopToBottom, panels)
        for panel in (self.lost_panel, self.left_panel):
            self._panels.addWidget(panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # Where text is large there may be less room than they need: they scroll, and the screen keeps its part.
        self._panels_room = scrolling(panels)
        column.addWidget(self._panels_room)
        column.addLayout(self._stack, 1)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # and no proxy, as in the view
        # From a screen that is dead Tab leads to the way on, though it stands above.
        stops = (self.view.area, self.again, self.help, self.lost_panel.copy_button, self.seen)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        self.view.begun.connect(self._begin)
        self.view.help_wanted.connect(self.help_wanted)
        self.again.clicked.connect(self.connect_wanted)
        self.help.clicked.connect(lambda: self.help_wanted.emit(self.lost_panel.reference_text))
        self.seen.clicked.connect(self._have_seen)
        current().changed.connect(self._look_changed)
        self._look_changed()
        if feed is not None:
            self.open(feed, host)

    def end(self) -> None:
        """Let go of the feed before this goes."""
        self.view.end()

    def open(self, feed: TerminalFeed, host: str) -> None:
        """Begin with a new line: its screen comes with the first picture that is not empty."""
        self.lost_panel.hide()
        self.view.attach(feed, host)
        self._wait(word("terminal.face.connected", host=host))
        self._look_changed()

    def take(self, picture: GridPicture) -> bool:
        """Draw a picture; return whether it will be painted. The first that shows anything brings the view in front."""
        return self.view.take(picture)

    def _begin(self) -> None:
        self._stack.setCurrentWidget(self.view)

    def lost(self, host: str, reason: str, hint: str, reference: str) -> None:
        """Say that the line has ended and why; the view stays with what was last seen."""
        self._end(State.FAILED, word("terminal.face.lost", host=host, reason=reason), hint, reference)

    def closed(self, what: str, next_step: str) -> None:
        """Say that the line has ended as it does at a log-off: no fault, and nothing for the helpdesk."""
        self._end(State.NEEDS, what, next_step)

    def _end(self, state: State, what: str, next_step: str, reference: str = "") -> None:
        self.lost_panel.set_state(state)
        self.lost_panel.tell(what, next_step, reference)
        self.help.setVisible(bool(reference))
        self.lost_panel.show()
        self.again.set_busy("")
        if self._stack.currentWidget() is not self.view:
            self._wait("")
        announce(self.view, self.lost_panel.accessibleName(), now=True)
        self._look_changed()

    def left_signed_on(self, where: str, hint: str) -> None:
        """Say that a host may still have the officer signed on, until they have seen it."""
        self.left_panel.tell(where, hint)
        self.left_panel.show()
        self._look_changed()

    def _wait(self, text: str) -> None:
        self.waiting.setText(text)
        self._stack.setCurrentIndex(0)
        if text:
            announce(self, text)

    def _have_seen(self) -> None:
        self.left_panel.hide()
        self._look_changed()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason, /) -> None:
        """Give the screen the keys at once: by way of this it would have none for a moment."""
        self.view.setFocus(reason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.view.area.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look_changed()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._share_height()  # what stands beside or above the screen now may need more than the screen alone
        return done

    def _look_changed(self) -> None:
        here = look()
        # Beside one another they leave more of the screen to be read.
        beside = self.width() >= here.grow(_BESIDE)
        self._panels.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        for panel in (self.left_panel, self.lost_panel):
            self._panels.setStretchFactor(panel, 1 if beside else 0)
            self._panels.setAlignment(panel, Qt.AlignmentFlag.AlignTop if beside else Qt.AlignmentFlag(0))
        shown = not (self.lost_panel.isHidden() and self.left_panel.isHidden())
        edge = here.space(12)
        self._panels.setContentsMargins(edge, edge, edge, edge)
        self._panels.setSpacing(here.space(8))
        self._panels_room.setVisible(shown)
        self._panels.invalidate()
        self._share_height()
        inset = here.space(24)
        self._waiting_column.setContentsMargins(inset, inset, inset, inset)
        self._waiting_column.setSpacing(here.space(10))

    def _share_height(self) -> None:
        """Give the panels what they need, as far as the view keeps its least."""
        needed = self._panels.totalHeightForWidth(self.width())
        left = self.height() - self.view.minimumSizeHint().height()
        self._panels_room.setFixedHeight(max(self._panels_room.minimumSizeHint().height(), min(needed, left)))


def _action(key: str, icon: str) -> Button:
    return Button(word(key), Kind.SECONDARY, icon=icon, height=44, role=Type.STRONG)
