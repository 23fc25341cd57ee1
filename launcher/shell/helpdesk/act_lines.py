"""What became of the analyst's last act, and of those that are not over: each with its state, its sentences and, where
one is awaited, the way to a second person."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import HelpdeskAskSupervisor
from launcher.session.helpdesk.view import ActView, HelpdeskView
from launcher.shell.helpdesk.rows import Rows
from launcher.shell.helpdesk.words import act_heading, act_sentences, act_state, act_state_word
from launcher.shell.look import Button, Card, State, StateBadge, Text, Type, announce, current, look, text2, word

AT_MOST = 5
_OVER = ("answered", "refused", "expired", "failed")


@dataclass(frozen=True, slots=True)
class _Line:
    """An act, and the terminal at which a supervisor can be asked for."""

    act: ActView
    terminal: str = ""
    sitting: str = ""
    asked: bool = False


class ActLine(Card):
    """One act."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._line: _Line | None = None
        self._said = ""
        self.badge = StateBadge(State.OPENING)
        self.heading = Text("", Type.STRONG, wrap=True)
        self.says = Text("", Type.BODY, text2, wrap=True)
        self.supervisor = Button("", icon="user-switch", height=44, role=Type.STRONG)
        self.supervisor.setObjectName("helpdesk-ask-supervisor")
        self._column = QVBoxLayout(self)
        self._top = QHBoxLayout()
        self._top.addWidget(self.heading, 1)
        self._top.addWidget(self.badge)
        self._column.addLayout(self._top)
        self._column.addWidget(self.says)
        self._column.addWidget(self.supervisor)
        self.supervisor.clicked.connect(self._ask)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_line(self, line: _Line) -> None:
        """Say how far it is; a screen reader is told what has changed."""
        self._line = line
        self.heading.setText(act_heading(line.act))
        self.badge.show_state(act_state(line.act), act_state_word(line.act))
        sentences = list(act_sentences(line.act))
        waits = line.act.state == "waits-for-second"
        if waits and line.asked:
            sentences.append(word("helpdesk.answer.asked", terminal=line.terminal))
        self.says.setText("\n".join(sentences))
        self.supervisor.setVisible(waits and bool(line.sitting) and not line.asked)
        self.supervisor.setText(word("helpdesk.answer.ask_supervisor", terminal=line.terminal))
        if self.says.text() != self._said and self.isVisible():
            announce(self, f"{self.heading.text()}: {self.says.text()}")
        self._said = self.says.text()
        self.setAccessibleName(f"{self.heading.text()}: {self._said}")

    def _ask(self) -> None:
        line = self._line
        if line is not None and line.act.acted is not None and line.act.acted.request is not None:
            self.command.emit(HelpdeskAskSupervisor(line.act.acted.request, line.sitting))

    def _look_changed(self) -> None:
        here = look()
        side = here.space(12)
        self._column.setContentsMargins(side, here.space(8), side, here.space(8))
        self._column.setSpacing(here.space(4))
        self._top.setSpacing(here.space(8))


class ActLines(QWidget):
    """All of them. ``command``: a supervisor is asked for."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading = Text(word("helpdesk.officer.acts"), Type.STRONG)
        self.rows: Rows[_Line, ActLine] = Rows(self._made, ActLine.show_line)
        self.rows.setAccessibleName(word("helpdesk.answer.list"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.heading)
        column.addWidget(self.rows)
        self.hide()

    def draw(self, view: HelpdeskView) -> None:
        """Draw the newest act for the officer who is shown, and what is not over; none hides the whole.

        What is over stands among what was done: here it would push the buttons for the next act out of sight.
        """
        acts = [act for act in view.acts if act.officer == view.page.officer]
        shown = [act for at, act in enumerate(acts) if at == 0 or act.state not in _OVER][:AT_MOST]
        self.rows.show_things((act.key, _line_of(act, view)) for act in shown)
        self.setVisible(bool(shown))

    def _made(self) -> ActLine:
        line = ActLine()
        line.command.connect(self.command)
        return line


def _line_of(act: ActView, view: HelpdeskView) -> _Line:
    request = act.acted.request if act.acted is not None else None
    if act.state != "waits-for-second" or request is None:
        return _Line(act)
    page = view.page.page
    sittings = page.sittings if page is not None and page.officer == act.officer else ()
    near = [one for one in sittings if one.reachable and act.sitting in ("", one.sitting.sitting)]
    asked = request in view.force.supervisor_asked
    return _Line(act, near[0].terminal, near[0].sitting.sitting, asked) if near else _Line(act, act.terminal, "", asked)
