"""The headless demo says how far it is, and ends at once where its station cannot come up."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from launcher.bootstrap.running import _print_event
from launcher.demo.content import SYSTEMS
from launcher.demo.files import Appearance
from launcher.demo.options import Options
from launcher.demo.progress import Progress
from launcher.demo.run import run
from launcher.demo.station import DemoCannotStartError
from launcher.grants.keeping import credential_store
from launcher.station import CannotStart, SessionCannotStartError

SAID = "Sessions have ended 3 times before an officer could log on."

# A station that cannot come up: it says so in its log and to whoever reads it, and goes on trying.
STATION = """
import json, pathlib, signal, sys
state = pathlib.Path(sys.argv[sys.argv.index("--state") + 1])
(state / "station.log").write_text("first\\nlast words of the log\\n")
print(sys.argv[1], flush=True)
signal.pause()
"""


def event_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The product's own line for it."""
    _print_event(CannotStart(SessionCannotStartError(SAID), 3, 2.0))
    return capsys.readouterr().out.strip()


def test_an_error_is_told_with_its_reference(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(event_line(capsys))["error"] == {"reference": "session-cannot-start", "message": SAID}


def test_a_station_that_cannot_come_up_ends_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    options = Options(
        headless=True,
        report_to=None,
        delay_s=0.0,
        looks=Appearance(),
        start=(sys.executable, "-c", STATION, event_line(capsys)),
    )
    with pytest.raises(DemoCannotStartError, match="session-cannot-start") as caught:
        asyncio.run(run(options, lambda state: credential_store("file", state)))
    assert SAID in caught.value.message
    assert caught.value.detail.endswith("last words of the log")
    assert capsys.readouterr().out == f"The provider and {len(SYSTEMS)} systems are up.\n"


def test_each_thing_that_happens_is_said_once() -> None:
    progress = Progress(2)

    def said(opened: int, **event: object) -> list[str]:
        return list(progress.take(event, opened))

    assert said(0, event="ScreenShown", session=1) == ["The station is up, and its log-on screen is shown."]
    assert said(0, event="ScreenShown", session=2) == []
    assert said(0, event="OfficerSignedIn", session=1, number="4471") == ["Logged on as 4471."]
    one = {"kind": "launch", "system": "custody-record", "outcome": "ready"}
    assert said(1, event="RecordKept", record=one) == [" 1 of 2  custody-record: ready"]
    assert said(1, event="RecordKept", record=one) == []
    assert said(1, event="RecordKept", record={"kind": "switch"}) == []
    assert said(2, event="SessionEnded", session=2) == []
    assert said(2, event="SessionEnded", session=1) == ["Logged off. Searching for what may be left."]
    assert said(2, event="ResidueChecked") == []
