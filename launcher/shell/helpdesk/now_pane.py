"""The panel's last part: what waits for a second person, what is wrong now and was told, the notices on the screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from launcher.session.helpdesk.commands import (
    HelpdeskCloseTold,
    HelpdeskEndGrant,
    HelpdeskSecond,
    HelpdeskWithdraw,
)
from launcher.session.helpdesk.view import HelpdeskView
from launcher.shell.helpdesk.look_up import tell
from launcher.shell.helpdesk.notice_card import NoticeCard
from launcher.shell.helpdesk.role_by_number import RoleByNumber
from launcher.shell.helpdesk.rows import Rows, stack
from launcher.shell.helpdesk.words import (
    act_word,
    ended,
    notice_line,
    request_line,
    told_line,
    wrong_line,
    wrong_more,
)
from launcher.shell.hub.words import when
from launcher.shell.look import (
    Button,
    ButtonRow,
    Card,
    ErrorPanel,
    State,
    StateBadge,
    Text,
    Type,
    current,
    look,
    text2,
    word,
)
from launcher.wire.hub.helpdesk import SecondRequest, WrongNow
from launcher.wire.hub.officers import GrantedRole

_WRONG = {"failing": State.FAILED, "slow": State.DEGRADED, "terminals-away": State.OFFLINE}


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request; ``why_not``: this analyst has answered it already, or has asked for it."""

    request: SecondRequest
    why_not: Literal["", "answered", "yours"] = ""


class RequestCard(Card):
    """One request, and the two answers; neither has the focus by itself."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._request: SecondRequest | None = None
        self.line = Text("", Type.STRONG, wrap=True)
        self.text = Text("", Type.BODY, wrap=True)
        self.more = Text("", Type.BODY, text2, wrap=True)
        self.approve = Button(word("helpdesk.second.approve"), icon="check", height=44, role=Type.STRONG)
        self.approve.setObjectName("helpdesk-approve")
        self.refuse = Button(word("helpdesk.second.refuse"), icon="x", height=44, role=Type.STRONG)
        self.refuse.setObjectName("helpdesk-refuse")
        self._row = ButtonRow(self.approve, self.refuse, gap=8)
        self._column = QVBoxLayout(self)
        stack(self._column, self.line, self.text, self.more)
        self._column.addLayout(self._row)
        self.approve.clicked.connect(lambda: self._answer(True))
        self.refuse.clicked.connect(lambda: self._answer(False))
        current().changed.connect(self._look_changed)
        self._look_changed()

    def show_request(self, asked: AskedFor) -> None:
        """Write it."""
        request = self._request = asked.request
        self.line.setText(request_line(request))
        self.text.setText(word("helpdesk.sitting.says", words=request.text) if request.text else "")
        self.text.setVisible(bool(request.text))
        waits = request.state == "waiting"
        if waits:
            said = word("helpdesk.second.until", reason=ended(request.reason), time=when(request.expires))
            self.more.setText(f"{said} {word(f'helpdesk.second.{asked.why_not}')}" if asked.why_not else said)
        else:
            self.more.setText(word(f"helpdesk.second.state.{request.state}", name=request.second_name))
        for button, key in ((self.approve, "approve_it"), (self.refuse, "refuse_it")):
            button.setVisible(waits and not asked.why_not)
            button.setAccessibleName(word(f"helpdesk.second.{key}", act=act_word(request.kind), name=request.name))

    def _answer(self, approve: bool) -> None:
        if self._request is not None:
            self.command.emit(HelpdeskSecond(self._request.request, self._request.digest, approve))

    def resizeEvent(self, event: object) -> None:
        self._row.fit(self.width() - 2 * look().space(12))

    def _look_changed(self) -> None:
        here = look()
        side = here.space(12)
        self._column.setContentsMargins(side, here.space(8), side, here.space(8))
        self._column.setSpacing(here.space(6))
        self._row.fit(self.width() - 2 * side)


class WrongRow(QWidget):
    """One thing that is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.badge = StateBadge(State.FAILED)
        self.line = Text("", Type.STRONG, wrap=True)
        self.more = Text("", Type.BODY, text2, wrap=True)
        self._top = QHBoxLayout()
        self._top.addWidget(self.line, 1)
        self._top.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._top)
        column.addWidget(self.more)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def _look_changed(self) -> None:
        self._top.setSpacing(look().space(12))

    def show_wrong(self, wrong: WrongNow) -> None:
        """Write it."""
        away = wrong.kind == "terminals-away"
        self.badge.show_state(_WRONG[wrong.kind], word("helpdesk.answer.state.away") if away else "")
        self.line.setText(wrong_line(wrong))
        self.more.setText(wrong_more(wrong))


class LineWithButton(QWidget):
    """A line, and the one thing that can be done about it."""

    pressed = Signal()

    def __init__(self, act: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = Text("", Type.BODY, wrap=True)
        self.button = Button(act, height=44, role=Type.STRONG)
        self.button.setObjectName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.line)
        self._column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(self.pressed)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def write(self, line: str, what: str) -> None:
        """Write the line; ``what`` is the button's name for a screen reader."""
        self.line.setText(line)
        self.button.setAccessibleName(what)

    def _look_changed(self) -> None:
        self._column.setSpacing(look().space(4))


class NowPane(QWidget):
    """The pane. ``command`` carries what is done."""

    command = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.requests_heading = Text(word("helpdesk.now.requests"), Type.SECTION, wrap=True)
        self.no_requests = Text(word("helpdesk.now.no_requests"), Type.BODY, text2, wrap=True)
        self.requests_error = ErrorPanel()
        self.answer_error = ErrorPanel()
        self.requests: Rows[AskedFor, RequestCard] = Rows(self._request, RequestCard.show_request)
        self.wrong_heading = Text(word("helpdesk.now.wrong"), Type.SECTION, wrap=True)
        self.wrong_error = ErrorPanel()
        self.well = Text("", Type.BODY, text2, wrap=True)
        self.wrong: Rows[WrongNow, WrongRow] = Rows(WrongRow, WrongRow.show_wrong)
        self.told_heading = Text(word("helpdesk.now.told"), Type.SECTION, wrap=True)
        self.told: Rows[tuple[str, str], LineWithButton] = Rows(_told, _fill_told)
        self.notices_heading = Text(word("helpdesk.now.notices"), Type.SECTION, wrap=True)
        self.no_notices = Text(word("helpdesk.now.no_notices"), Type.BODY, text2, wrap=True)
        self.notices_error = ErrorPanel()
        self._names: Mapping[str, str] = {}
        self.notices: Rows[tuple[str, str], LineWithButton] = Rows(_notice, _fill_notice)
        self.write = Button(word("helpdesk.now.write"), icon="plus", height=44, role=Type.STRONG)
        self.write.setObjectName("helpdesk-write-notice")
        self.notice_card = NoticeCard()
        self.roles_heading = Text(word("helpdesk.roles.heading"), Type.SECTION, wrap=True)
        self.roles_hint = Text("", Type.BODY, text2, wrap=True)
        self.roles_error = ErrorPanel()
        self.by_number = RoleByNumber()
        self.roles: Rows[GrantedRole, LineWithButton] = Rows(_role, _fill_role)
        self._analyst = QWidget()
        inside = self._inside = QVBoxLayout(self._analyst)
        inside.setContentsMargins(0, 0, 0, 0)
        stack(inside, self.wrong_error, self.requests_heading, self.requests_error, self.answer_error)
        stack(inside, self.no_requests, self.requests)
        stack(inside, self.wrong_heading, self.well, self.wrong, self.told_heading, self.told)
        stack(inside, self.notices_heading, self.notices_error, self.no_notices, self.notices)
        inside.addWidget(self.write, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.notice_card)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._analyst)
        stack(self._column, self.roles_heading, self.roles_hint, self.roles_error, self.by_number, self.roles)
        self._column.addStretch(1)
        self.write.clicked.connect(self._write)
        self.notice_card.command.connect(self.command)
        self.by_number.command.connect(self.command)
        self.notice_card.left.connect(self._card_left)
        current().changed.connect(self._look_changed)
        self._look_changed()

    def know(self, systems: Mapping[str, str]) -> None:
        """Take the names of systems, by id: those of this analyst's own catalogue."""
        self._names = self.notice_card.names = systems

    def draw(self, view: HelpdeskView) -> None:
        """Draw the force as it is now."""
        self._analyst.setVisible(view.sees_force)
        if view.sees_force:
            self._draw_requests(view)
            self._draw_wrong(view)
            self._draw_notices(view)
        self._draw_roles(view)

    def escape(self) -> bool:
        """Take the card of a notice or of a role away; say whether one stood there."""
        if self.notice_card.isHidden():
            return self.by_number.escape()
        self.notice_card.give_up()
        return True

    # --- inside

    def _draw_requests(self, view: HelpdeskView) -> None:
        force = view.force
        error, above = force.requests_error, force.wrong_error
        none = not force.requests and error is None and (force.wrong is not None or above is not None)
        if error is not None and above is not None and error.reference == above.reference:
            error = None  # it stands there already
        tell(self.requests_error, error, narrow=True)
        tell(self.answer_error, force.answer_error, narrow=True)
        self.no_requests.setVisible(view.helpdesk and none)
        says = none or bool(force.requests or error or force.answer_error)
        self.requests_heading.setVisible(view.helpdesk and says)
        mine = {act.acted.request for act in view.acts if act.acted is not None}

        def why_not(request: str) -> Literal["", "answered", "yours"]:
            return "yours" if request in mine else "answered" if request in force.answered else ""

        self.requests.show_things((one.request, AskedFor(one, why_not(one.request))) for one in force.requests)

    def _draw_wrong(self, view: HelpdeskView) -> None:
        force, now = view.force, view.force.wrong
        tell(self.wrong_error, force.wrong_error, narrow=True)
        wrong: Sequence[WrongNow] = now.wrong if now is not None else ()
        self.well.setText(word("helpdesk.now.well" if now is not None else "helpdesk.now.asking"))
        self.well.setVisible(not wrong and force.wrong_error is None)
        self.wrong_heading.setVisible(bool(wrong) or force.wrong_error is None)
        self.wrong.show_things((f"{one.kind} {one.system} {one.place}", one) for one in wrong)
        told = [one for one in now.told if not one.closed] if now is not None else []
        self.told_heading.setVisible(bool(told))
        self.told.show_things((one.number, (one.number, told_line(one, self._names))) for one in told)
        for number, row in zip((one.number for one in told), self.told.parts, strict=True):
            self._act_on(row, HelpdeskCloseTold(number))

    def _draw_notices(self, view: HelpdeskView) -> None:
        now = view.force.wrong
        notices = now.notices if now is not None else ()
        tell(self.notices_error, view.notice.error if not view.notice.key else None, narrow=True)
        self.no_notices.setVisible(now is not None and not notices)
        self.notices_heading.setVisible(now is not None)
        self.notices.show_things((str(one.id), notice_line(one, self._names)) for one in notices)
        for notice, row in zip(notices, self.notices.parts, strict=True):
            self._act_on(row, HelpdeskWithdraw(notice.id))
        self.notice_card.draw(view.notice)

    def _draw_roles(self, view: HelpdeskView) -> None:
        for part in (self.roles_heading, self.roles_hint):
            part.setVisible(view.supervisor)
        granted = [one for one in view.grants.granted if not one.ended] if view.supervisor else []
        error = view.grants.error if view.supervisor and not view.grants.key else None
        tell(self.roles_error, error, narrow=True)
        hint = word("helpdesk.roles.lead") if granted else word("helpdesk.roles.none")
        self.roles_hint.setText(hint)
        self.by_number.draw(view)
        self.roles.show_things((str(one.id), one) for one in granted)
        for role, row in zip(granted, self.roles.parts, strict=True):
            self._act_on(row, HelpdeskEndGrant(role.id))

    def _act_on(self, row: LineWithButton, command: object) -> None:
        if row.property("acts") is None:
            row.setProperty("acts", True)
            row.pressed.connect(lambda: self.command.emit(command))

    def _write(self) -> None:
        self.write.hide()
        self.notice_card.open()

    def _card_left(self) -> None:
        self.write.show()
        if self.isVisible():
            self.write.setFocus(Qt.FocusReason.OtherFocusReason)

    def _request(self) -> RequestCard:
        card = RequestCard()
        card.command.connect(self.command)
        return card

    def _look_changed(self) -> None:
        here = look()
        for column in (self._column, self._inside):
            column.setSpacing(here.space(10))


def _told() -> LineWithButton:
    return LineWithButton(word("helpdesk.now.told_done"), "helpdesk-told-done")


def _fill_told(row: LineWithButton, told: tuple[str, str]) -> None:
    number, line = told
    row.write(line, word("helpdesk.now.told_done_it", number=number))


def _notice() -> LineWithButton:
    return LineWithButton(word("helpdesk.now.withdraw"), "helpdesk-withdraw")


def _fill_notice(row: LineWithButton, notice: tuple[str, str]) -> None:
    line, text = notice
    row.write(line, word("helpdesk.now.withdraw_it", text=text))


def _role() -> LineWithButton:
    return LineWithButton(word("helpdesk.roles.end"), "helpdesk-role-end")


def _fill_role(row: LineWithButton, granted: GrantedRole) -> None:
    role = word(f"helpdesk.roles.role.{granted.role}") if granted.role in ("helpdesk", "it") else granted.role
    line = word("helpdesk.roles.line", name=granted.name, role=role, time=when(granted.until))
    row.write(line, word("helpdesk.roles.end_it", role=role, name=granted.name))
