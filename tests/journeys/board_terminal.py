"""A terminal of real sessions whose officer has one page open, for what kills its processes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from launcher.demo.players import Player
from launcher.residue.tree import ProcessRow, descendants
from tests.bench.estates import Files, Person, shared_station
from tests.journeys.played import StartedStation

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


async def works(player: Player) -> None:
    """Log on and open the board."""
    await player.do("log-on", user_name=OFFICER.number, secret=OFFICER.password)
    seen = await player.do("open", system="board")
    assert seen["tabs"] == ["board"]


def renderers(pid: int) -> list[ProcessRow]:
    """Return the processes that draw the pages of a session: the engine forks them from a process it keeps for that."""
    engine = {row.pid: row for row in descendants(pid) if row.name.startswith("QtWebEngine")}
    return [row for row in engine.values() if row.parent in engine]
