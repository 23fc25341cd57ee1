"""The question before a log-off that loses something."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from launcher.session.snapshot import LeavingView, SignInView, Snapshot, StationView, SystemView
from launcher.shell.leaving import LeavingQuestion
from launcher.shell.look import Look, Text, current


def leaving(running: tuple[str, ...], edited: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        stage="signed-in",
        station=StationView("FD-02", "Front desk", "ext. 4100"),
        sign_in=SignInView(methods=()),
        systems=tuple(
            SystemView(one, name, "", "web", "slate")
            for one, name in (
                ("case", "Case File Preparation"),
                ("prop", "Property Register"),
                ("cell", "Custody Record"),
            )
        ),
        leaving=LeavingView(running, edited),
    )


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_that_would_be_lost_is_named_and_nothing_is_cut(qtbot: QtBot, scale: float) -> None:
    current().wear(Look("light", scale))
    try:
        question = LeavingQuestion()
        qtbot.addWidget(question)
        question.resize(1280, 800)
        question.show()
        question.draw(leaving(("case", "prop"), ("cell",)))
        qtbot.waitUntil(lambda: not any(text.clipped() for text in question.findChildren(Text) if text.isVisible()))
        shown = {text.text() for text in question.findChildren(Text) if text.isVisible()}
        assert {"Case File Preparation", "Property Register", "Custody Record"} <= shown
    finally:
        current().wear(Look())


def test_enter_goes_back_and_loses_nothing(qtbot: QtBot) -> None:
    question = LeavingQuestion()
    qtbot.addWidget(question)
    question.show()
    question.draw(leaving(("case",), ()))
    left: list[str] = []
    question.log_off.connect(lambda: left.append("log off"))
    with qtbot.waitSignal(question.stay):
        QTest.keyClick(question.back, Qt.Key.Key_Return)
    assert left == []
    with qtbot.waitSignal(question.log_off):
        QTest.mouseClick(question.go, Qt.MouseButton.LeftButton)


def test_a_second_question_names_only_what_is_lost_now(qtbot: QtBot) -> None:
    question = LeavingQuestion()
    qtbot.addWidget(question)
    question.show()
    question.draw(leaving(("case", "prop"), ()))
    question.draw(leaving((), ("cell",)))
    shown = {text.text() for text in question.findChildren(Text) if text.isVisible()}
    assert "Custody Record" in shown
    assert not shown & {"Case File Preparation", "Property Register"}
