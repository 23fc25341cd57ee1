"""``kill -9`` at a terminal of real sessions: whatever is killed, a safe screen comes, and the old one is gone first.

What the station does on each road is held by tests with stand-ins; here the processes are the product's own.
"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest

from launcher.demo.players import Player
from tests.bench.estates import Files
from tests.journeys import board_terminal
from tests.journeys.board_terminal import renderers, shown, terminal
from tests.journeys.played import Traces, station_command

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(180)]


async def works(player: Player) -> Traces:
    """Log on and open the board; return what is to be gone later."""
    await board_terminal.works(player)
    return Traces.of(player.pid)


def wiped(traces: Traces) -> None:
    """Nothing is left of a session."""
    assert traces.left() == []
    assert not traces.home.exists()


def test_whatever_is_killed_a_safe_screen_comes_and_the_old_one_is_gone_first(tmp_path: Path) -> None:
    async def journey(files: Files) -> None:
        options = ("--station", str(files.station), "--state", str(files.state))
        async with station_command(options, searched=False) as station:
            first = int(str((await station.next("StationStarted"))["pid"]))
            session, player = await shown(station)

            # The spare: whoever is in front notices nothing, and the next one gets warm.
            await station.spare()
            started = station.all("SessionStarted")[-1]
            assert started["session"] != session
            spare = Traces.of(int(str(started["pid"])))
            os.kill(spare.pid, signal.SIGKILL)
            assert (await station.next("SessionEnded", session=started["session"]))["remained"] == []
            wiped(spare)
            traces = await works(player)

            # A page's own process: its tab says so, and opens again.
            killed = renderers(player.pid)
            assert killed
            for row in killed:
                os.kill(row.pid, signal.SIGKILL)
            await player.do("await", what="fault:page-crashed")
            await player.do("load-again")
            await player.do("await", what="no-fault:")

            # An officer's session at work.
            await station.spare()
            os.kill(player.pid, signal.SIGKILL)
            session, player = await shown(station)
            wiped(traces)

            # A locked one, below the screen that stands over it: that one becomes an ordinary screen.
            traces = await works(player)
            await station.spare()
            await player.do("lock")
            over, newcomer = await shown(station, over=session)
            os.kill(player.pid, signal.SIGKILL)
            await station.next("ScreenShown", session=over, over=0)
            assert (await station.next("SessionEnded", session=session))["remained"] == []
            seen = await newcomer.do("await", what="not-over:")
            assert (seen["stage"], seen["password_characters"]) == ("signing-in", 0)
            wiped(traces)

            # The station itself, with an officer at work.
            traces = await works(newcomer)
            assert over == station.all("OfficerSignedIn")[-1]["session"]
            os.kill(first, signal.SIGKILL)
            assert (await station.next("StationStarted"))["pid"] != first
            _, player = await shown(station)
            wiped(traces)
            assert (await player.do("look"))["stage"] == "signing-in"

    with terminal(tmp_path) as files:
        asyncio.run(journey(files))
