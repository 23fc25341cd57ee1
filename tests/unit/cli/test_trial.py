"""What a trial says of what outlives it."""

from __future__ import annotations

import pytest

from launcher.bootstrap.trial import _NoStation
from launcher.wire.messages import LeavingPhase, LeftSignedOn


def test_a_log_off_that_was_not_confirmed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    station = _NoStation()
    station.tell(LeavingPhase(phase="sign_off"))
    station.tell(LeftSignedOn(systems=("Force account",)))
    assert capsys.readouterr().out == "Left signed on: Force account. The log-off there was not confirmed.\n"
