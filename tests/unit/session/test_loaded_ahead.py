"""What a first terminal needs is loaded ahead: in a spare nobody has turned to, or once the launchpad stands."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from launcher.bootstrap.parts import session_parts
from launcher.session import commands as c
from launcher.session.loaded_ahead import load_terminals
from launcher.session.openers.host_call import modules_for
from launcher.terminal.vt.choice import vt_choice
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench, PaperSurfaces, Watched
from tests.unit.session.terminal_bench import play

NRC = {"host": "records.force.example", "line": "tn3270", "sign_on": "form"}
TELNET = t.terminal({"host": "127.0.0.1", "line": "telnet", "sign_on": "form"}, t.UNIX_LOGON)
ENTRY = t.terminal(NRC, t.MOCKER, off=t.MOCKER_OFF)
VT_PACKAGE = "pyghostty" if vt_choice().name == "ghostty" else "pyte"

_IN_A_PROCESS = """
import asyncio, sys, threading
from pathlib import Path
from launcher.session.session import Session
from launcher.shell.surfaces.web_surfaces import WebSurfaces
heavy = ("tnz", "asyncssh", "telnetlib3", "pyghostty", "pyte", "launcher.shell.surfaces.terminal.face")
print(*(name for name in heavy if name in sys.modules))
from tests.unit.session.bench import Bench, PaperSurfaces
from launcher.bootstrap.parts import session_parts
from launcher.session.loaded_ahead import load_terminals
made = Bench(Path(sys.argv[1]), {"one": Path(sys.argv[2]).read_text()})
surfaces = PaperSurfaces({})
parts = session_parts(made.where, made.where.settings(), surfaces=surfaces, screen=None, station=None)
before = set(sys.modules)  # the bench itself needs some
on_the_loop = []
def note(event, arguments):
    if event == "import" and arguments[0] in heavy and threading.current_thread() is threading.main_thread():
        on_the_loop.append(arguments[0])
sys.addaudithook(note)
asyncio.run(load_terminals(parts, lambda: True))
print(*(name for name in heavy if name in sys.modules.keys() - before), surfaces.terminals_loaded, on_the_loop)
"""


@pytest.mark.parametrize(("written", "loaded"), [(ENTRY, "tnz"), (TELNET, f"telnetlib3 {VT_PACKAGE}")])
def test_a_session_begins_without_and_loads_what_its_catalogue_has_beside_its_loop(
    tmp_path: Path, written: str, loaded: str
) -> None:
    entry = tmp_path / "entry"
    entry.write_text(written)
    argv = [sys.executable, "-c", _IN_A_PROCESS, str(tmp_path / "bench"), str(entry)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["", f"{loaded} True []"]


def test_a_launchpad_that_stands_is_the_time_where_a_spare_had_none(tmp_path: Path) -> None:
    made = Bench(tmp_path, {"records": ENTRY})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            assert not here.surfaces.terminals_loaded
            here.send(c.LaunchpadResponds())
            await here.heard(lambda: here.surfaces.terminals_loaded)

    play(story)


def test_nothing_is_loaded_once_it_is_not_quiet_and_nothing_for_a_catalogue_without_terminals(tmp_path: Path) -> None:
    for name, entries, quiet in (("none", {}, True), ("busy", {"records": ENTRY}, False)):
        made, surfaces, watched = Bench(tmp_path / name, entries), PaperSurfaces({}), Watched()
        parts = session_parts(made.where, made.where.settings(), surfaces=surfaces, screen=watched, station=watched)
        asyncio.run(load_terminals(parts, partial(bool, quiet)))
        assert not surfaces.terminals_loaded


def test_each_line_has_its_own_library_and_its_engine() -> None:
    assert modules_for(()) == ()
    assert modules_for({"tn3270"}) == ("launcher.terminal.tn3270.engine", "launcher.terminal.lines.tcp")
    assert modules_for({"ssh", "telnet"}) == (
        "launcher.terminal.vt.choice",
        "launcher.terminal.lines.ssh",
        "launcher.terminal.lines.telnet",
    )
