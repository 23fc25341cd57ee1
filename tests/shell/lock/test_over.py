"""The sign-in screen over a locked session, and the cover of one that does not answer, by keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from launcher.session.commands import (
    AnswerCover,
    Command,
    LeaveLocked,
    SignInPainted,
    SubmitPassword,
    TakeOver,
    WantFace,
)
from launcher.session.snapshot import ErrorView, OverView, Snapshot
from launcher.shell.lock.screen import LockScreen
from launcher.shell.look import Look, Text, current
from launcher.shell.sign_in.between import BetweenPeople
from launcher.shell.window import Window
from launcher.timings.boot_clock import boot_time_s
from tests.shell.lock.terminal import CARD, NEWCOMER, cover_view, over_view, spare, with_pin, working
from tests.shell.look.seeing import cut_texts, nameless, settle, too_small

KEPT = ErrorView("terminal-kept", "This terminal is kept for 4471.", "Wait, or use another terminal.")

WRONG = ErrorView("password-not-accepted", "The password was not accepted.", "Type it again, or call the helpdesk.")
ENDED = ErrorView("session-ended-meanwhile", "The session that was locked here has ended.", "Log on as usual.")


class Seen:
    """A window without anything behind it, as a spare has it."""

    def __init__(self, qtbot: QtBot, size: tuple[int, int] = (1280, 800)) -> None:
        self.commands: list[Command] = []
        self.window = Window(self.commands.append, fullscreen=False)
        qtbot.addWidget(self.window, before_close_func=lambda _: self.window.close_for_good())
        self.qtbot = qtbot
        self.size = size
        self._active = False
        self.draw(spare())

    def draw(self, picture: Snapshot) -> None:
        self.window.draw(picture)
        self.window.resize(*self.size)
        if self.window.isVisible() and not self._active:
            # Once: offscreen no window manager gives the keys to a window that is shown a second time.
            self._active = True
            self.window.activateWindow()
            self.qtbot.waitUntil(self.window.isActiveWindow)
        settle()

    def over(self, over: OverView, **card: object) -> None:
        self.draw(spare(stage="signing-in", over=over, sign_in=replace(CARD, **card)))  # type: ignore[arg-type]

    def told(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.commands if isinstance(command, kind)]

    def focus(self) -> str:
        focused = QApplication.focusWidget()
        return (focused.objectName() or focused.accessibleName()) if focused is not None else ""

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key)
        settle()

    def type(self, text: str) -> None:
        """Type where the focus is now."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def button(self, name: str) -> QPushButton:
        (found,) = self.window.findChildren(QPushButton, name)
        return found

    def texts(self) -> str:
        return "\n".join(text.text() for text in self.window.findChildren(Text) if text.isVisible())


@pytest.fixture
def seen(qtbot: QtBot) -> Seen:
    return Seen(qtbot)


def test_the_owner_finds_their_number_and_types_the_password(seen: Seen) -> None:
    seen.over(over_view())
    assert {"Locked by 4471", "Terminal FD-02", "Not 4471?", "Unlock"} <= {
        *seen.texts().split("\n"),
        seen.window.sign_in.form.primary.text(),
    }
    assert seen.focus() == "Password"
    QTest.keyClicks(seen.window.sign_in.password_form.password.edit, "a password")
    seen.key(Qt.Key.Key_Return)
    (sent,) = seen.told(SubmitPassword)
    assert isinstance(sent, SubmitPassword)
    assert (sent.user_name, sent.password.reveal()) == ("4471", "a password")
    assert seen.told(SignInPainted)


def test_the_owner_who_logs_on_with_another_name_than_the_number_finds_that(seen: Seen) -> None:
    seen.over(replace(over_view(), logs_on_as="okafor"), name="okafor", focus="secret")
    assert "Locked by 4471" in seen.texts()
    QTest.keyClicks(seen.window.sign_in.password_form.password.edit, "a password")
    seen.key(Qt.Key.Key_Return)
    (sent,) = seen.told(SubmitPassword)
    assert isinstance(sent, SubmitPassword)
    assert sent.user_name == "okafor"


def test_nobody_else_takes_over_before_the_grace_is_over(seen: Seen) -> None:
    seen.over(over_view())
    assert "5 systems" in seen.texts()
    assert "1 page" in seen.texts()
    assert "2 running programs" in seen.texts()
    assert "Possible in 1 min" in seen.texts()
    assert "Ends by itself at" not in seen.texts()
    assert not seen.button("over-take-over").isEnabled()
    assert "Too many wrong PINs" not in seen.texts()
    seen.over(over_view(pin_spent=True))
    assert "Too many wrong PINs: log on in full." in seen.texts()
    seen.over(over_view(grace_until=boot_time_s()))
    assert "Possible in" not in seen.texts()
    seen.over(over_view(grace_until=boot_time_s(), ends_at=boot_time_s() + 600))
    assert "Ends by itself at" in seen.texts()
    assert seen.button("over-take-over").isEnabled()


def test_the_button_comes_by_itself_when_the_grace_is_over(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [boot_time_s()]
    monkeypatch.setattr("launcher.shell.lock.spans.boot_time_s", lambda: now[0])
    seen.over(over_view(grace_until=now[0] + 110))
    may = []
    for passed_s in (0, 109, 2):
        now[0] += passed_s
        seen.window.sign_in.clock.look_again()
        may.append(seen.button("over-take-over").isEnabled())
    assert may == [False, False, True]


@pytest.mark.parametrize("error", [WRONG, KEPT], ids=["wrong", "kept"])
def test_the_way_to_take_over_stays_on_the_screen_below_an_error(seen: Seen, error: ErrorView) -> None:
    seen.over(over_view(), name="4471", focus="secret", error=error, attempt=1)
    button = seen.button("over-take-over")
    bottom = button.mapTo(seen.window, button.rect().bottomLeft()).y()
    assert button.isVisible()
    assert bottom < seen.window.height()
    assert not button.visibleRegion().isEmpty()
    assert button.visibleRegion().boundingRect() == button.rect()


def test_taking_over_asks_for_the_newcomer_and_escape_leaves_it_locked(seen: Seen) -> None:
    seen.over(over_view(grace_until=0.0))
    seen.button("over-take-over").click()
    assert seen.told(TakeOver) == [TakeOver()]
    seen.over(over_view(grace_until=0.0, taking_over=True))
    assert "Take over this terminal" in seen.texts()
    assert seen.window.sign_in.password_form.name.text() == ""
    assert seen.focus() == "Collar number or user name"
    assert not seen.button("over-take-over").isVisible()
    seen.key(Qt.Key.Key_Escape)
    assert seen.told(LeaveLocked) == [LeaveLocked()]
    seen.over(over_view(grace_until=0.0))
    assert seen.window.sign_in.password_form.name.text() == "4471"
    assert seen.focus() == "Password"


def test_a_newcomer_who_came_too_early_keeps_their_name(seen: Seen) -> None:
    seen.over(over_view())
    seen.window.sign_in.password_form.name.set_text("5120")
    seen.over(over_view(taking_over=True), error=KEPT, attempt=1)
    assert seen.window.sign_in.password_form.name.text() == "5120"
    assert "This terminal is kept for 4471." in seen.texts()


def test_who_was_proved_is_asked_once_and_enter_takes_nothing(seen: Seen) -> None:
    seen.over(over_view(grace_until=0.0))
    seen.over(over_view(grace_until=0.0, proved=NEWCOMER), name="5120", attempt=1)
    assert "You are 5120 B. Lindqvist." in seen.texts()
    assert seen.focus() == "over-leave"
    seen.key(Qt.Key.Key_Return)
    assert (seen.told(LeaveLocked), seen.told(TakeOver)) == ([LeaveLocked()], [])
    QTest.keyClick(seen.button("over-confirm"), Qt.Key.Key_Return)
    assert seen.told(TakeOver) == [TakeOver()]
    seen.over(over_view(grace_until=0.0, proved=replace(NEWCOMER, number="4471"), another_way=True), attempt=1)
    assert "unlock the way you logged on" in seen.texts()


def test_without_a_locked_session_it_is_the_plain_screen_again(seen: Seen) -> None:
    seen.over(over_view())
    seen.draw(spare(stage="signing-in"))
    form = seen.window.sign_in.password_form
    assert (form.heading.text(), form.primary.text(), form.name.text()) == ("Log on", "Log on", "")
    assert "4471" not in seen.texts()
    assert "Front desk, terminal FD-02" in seen.texts()


def test_back_to_the_pin_by_its_button_or_escape_while_the_grace_lasts(seen: Seen) -> None:
    seen.over(over_view(face=True), name="4471", focus="secret")
    back = seen.button("over-face")
    assert (back.isVisible(), seen.focus()) == (True, "Password")
    seen.key(Qt.Key.Key_Escape)
    back.click()
    assert seen.told(WantFace) == [WantFace()] * 2
    seen.over(over_view(face=True, grace_until=0.0), name="4471", focus="secret")
    assert not back.isVisible()
    seen.key(Qt.Key.Key_Escape)
    assert len(seen.told(WantFace)) == 2
    seen.over(over_view(face=True, taking_over=True), attempt=1, focus="name")
    assert not back.isVisible()
    seen.over(over_view(), name="4471", focus="secret")
    assert not back.isVisible()


def test_the_name_of_the_one_who_was_locked_does_not_stay_for_the_next(seen: Seen) -> None:
    seen.over(over_view(grace_until=0.0), name="4471", attempt=1)  # they have tried a password
    seen.draw(spare(stage="signing-in", sign_in=replace(CARD, attempt=1)))
    seen.draw(spare(stage="signing-in", sign_in=replace(CARD, attempt=1, error=ENDED)))
    assert seen.window.sign_in.password_form.name.text() == ""
    assert (seen.focus(), ENDED.what in seen.texts()) == ("Collar number or user name", True)


def test_what_is_being_typed_goes_on_where_it_was_when_the_locked_session_has_ended(seen: Seen) -> None:
    taking = replace(CARD, name="", focus="name", attempt=1)
    seen.draw(spare(stage="signing-in", over=over_view(grace_until=0.0, taking_over=True), sign_in=taking))
    form = seen.window.sign_in.password_form
    QTest.keyClicks(form.name.edit, "5120")
    seen.key(Qt.Key.Key_Return)
    assert seen.focus() == "Password"
    QTest.keyClicks(form.password.edit, "correct ")
    # As the session draws it: first the plain card, then why.
    seen.draw(spare(stage="signing-in", sign_in=taking))
    seen.draw(spare(stage="signing-in", sign_in=replace(taking, error=ENDED)))
    seen.type("horse")
    assert (form.heading.text(), form.primary.text()) == ("Log on", "Log on")
    assert ENDED.what in seen.texts()
    assert (form.name.text(), form.password.text(), seen.focus()) == ("5120", "correct horse", "Password")


@pytest.mark.parametrize("taking_over", [False, True])
def test_what_is_being_typed_goes_on_where_it_was_when_a_lock_is_told_of(seen: Seen, taking_over: bool) -> None:
    typed = replace(CARD, name="5120", focus="secret")
    seen.draw(spare(stage="signing-in", sign_in=typed))
    assert seen.focus() == "Password"
    seen.type("correct ")
    seen.draw(spare(stage="signing-in", over=over_view(taking_over=taking_over), sign_in=typed))
    seen.type("horse")
    form = seen.window.sign_in.password_form
    assert (form.name.text(), form.password.text(), seen.focus()) == ("5120", "correct horse", "Password")


def test_a_name_half_typed_stays_when_the_locked_session_has_ended(seen: Seen) -> None:
    seen.over(over_view(grace_until=0.0, taking_over=True), focus="name", attempt=1)
    seen.type("51")
    seen.draw(spare(stage="signing-in", sign_in=replace(CARD, attempt=1)))
    seen.draw(spare(stage="signing-in", sign_in=replace(CARD, attempt=1, error=ENDED)))
    seen.type("20")
    assert seen.window.sign_in.password_form.name.text() == "5120"


def test_the_cover_waits_or_ends_and_goes_by_itself(seen: Seen) -> None:
    seen.draw(spare(cover=cover_view()))
    assert seen.window.isVisible()
    assert seen.told(SignInPainted) == [SignInPainted()]
    assert {"4471 does not answer", "Terminal FD-02"} <= {*seen.texts().split("\n")}
    assert seen.focus() == "cover-wait"
    seen.key(Qt.Key.Key_Return)
    assert seen.told(AnswerCover) == [AnswerCover(end=False)]
    seen.draw(spare(cover=cover_view(waiting=True)))
    assert "goes on by itself" in seen.texts()
    seen.key(Qt.Key.Key_Return)
    assert len(seen.told(AnswerCover)) == 1
    seen.button("cover-end").click()
    assert seen.told(AnswerCover)[-1] == AnswerCover(end=True)
    seen.draw(spare())
    assert not seen.window.isVisible()
    seen.draw(spare(cover=cover_view()))
    assert len(seen.told(SignInPainted)) == 2
    seen.draw(spare(stage="signing-in"))
    assert seen.window.sign_in.isVisible()
    assert len(seen.told(SignInPainted)) == 3


@pytest.mark.parametrize("size", [(1280, 800), (1366, 768)])
@pytest.mark.parametrize("grace_s", [110.0, 0.0])
def test_at_200_per_cent_nobody_scrolls_for_what_they_need(qtbot: QtBot, size: tuple[int, int], grace_s: float) -> None:
    current().wear(Look("light", 2.0))
    seen = Seen(qtbot, size)
    ends = {"ends_at": boot_time_s() + 3600.0, "grace_until": boot_time_s() + grace_s}
    seen.over(over_view(face=True, **ends), name="4471", focus="secret")
    assert not hidden_in(seen.window.sign_in)
    said = seen.texts()
    assert all(one in said for one in ("Locked by 4471", "A. Okafor, since", "FD-02", "Not 4471?", "Ends by itself at"))

    lost = {"unsaved": ("custody",), "running": ("custody",)} if grace_s else {}
    face = with_pin(pin=grace_s > 0, pin_until=boot_time_s() + grace_s, ends_at=boot_time_s() + 3600.0, **lost)
    lock = LockScreen()
    qtbot.addWidget(lock)
    lock.resize(*size)
    lock.draw(working("custody", stage="locked", lock=face))
    lock.show()
    settle()
    assert not hidden_in(lock)


def hidden_in(screen: BetweenPeople) -> bool:
    """Say whether anything of the card is out of sight."""
    inside, form = screen._scroll.viewport(), screen.form
    corners = form.mapTo(inside, form.rect().topLeft()), form.mapTo(inside, form.rect().bottomRight())
    return not all(inside.rect().contains(corner) for corner in corners)


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1280, 800), 1.0), ((1024, 768), 1.0), ((800, 600), 1.0), ((1280, 800), 1.5), ((1280, 800), 2.0)],
)
def test_nothing_is_cut_or_nameless(qtbot: QtBot, size: tuple[int, int], scale: float) -> None:
    current().wear(Look("dark" if scale == 1.5 else "light", scale))
    seen = Seen(qtbot, size)
    pictures = (
        spare(cover=cover_view()),
        spare(stage="signing-in", over=over_view()),
        spare(stage="signing-in", over=over_view(taking_over=True)),
        spare(stage="signing-in", over=over_view(grace_until=0.0, proved=NEWCOMER)),
    )
    for picture in pictures:
        seen.draw(picture)
        assert (nameless(seen.window), cut_texts(seen.window), too_small(seen.window)) == ([], [], [])
        face = seen.window.sign_in if picture.cover is None else None
        assert face is None or (face.ring.isVisible() and face.ring.whole)
