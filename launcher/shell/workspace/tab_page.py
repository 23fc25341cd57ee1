"""What one tab shows: the opening, a fault, the form that asks for a password, a program, or the page itself."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from launcher.session.commands import CloseSystem, RetrySystem, SkipSignOff
from launcher.session.snapshot import ErrorView, LaunchView, SystemView
from launcher.shell.look import ErrorPanel, Ground, State, current, look, scrolling, word
from launcher.shell.surfaces.program import ProgramFace
from launcher.shell.surfaces.terminals import left_words, line_lost
from launcher.shell.workspace.certificate import CertificateForm
from launcher.shell.workspace.credential import CredentialForm
from launcher.shell.workspace.fault_face import ENDED, STAYS, FaultFace, action
from launcher.shell.workspace.new_password import NewPasswordForm
from launcher.shell.workspace.opening import OpeningFace
from launcher.shell.workspace.page_place import PagePlace

_FORMS = ("credential", "certificate", "card-pin")
"""What is asked for in a form in the page's place."""


class Face(Enum):
    """What is in front."""

    OPENING = auto()
    FAULT = auto()
    CREDENTIAL = auto()
    PROGRAM = auto()
    PAGE = auto()
    NEW_PASSWORD = auto()
    CERTIFICATE = auto()
    CARD = auto()


_Form = TypeVar("_Form", CredentialForm, NewPasswordForm, CertificateForm)


class TabPage(Ground):
    """One system's place in the workspace. It borrows the page's widget and never ends it."""

    command = Signal(object)
    help_wanted = Signal(str)
    reload_wanted = Signal()
    dismissed = Signal()
    window_wanted = Signal()
    """The program's window is to come to the front."""
    nothing_to_do = Signal()
    """The keys were to go to the page, which has none to take."""

    def __init__(self, system: str, bar: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.system = system
        self._launch: LaunchView | None = None
        self._fault: ErrorView | None = None
        self._page_wanted = False
        self._asked: CloseSystem | RetrySystem | Callable[[], None] = CloseSystem(system)
        self._by_hand = False  # the officer changes a host's password on its own screens
        self.notice = ErrorPanel(State.NEEDS)
        self.notice.hide()
        self.question = ErrorPanel(State.NEEDS)
        self.question.hide()
        self.close_it = action(word("workspace.close_and_lose"), "x")
        self.keep_it = action(word("workspace.keep"), "")
        self.question.add_action(self.close_it)
        self.question.add_action(self.keep_it)
        self.opening = OpeningFace()
        self.opening.skip_wanted.connect(lambda: self.command.emit(SkipSignOff(self.system)))
        self.place = PagePlace(bar)
        self.faces = _Faces()
        self.faces.put(Face.OPENING, scrolling(self.opening))
        self.faces.put(Face.PAGE, self.place)
        self._notice_frame = QVBoxLayout()
        self._notice_frame.addWidget(self.question)
        self._notice_frame.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._notice_frame)
        column.addWidget(self.faces, 1)
        self.close_it.clicked.connect(self._lose)
        self.keep_it.clicked.connect(self._keep)
        current().changed.connect(self._look_changed)
        self._look_changed()

    # --- the faces that most tabs never show: each is made when it is first wanted, for all of them take 60 ms

    @cached_property
    def fault(self) -> FaultFace:
        """What went wrong."""
        face = FaultFace()
        face.retry.clicked.connect(self._retry)
        face.help.clicked.connect(lambda: self.help_wanted.emit(face.panel.reference_text))
        face.show_page.clicked.connect(self._show_page)
        self.faces.put(Face.FAULT, scrolling(face))
        return face

    @cached_property
    def program(self) -> ProgramFace:
        """What a program says, and its window."""
        face = ProgramFace()
        face.close_wanted.connect(lambda: self.command.emit(CloseSystem(self.system)))
        face.window_wanted.connect(self.window_wanted)
        self.faces.put(Face.PROGRAM, face)
        return face

    @cached_property
    def credential(self) -> CredentialForm:
        """Asks for a name and password."""
        return self._asking(Face.CREDENTIAL, CredentialForm())

    @cached_property
    def new_password(self) -> NewPasswordForm:
        """Asks for a new password."""
        form = self._asking(Face.NEW_PASSWORD, NewPasswordForm())
        form.by_hand_wanted.connect(self._change_by_hand)
        return form

    @cached_property
    def certificate(self) -> CertificateForm:
        """Asks for a certificate's password."""
        return self._asking(Face.CERTIFICATE, CertificateForm("workspace.certificate"))

    @cached_property
    def card(self) -> CertificateForm:
        """Asks for a card's PIN."""
        return self._asking(Face.CARD, CertificateForm("workspace.card"))

    def _asking(self, face: Face, form: _Form) -> _Form:
        form.given.connect(self.command)
        form.help_wanted.connect(self.help_wanted)
        self.faces.put(face, scrolling(form))
        return form

    # --- drawing

    def draw(self, launch: LaunchView, system: SystemView, page: QWidget | None, fault: ErrorView | None) -> None:
        """Draw the launch; ``page`` is the page's widget while there is one, ``fault`` the fault it met since."""
        self._launch, self._fault = launch, fault
        if launch.state == "opening" or launch.state == "queued":
            self._page_wanted = False
        self._by_hand = self._by_hand and launch.needs == "new-password"
        before, had_keys = self.faces.front, self._has_keys()
        face = self._face(launch, system, page, fault)
        stands = face is Face.PAGE if system.kind == "terminal" else self._page_stands(launch, page, fault)
        self.place.borrow(page if stands else self.place.page_kept(page))
        match face:
            case Face.OPENING:
                self.opening.draw(launch, system)
            case Face.FAULT:
                error = launch.error if launch.state == "failed" and not self._page_wanted else fault
                self.fault.tell(error or _unnamed(), launch, page_there=page is not None and launch.state == "failed")
            case Face.CREDENTIAL:
                self.credential.draw(launch, system)
            case Face.PROGRAM:
                self.program.draw(launch)
            case Face.NEW_PASSWORD:
                self.new_password.draw(launch, system)
            case Face.CERTIFICATE:
                self.certificate.draw(launch, system)
            case Face.CARD:
                self.card.draw(launch, system)
            case Face.PAGE:
                pass
        self.faces.bring(face)
        self._say_notice(launch, face)
        if before is not face:
            self._follow_focus(had_keys=had_keys)

    def ask_to_close(self, *, running: bool) -> None:
        """Ask in the tab before what was typed, or a program that runs, is lost."""
        self._ask(CloseSystem(self.system), "close", running=running)

    def ask_to_connect_again(self) -> None:
        """Ask in the tab before what was typed is lost with the line."""
        self._ask(RetrySystem(self.system), "again")

    def ask_to_close_window(self, close: Callable[[], None]) -> None:
        """Ask in the tab before what was typed is lost with a second window."""
        self._ask(close, "close_window")

    @property
    def shows_page(self) -> bool:
        """Whether the page itself is in front."""
        return self.faces.front is Face.PAGE

    def _ask(self, what: CloseSystem | RetrySystem | Callable[[], None], key: str, *, running: bool = False) -> None:
        self._asked = what
        self.question.tell(
            word("workspace.close_running" if running else "workspace.close_edited"), word(f"workspace.{key}_hint")
        )
        self.close_it.setText(word(f"workspace.{key}_and_lose"))
        self.question.show()
        self._look_changed()
        self.keep_it.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_content(self) -> None:
        """Go to where the next key belongs."""
        match self.faces.front:
            case Face.PAGE:
                self.place.focus_page()
            case Face.CREDENTIAL:
                self.credential.focus_first()
            case Face.FAULT:
                self.fault.focus_first()
            case Face.PROGRAM:
                self.program.output.setFocus(Qt.FocusReason.OtherFocusReason)
            case Face.NEW_PASSWORD:
                self.new_password.focus_first()
            case Face.CERTIFICATE:
                self.certificate.focus_first()
            case Face.CARD:
                self.card.focus_first()
            case Face.OPENING:
                self.nothing_to_do.emit()

    def give_back(self) -> None:
        """Let go of the page's widget: it is about to end. The keys it had stay here."""
        had_keys = self._has_keys()
        self.place.close_beside()
        self.place.borrow(None)
        if had_keys:
            self.nothing_to_do.emit()

    # --- inside

    def _face(self, launch: LaunchView, system: SystemView, page: QWidget | None, fault: ErrorView | None) -> Face:
        if launch.needs == "new-password" and not self._by_hand:  # also before a host has given a line
            return Face.NEW_PASSWORD
        if system.kind == "terminal" and page is not None and launch.needs != "credential":
            return self._terminal_face(launch)
        if launch.state == "failed" and not (self._page_wanted and page is not None):
            return Face.FAULT
        if launch.state in ("queued", "opening", "signing"):
            return Face.OPENING
        if launch.needs == "credential":
            return Face.CREDENTIAL
        if launch.needs == "certificate":
            return Face.CERTIFICATE
        if launch.needs == "card-pin":
            return Face.CARD
        if system.kind == "program":
            return Face.PROGRAM
        if fault is not None:
            return Face.FAULT
        return Face.PAGE if page is not None else Face.OPENING

    def _terminal_face(self, launch: LaunchView) -> Face:
        """A terminal is shown from its first picture on, also with what was last seen on a line that has ended."""
        if launch.state == "failed" and not line_lost(launch) and not self._page_wanted:
            return Face.FAULT
        return Face.PAGE

    def _page_stands(self, launch: LaunchView, page: QWidget | None, fault: ErrorView | None) -> bool:
        if page is None or fault is not None:
            return False
        if launch.state == "failed":
            return self._page_wanted
        return launch.state in ("needs", "ready", "unknown") and launch.needs not in _FORMS

    def _say_notice(self, launch: LaunchView, face: Face) -> None:
        what, next_step = "", ""
        elsewhere = ("", *_FORMS, "line-closed", "closed-at-change")  # which a form, or the terminal's own face, says
        if launch.state == "needs" and launch.needs not in elsewhere and face is not Face.NEW_PASSWORD:
            what = word(f"workspace.needs.{launch.needs}")
            next_step = self._said(launch)
        elif launch.state == "unknown":
            what, next_step = word("workspace.needs.unknown"), self._said(launch)
        elif launch.left is not None and face is not Face.PAGE:  # there the terminal's own face says it
            what, next_step = left_words(launch.left)
        self.notice.setVisible(bool(what))
        if what and (self.notice.what.text(), self.notice.next_step.text()) != (what, next_step):
            self.notice.tell(what, next_step)
        self._look_changed()

    def _said(self, launch: LaunchView) -> str:
        if not launch.says:
            return ""
        key = "workspace.last_seen" if launch.needs == "finish" or launch.state == "unknown" else "workspace.it_says"
        return word(key, says=launch.says)

    def _has_keys(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.isAncestorOf(focused)

    def _follow_focus(self, *, had_keys: bool) -> None:
        """Take the focus along when it was somewhere in the workspace, and leave it alone when it was not."""
        focused = QApplication.focusWidget()
        workspace = self.parentWidget()
        while workspace is not None and workspace.objectName() != "workspace":
            workspace = workspace.parentWidget()
        inside = focused is None or workspace is None or workspace is focused or workspace.isAncestorOf(focused)
        if self.isVisible() and (inside or had_keys):
            self.focus_content()

    def _lose(self) -> None:
        self.question.hide()
        self._look_changed()
        if callable(self._asked):
            self._asked()
            self.focus_content()
        else:
            self.command.emit(self._asked)

    def _keep(self) -> None:
        self.question.hide()
        self._look_changed()
        self.focus_content()

    def _retry(self) -> None:
        launch = self._launch
        if launch is None:
            return
        ended = self._fault is not None and self._fault.reference in ENDED
        if ended or (launch.state == "failed" and not self._page_wanted):
            self.command.emit(RetrySystem(self.system))
        elif self._fault is not None and self._fault.reference in STAYS:
            self.dismissed.emit()
        else:
            self.reload_wanted.emit()

    def _change_by_hand(self) -> None:
        self._by_hand = True
        self.dismissed.emit()
        self.focus_content()

    def _show_page(self) -> None:
        self._page_wanted = True
        self.dismissed.emit()

    def _look_changed(self) -> None:
        here = look()
        shown = self.notice.isVisibleTo(self) or self.question.isVisibleTo(self)
        edge = here.space(12) if shown else 0
        self._notice_frame.setSpacing(here.space(8))
        self._notice_frame.setContentsMargins(edge, edge, edge, edge)


class _Faces(QStackedWidget):
    """As tall as the face in front must be: what stands above it has the room that another face would need."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[Face, QWidget] = {}
        self.currentChanged.connect(lambda _: self.updateGeometry())

    @property
    def front(self) -> Face:
        """The face in front."""
        return next(face for face, widget in self._made.items() if widget is self.currentWidget())

    def put(self, face: Face, widget: QWidget) -> None:
        """Take what a face is."""
        self._made[face] = widget
        self.addWidget(widget)

    def bring(self, face: Face) -> None:
        """Bring a face to the front."""
        self.setCurrentWidget(self._made[face])

    def minimumSizeHint(self) -> QSize:
        front = self.currentWidget()
        return QSize(0, 0) if front is None else front.minimumSizeHint()


def _unnamed() -> ErrorView:
    return ErrorView("internal-fault", word("workspace.failed"), word("workspace.failed_hint"), True)
