"""``kill -9`` at a terminal of real sessions: whatever is killed, a safe screen comes, and the old one is gone first.

What the station does on each road is held by tests with stand-ins; here the processes are the product's own.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from launcher.demo.players import Player
from launcher.residue.tree import ProcessRow, descendants
from tests.bench.estates import Files, Person, shared_station
from tests.journeys.played import StartedStation, Traces, station_command

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.timeout(180)]

OFFICER = Person("4471", f"pw{secrets.token_hex(8)}")

ENTRY = """\
name = "Custody Board"
kind = "web"
groups = ["all-staff"]

[web]
url = "http://board.localhost:{port}/"
sign_on = "none"

[[marker]]
means = "ready"
selector = "#board"
"""


class _Board(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        page = b"<!doctype html><title>Board</title><main id=board>Board</main>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@contextmanager
def terminal(folder: Path) -> Iterator[Files]:
    """Serve one page and write the files of a station for it."""
    files = shared_station(folder, (OFFICER,), systems=0, lock="idle_s = 0\ngrace_s = 0")
    with files.station.open("a") as file:
        file.write('\n[web]\nhosts = ["*.localhost"]\n')
    with ThreadingHTTPServer(("127.0.0.1", 0), _Board) as server:
        (folder / "catalogue" / "board.toml").write_text(ENTRY.format(port=server.server_address[1]))
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield files
        finally:
            server.shutdown()
            serving.join()


async def shown(station: StartedStation, over: int = 0) -> tuple[int, Player]:
    """Wait for the next screen; return its session, and who sits there."""
    session = int(str((await station.next("ScreenShown", over=over))["session"]))
    # A station that was started again counts from one again.
    started = station.all("SessionStarted", session=session)[-1]
    return session, await station.players.player(int(str(started["pid"])))


async def works(player: Player) -> Traces:
    """Log on and open the board; return what is to be gone later."""
    await player.do("log-on", user_name=OFFICER.number, secret=OFFICER.password)
    seen = await player.do("open", system="board")
    assert seen["tabs"] == ["board"]
    return Traces.of(player.pid)


def wiped(traces: Traces) -> None:
    """Nothing is left of a session."""
    assert traces.left() == []
    assert not traces.home.exists()


def renderers(pid: int) -> list[ProcessRow]:
    """Return the processes that draw the pages of a session: the engine forks them from a process it keeps for that."""
    engine = {row.pid: row for row in descendants(pid) if row.name.startswith("QtWebEngine")}
    return [row for row in engine.values() if row.parent in engine]


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
