"""A sign-in screen as a test sees it, and the cards it is given."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from launcher.session.commands import Command
from launcher.session.snapshot import ErrorView, MethodView, ServiceView, SignInView, Snapshot, StationView
from launcher.shell.frame import Clock
from launcher.shell.sign_in import SignInScreen
from tests.shell.look.seeing import settle

PASSWORD = MethodView("directory", "Name and password", "password")
PROVIDER = MethodView("federated", "Force account", "provider")
LOCAL = MethodView("local", "This terminal", "password")
STATION = StationView("FD-02", "Front desk", "ext. 4100")
SINCE = datetime(2026, 11, 23, 2, 50).timestamp()  # noqa: DTZ001 - the wall clock of this computer, as shown
SERVICES = (
    ServiceView("directory", health="ready", since=SINCE),
    ServiceView("federated", "Force account", "degraded", SINCE),
)
WRONG = ErrorView(
    "password-not-accepted",
    "That name and password were not accepted.",
    "2 tries left before your account locks. Check Caps Lock, then type it again.",
    retryable=True,
)
GONE = ErrorView("directory-unreachable", "The directory cannot be reached.", "Wait a minute, then try again.")
MUST_CHANGE = ErrorView(
    "password-must-change", "Your password must be changed before you can go on.", "Choose a new password."
)
SHORT = ErrorView("new-password-too-short", "The new password is too short.", "Choose a longer one.")


def card(**parts: object) -> Snapshot:
    whole: dict[str, object] = {
        "methods": (PASSWORD, PROVIDER),
        "usual_ms": 3000.0,
        "systems_usual_ms": 17000.0,
        **parts,
    }
    return Snapshot("spare", STATION, SignInView(**whole), SERVICES)  # type: ignore[arg-type]


class Seen:
    """A sign-in screen and the commands it emitted."""

    def __init__(self, qtbot: QtBot, drawn: Snapshot, size: tuple[int, int] = (1280, 800)) -> None:
        self.qtbot = qtbot
        self.commands: list[Command] = []
        self.screen = SignInScreen(Clock(lambda: datetime(2025, 11, 23, 3, 12, tzinfo=UTC)))
        qtbot.addWidget(self.screen)
        self.screen.command.connect(self.commands.append)
        self.screen.draw(drawn)
        self.screen.resize(*size)
        self.screen.show()
        self.screen.activateWindow()
        qtbot.waitUntil(self.screen.isActiveWindow)
        settle()

    def draw(self, drawn: Snapshot) -> None:
        self.screen.draw(drawn)
        settle()

    def type(self, text: str) -> None:
        for letter in text:
            self.qtbot.keyClicks(self.focused(), letter)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.focused(), key, modifier)
        settle()

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget

    def told(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.commands if isinstance(command, kind)]
