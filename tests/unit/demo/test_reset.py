"""What the journey of a reset reports: its steps to the first fault, what it took, and what was left signed on."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from launcher.demo.files import Appearance
from launcher.demo.hub import DemoHub, DemoHubError, HubCommands, serving
from launcher.demo.journey import Act, Step, must, play_steps, steps_table
from launcher.demo.options import Options
from launcher.demo.players import ActFailedError
from launcher.demo.reset import ALL, CLOSES, NOTE_ON, Played
from launcher.demo.run import run
from launcher.errors import LauncherError
from launcher.grants.keeping import credential_store


def played(*acts: Act) -> Played:
    """Play these instead of the journey's own."""
    found = Played()
    asyncio.run(play_steps(acts, found.steps, lambda _: None))
    return found


async def works() -> None:
    """Be as it should."""


async def lasts() -> None:
    await asyncio.Event().wait()


async def is_refused() -> None:
    raise ActFailedError("caller-letters-refused", detail='helpdesk-letters: {"verified": false}')


def test_the_report_has_the_agreed_form() -> None:
    found = Played([Step("A logs on", True, 912.3)], 846.04, 4321.96, 9876.5, ["Duty Log (host:992)"])
    assert json.loads(json.dumps(found.as_data())) == {
        "steps": [{"step": "A logs on", "ok": True, "ms": 912.3}],
        "reset_ms": 846.0,
        "bring_ms": 4322.0,
        "bring_code_ms": 9876.5,
        "left_signed_on": ["Duty Log (host:992)"],
    }
    assert found.ok
    said = found.as_table()
    assert "846 ms" in said
    assert "4322 ms" in said
    assert "9876 ms" in said
    assert "Duty Log (host:992)" in said
    assert "was told: nowhere." in Played([Step("A logs on", True, 1.0)], left_signed_on=[]).as_table()


def test_nothing_is_said_of_what_a_journey_did_not_come_to() -> None:
    found = Played([Step("A logs on", False, 1.0)])
    assert [value for name, value in found.as_data().items() if name != "steps"] == [None] * 4
    assert " ms." not in found.as_table()
    assert "nowhere" not in found.as_table()


def test_the_first_step_that_is_not_as_it_should_be_is_the_last_and_says_why() -> None:
    found = played(("A reads six letters", works), ("C types them", is_refused), ("C sees", works))
    assert [(one.step, one.ok) for one in found.steps] == [("A reads six letters", True), ("C types them", False)]
    assert not found.ok
    said = json.dumps(found.as_data())
    assert "caller-letters-refused" in said
    assert "caller-letters-refused" in "\n".join(steps_table(found.steps))


def test_nothing_played_is_not_as_it_should_be() -> None:
    assert not Played().ok


def test_what_a_screen_shows_goes_with_the_fault() -> None:
    must(True, "never said", {})
    with pytest.raises(LauncherError) as caught:
        must(False, "A is not told who did it", {"deeds": ["by nobody"]})
    assert caught.value.message == "A is not told who did it"
    assert "by nobody" in caught.value.detail


def test_what_is_closed_and_written_on_is_open() -> None:
    assert {NOTE_ON, CLOSES} <= set(ALL)
    assert NOTE_ON != CLOSES


def test_a_hub_that_does_not_come_up_ends_it_with_the_hubs_own_words(tmp_path: Path) -> None:
    says = "import sys; sys.exit('hub-settings-faulty: there is no such role')"
    commands = HubCommands((sys.executable, "-c", says), ())

    async def serve() -> DemoHub:
        async with serving(commands, tmp_path) as hub:
            return hub

    with pytest.raises(DemoHubError) as caught:
        asyncio.run(serve())
    assert "hub-settings-faulty: there is no such role" in caught.value.detail


def test_a_journey_that_is_cut_off_is_not_as_it_should_be() -> None:
    found = Played()

    async def play() -> None:
        async with asyncio.timeout(0.01):
            await play_steps((("A logs on", works), ("A opens all", lasts)), found.steps, lambda _: None)

    with pytest.raises(TimeoutError):
        asyncio.run(play())
    assert [(one.step, one.ok) for one in found.steps] == [("A logs on", True), ("A opens all", False)]
    assert not found.ok


HUB = """
import json, signal, sys
if sys.argv[1] == "serve":
    print("the hub's last words", file=sys.stderr, flush=True)
    print(json.dumps({"listening": "http://127.0.0.1:1"}), flush=True)
    signal.pause()
print(json.dumps({"code": "BCDF-GHJK"}))
"""

# A station that ends at once: nobody ever sees its screen.
STATION = """
import pathlib, sys
(pathlib.Path(sys.argv[sys.argv.index("--state") + 1]) / "station.log").write_text("the station's last words\\n")
"""


def test_where_it_fails_the_end_of_every_log_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    options = Options(
        True, report, 0.0, Appearance(), (sys.executable, "-c", STATION),
        hub=HubCommands((sys.executable, "-c", HUB), (sys.executable, "-c", "")), journey="reset",
    )  # fmt: skip
    assert asyncio.run(run(options, lambda state: credential_store("file", state))) == 1
    said = capsys.readouterr().out
    for words in ("the hub's last words", "the station's last words", "log of FD-01", "log of CO-02", "NOT OK"):
        assert words in said
    data = json.loads(report.read_text())
    assert [(one["step"], one["ok"]) for one in data["steps"]] == [("A logs on at FD-01", False)]
    assert (data["reset_ms"], data["bring_ms"], data["left_signed_on"]) == (None, None, None)
