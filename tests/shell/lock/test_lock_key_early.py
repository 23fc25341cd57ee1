"""The lock key while "Logging on" is shown: the press is not lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from launcher.session.commands import Lock
from tests.shell.lock.terminal import CARD, spare, terminal, working


@pytest.mark.needs("browser-engine")
def test_pressed_while_logging_on_it_is_told_and_on_an_idle_screen_it_is_not(dressed: None) -> None:
    with terminal() as at:
        at.window.furnish()
        at.log_on(spare(stage="signing-in"))
        at.key(Qt.Key.Key_F12)
        assert at.told(Lock) == []
        at.draw(spare(stage="signing-in", sign_in=replace(CARD, busy=True)))
        at.key(Qt.Key.Key_F12)
        assert at.told(Lock) == [Lock()]
        at.draw(working())
        at.key(Qt.Key.Key_F12)
        assert at.told(Lock) == [Lock()] * 2
