"""Journeys of the station with stand-in sessions: officers come, go and crash, and the next screen is there."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from launcher.residue.tree import process
from launcher.station import (
    CannotStart,
    MessageRefused,
    OfficerSignedIn,
    RecordKept,
    ScreenShown,
    SessionEnded,
    SessionStarted,
    SignOffUnconfirmed,
    StationAlreadyRunsError,
    StationLimits,
    StoppedAnswering,
)
from launcher.timings import SpoolReader
from launcher.wire.records import LaunchRecord, SwitchRecord
from tests.journeys.station_bench import station


def test_a_sign_in_screen_comes_and_a_warm_spare_waits_behind_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            first, _ = await here.shown_session()
            await here.spare()
            behind = await here.spare()
            assert behind.session != first.session
            assert [type(e) for e in here.events].count(ScreenShown) == 1

    asyncio.run(journey())


def test_the_next_screen_is_there_when_an_officer_logs_off(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            first, hands = await here.shown_session()
            await here.spare()
            spare = await here.spare()
            await hands.do("sign-in")
            assert (await here.next(OfficerSignedIn)).number == "4471"
            await hands.do("log-off")
            second, _ = await here.shown_session()
            assert second.session == spare.session
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.how, ended.remained) == (first.session, "by-itself", ())
            assert process(hands.pid) is None
            record = (await here.next(RecordKept)).record
            assert isinstance(record, SwitchRecord)
            assert record.reason == "log-off"
            assert {span.phase for span in record.phases} == {"stop_apps", "sign_off", "end", "next_screen"}
            assert (await here.spare()).session not in (first.session, second.session)

    asyncio.run(journey())


def test_a_session_killed_from_outside_gives_back_a_clean_screen(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            first, hands = await here.shown_session()
            await here.spare()
            await here.spare()
            program = int(str((await hands.do("start-program"))["program"]))
            os.kill(hands.pid, signal.SIGKILL)
            second, _ = await here.shown_session()
            assert second.session != first.session
            ended = await here.next(SessionEnded)
            assert (ended.how, ended.reason, ended.remained) == ("crashed", "crashed", ())
            assert process(program) is None

    asyncio.run(journey())


def test_a_program_that_leaves_its_session_behind_ends_with_it(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            said = await hands.do("start-escaping-program", path=str(tmp_path / "pid"))
            program = int(str(said["program"]))
            here.looks()
            escaped = process(program)
            assert escaped is not None
            assert escaped.session != hands.pid
            await hands.do("log-off")
            ended = await here.next(SessionEnded)
            assert ended.ended_processes >= 1
            assert ended.remained == ()
            assert process(program) is None

    asyncio.run(journey())


def test_an_escaping_program_ends_when_its_session_is_killed(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            said = await hands.do("start-escaping-program", path=str(tmp_path / "pid"))
            program = int(str(said["program"]))
            here.looks()
            here.supervisor.reset()
            ended = await here.next(SessionEnded)
            assert (ended.reason, ended.remained) == ("reset", ())
            assert process(program) is None

    asyncio.run(journey())


def test_a_session_that_will_not_end_is_killed_after_its_time(tmp_path: Path) -> None:
    async def journey() -> None:
        limits = StationLimits(heartbeat_s=0.2, unresponsive_s=5.0, end_within_s=0.2)
        async with station(tmp_path, "ignores-end", limits=limits) as here:
            _, hands = await here.shown_session()
            here.supervisor.reset()
            assert (await hands.said("end"))["end"] == "reset"
            ended = await here.next(SessionEnded)
            assert (ended.how, ended.remained) == ("killed", ())

    asyncio.run(journey())


@pytest.mark.parametrize(("allowed_s", "how"), [(45.0, "by-itself"), (0.0, "killed")])
def test_a_session_that_signs_off_at_hosts_has_the_time_for_it_that_the_station_allows(
    tmp_path: Path, allowed_s: float, how: str
) -> None:
    async def journey() -> None:
        limits = StationLimits(heartbeat_s=0.2, unresponsive_s=5.0, end_within_s=0.01, sign_off_within_s=allowed_s)
        async with station(tmp_path, "ignores-end", limits=limits) as here:
            _, hands = await here.shown_session()
            await hands.do("signed-on-at", systems=["records"], sign_off_s=600.0)
            here.supervisor.reset()
            await hands.said("end")
            if allowed_s:
                for _ in range(5):
                    await hands.do("environment")
                hands.order("log-off")
            assert (await here.next(SessionEnded)).how == how

    asyncio.run(journey())


@pytest.mark.parametrize("noticed", [True, False])
def test_a_session_that_does_not_answer_gets_no_time_for_sign_offs(tmp_path: Path, noticed: bool) -> None:
    async def journey() -> None:
        limits = StationLimits(heartbeat_s=0.2, unresponsive_s=1.0, end_within_s=0.01, sign_off_within_s=600.0)
        async with station(tmp_path, limits=limits) as here:
            _, hands = await here.shown_session()
            await hands.do("signed-on-at", systems=["records"], sign_off_s=600.0)
            os.kill(hands.pid, signal.SIGSTOP)
            if noticed:
                await here.next(StoppedAnswering)
            here.supervisor.reset()
            assert (await here.next(SessionEnded)).how == "killed"

    asyncio.run(journey())


@pytest.mark.parametrize(
    ("why", "name", "shown", "focus"),
    [
        ("name-changed", "e.adeyemi", "e.adeyemi", "secret"),
        ("left-typed", "e.adeyemi", "", "name"),
        ("cancelled", "", "", "name"),
    ],
)
def test_a_used_screen_is_replaced(tmp_path: Path, why: str, name: str, shown: str, focus: str) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            first, hands = await here.shown_session()
            await here.spare()
            await here.spare()
            hands.order("replace", why=why, name=name)
            second, new_hands = await here.shown_session()
            said = await new_hands.said("shown")
            assert second.session != first.session
            assert (said["shown"], said["focus"]) == (shown, focus)
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason, ended.how) == (first.session, why, "by-itself")

    asyncio.run(journey())


def test_sessions_that_die_at_once_are_tried_again_less_often_and_it_is_said(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "dies-at-start") as here:
            said = await here.next(CannotStart)
            assert said.error.reference == "session-cannot-start"
            assert said.times == 3
            assert said.again_in_s > 0
        assert sum(isinstance(e, SessionStarted) for e in here.events) == 3

    asyncio.run(journey())


def test_screens_that_die_when_shown_count_too(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path, "dies-when-shown") as here:
            assert (await here.next(CannotStart)).times == 3

    asyncio.run(journey())


@pytest.mark.parametrize("line", ["{}", "not json", '{"v":1,"kind":"warm"}', '{"v":2,"kind":"logging-off"}'])
def test_a_session_that_speaks_badly_is_ended(tmp_path: Path, line: str) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            first, hands = await here.shown_session()
            hands.order("say-badly", line=line)
            refused = await here.next(MessageRefused)
            assert refused.error.reference == "wire-message-refused"
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.reason) == (first.session, "refused")
            await here.shown_session()

    asyncio.run(journey())


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            hands.order("say-endlessly")
            assert (await here.next(MessageRefused)).error.reference == "wire-message-refused"
            assert (await here.next(SessionEnded)).remained == ()

    asyncio.run(journey())


def test_records_go_to_the_spool_and_figures_survive_the_station(tmp_path: Path) -> None:
    async def journey() -> Path:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            await hands.do("record")
            await hands.do("left-signed-on")
            assert isinstance((await here.next(RecordKept)).record, LaunchRecord)
            assert (await here.next(SignOffUnconfirmed)).systems == ("custody",)
        return here.supervisor.spool_path

    spool = asyncio.run(journey())
    assert spool.stat().st_mode & 0o777 == 0o600
    assert [kept.record.kind for kept in SpoolReader(spool).since()] == ["launch"]


def test_a_session_that_is_killed_is_said_to_have_signed_off_nowhere(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            for hosts, left in ((["records", "forms"], ("records", "forms")), (["records"], ("records",)), ([], None)):
                gone, hands = await here.shown_session()
                await hands.do("signed-on-at", systems=hosts)
                os.kill(hands.pid, signal.SIGKILL)
                if left is not None:
                    assert await here.next(SignOffUnconfirmed) == SignOffUnconfirmed(gone.session, left)
                await here.next(SessionEnded)
            assert len([one for one in here.events if isinstance(one, SignOffUnconfirmed)]) == 2

    asyncio.run(journey())


def test_stopping_ends_every_session_and_leaves_no_folder(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            await here.spare()
            spare = await here.spare()
            await hands.do("start-program")
        assert process(hands.pid) is None
        assert process(spare.pid) is None
        assert list(here.homes.iterdir()) == []

    asyncio.run(journey())


def test_a_session_starts_with_a_clean_environment_and_its_programs_get_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_TOKEN", "not for sessions")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")

    async def journey() -> None:
        async with station(tmp_path) as here:
            _, hands = await here.shown_session()
            environment = (await hands.do("environment"))["environment"]
            assert isinstance(environment, dict)
            assert "SOME_TOKEN" not in environment
            assert "DBUS_SESSION_BUS_ADDRESS" not in environment
            for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
                assert Path(str(environment[name])).is_relative_to(here.homes)
                assert os.stat(str(environment[name])).st_mode & 0o777 == 0o700  # noqa: PTH116 - does not wait
            # The link and the hands are the session's only sockets; a program it starts has none.
            assert (await hands.do("descriptors"))["sockets"] == 0

    asyncio.run(journey())


def test_two_stations_do_not_share_a_folder(tmp_path: Path) -> None:
    async def journey() -> None:
        async with station(tmp_path) as here:
            await here.spare()
            with pytest.raises(StationAlreadyRunsError):
                async with station(tmp_path):
                    pass

    asyncio.run(journey())


def test_the_log_is_lines_of_json_that_only_the_station_can_read(tmp_path: Path) -> None:
    async def journey() -> Path:
        async with station(tmp_path) as here:
            await here.shown_session()
        return here.state_dir / "station.log"

    log = asyncio.run(journey())
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert log.stat().st_mode & 0o777 == 0o600
    assert lines[0]["event"] == "station-started"
    assert lines[-1]["event"] == "station-stopped"
    assert any(line["event"] == "screen-shown" and "ms" in line for line in lines)
