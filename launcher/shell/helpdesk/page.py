"""The page: who is looked for, the officer who is shown, the force as it is now; side by side where there is room."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskClose, HelpdeskLook
from launcher.session.helpdesk.view import HelpdeskView
from launcher.session.snapshot import Snapshot
from launcher.shell.helpdesk.look_up import LookUp
from launcher.shell.helpdesk.now_pane import NowPane
from launcher.shell.helpdesk.officer_pane import OfficerPane
from launcher.shell.look import (
    Button,
    Ground,
    Kind,
    Segmented,
    Text,
    Type,
    current,
    look,
    scrolling,
    tab_as_read,
    text2,
    word,
)

_LOOK_UP, _OFFICER, _NOW = range(3)
_SIDE, _MIDDLE = 340, 480
_EDGES = 40
"""What a pane's margins and its scroll bar take."""


class HelpdeskPage(Ground):
    """Draws the panel of a snapshot; decides nothing."""

    command = Signal(object)
    """Carries a launcher.session.helpdesk.commands.HelpdeskCommand."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._view: HelpdeskView | None = None
        self._drawn: HelpdeskView | None = None
        self._shown_officer = ""
        self._stops: tuple[QWidget, ...] = ()
        self.setAccessibleName(word("helpdesk.page"))
        self.setObjectName("helpdesk-page")
        self.heading = Text(word("helpdesk.page"), Type.TITLE)
        self.case = Text("", Type.BODY, text2)
        self.close_case = Button(word("helpdesk.close_case"), icon="x", height=44, role=Type.STRONG)
        self.close_case.setObjectName("helpdesk-close-case")
        self.back = Button(
            word("helpdesk.back"), Kind.QUIET, icon="arrow-left", key=word("helpdesk.key_back"), height=44
        )
        parts = [word(f"helpdesk.part.{part}") for part in ("look_up", "officer", "now")]
        self.which = Segmented(word("helpdesk.parts"), parts)
        self.look_up = LookUp()
        self.officer = OfficerPane()
        self.now = NowPane()
        self.panes = [_pane(part) for part in (self.look_up, self.officer, self.now)]
        self._lay_out_children()
        for part in (self.look_up, self.officer, self.now):
            part.command.connect(self.command)
        self.look_up.showed.connect(self._go_to_officer)
        self.officer.letters_wanted.connect(self._go_to_letters)
        self.close_case.clicked.connect(lambda: self.command.emit(HelpdeskClose()))
        self.back.clicked.connect(self.closed)
        self.which.chosen.connect(lambda _: self._fit())
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the panel; without the role the page empties itself."""
        self._view = snapshot.helpdesk
        self.now.know({one.id: one.name for one in snapshot.systems})
        if self._view is None or self.isVisible():
            self._refresh()

    def focus_first(self) -> None:
        """Put the focus where the analyst goes on."""
        view = self._view
        if view is not None and view.helpdesk:
            self._choose(_LOOK_UP)
            self.look_up.focus_first()
        elif view is not None and view.supervisor and not view.it:
            self.now.by_number.number.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.command.emit(HelpdeskLook(True))
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.command.emit(HelpdeskLook(False))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # --- inside

    def _refresh(self) -> None:
        # Whoever has the role no longer sees nothing of what was shown to it.
        view = self._view or HelpdeskView(helpdesk=False, supervisor=False)
        if view is self._drawn:
            return
        self._drawn = view
        case = view.looking.case
        self.case.setText(word("helpdesk.case", reason=case.reason) if case else word("helpdesk.no_case"))
        self.case.setToolTip(self.case.text())  # a long reason does not stand there whole
        self.case.setVisible(view.helpdesk and not look().large)
        self.close_case.setVisible(case is not None)
        self.look_up.draw(view.looking)
        self.officer.draw(view)
        self.now.draw(view)
        if view.page.officer != self._shown_officer:
            self._shown_officer = view.page.officer
            if self._shown_officer:
                self._go_to_officer()
        self._fit()
        self._stops = tab_as_read(self, self._stops)

    def _go_to_officer(self) -> None:
        if self._one_at_a_time():
            # Not to a button of the officer's: who presses Enter once more than is needed does nothing by it.
            self.which.segments[_OFFICER].setFocus(Qt.FocusReason.OtherFocusReason)
            self._choose(_OFFICER)

    def _go_to_letters(self) -> None:
        self._choose(_LOOK_UP)
        self.look_up.focus_letters()

    def _choose(self, which: int) -> None:
        self.which.choose(which)
        self._fit()

    def _escape(self) -> None:
        if not (self.look_up.escape() or self.officer.escape() or self.now.escape()):
            self.closed.emit()

    def _one_at_a_time(self) -> bool:
        return self.width() < look().grow(2 * _SIDE + _MIDDLE) + 4 * look().space(16)

    def _fit(self) -> None:
        view, one = self._view, self._one_at_a_time()
        helpdesk = view is not None and view.helpdesk
        in_turn = one and helpdesk
        self.which.setVisible(in_turn)
        self.heading.setVisible(not in_turn)  # the height of a line more for what is beneath
        for at, pane in enumerate(self.panes):
            wanted = helpdesk or at == _NOW
            pane.setVisible(wanted and (not one or not helpdesk or self.which.index == at))
            beside = not one and helpdesk and at != _OFFICER
            pane.setMaximumWidth(look().grow(_SIDE) if beside else 16_777_215)
            pane.setMinimumWidth(look().grow(_SIDE) if beside else 0)
        self.now.notice_card.fit(look().grow(_SIDE) - _EDGES if not one and helpdesk else self.width() - _EDGES)
        narrow = look().large or self.width() < 720
        self.back.set_icon_only(narrow)
        self.close_case.set_icon_only(narrow)
        edges = self._column.contentsMargins()
        buttons = [button for button in (self.back, self.close_case) if not button.isHidden()]
        taken = sum(button.minimumSizeHint().width() for button in buttons)
        self.which.fit(self.width() - edges.left() - edges.right() - taken - 2 * self._head.spacing())

    def _lay_out_children(self) -> None:
        self._head = QHBoxLayout()
        self._head.addWidget(self.heading)
        self._head.addWidget(self.which)
        self._head.addWidget(self.case, 1)
        self._head.addStretch(0)
        self._head.addWidget(self.close_case)
        self._head.addWidget(self.back)
        self._beside = QHBoxLayout()
        for pane in self.panes:
            self._beside.addWidget(pane, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._beside, 1)

    def _look_changed(self) -> None:
        here = look()
        edge = here.space(20) if not here.large else here.space(12)
        self._column.setContentsMargins(edge, here.space(10), edge, here.space(8))
        self._column.setSpacing(here.space(10))
        self._head.setSpacing(here.space(14))
        self._beside.setSpacing(here.space(16))
        self._drawn = None
        self._refresh()
        self._fit()


def _pane(part: QWidget) -> QScrollArea:
    inside = QWidget()
    column = QVBoxLayout(inside)
    # Room for the focus ring around what stands at the edge.
    column.setContentsMargins(6, 6, 10, 6)
    column.addWidget(part)
    return scrolling(inside)
