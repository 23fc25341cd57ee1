"""A terminal in its tab, over a real host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.recipes.steps import Recipe
from launcher.session.commands import FunctionKeys
from launcher.session.openers.host_call import call_host
from launcher.session.openers.terminal import HostTerminal
from launcher.session.snapshot import ErrorView, Snapshot, SystemView
from launcher.shell.surfaces.terminal import TerminalFace
from launcher.terminal.keyboards import USUAL
from tests.servers import mocker3270
from tests.servers.mocker3270 import Mocker3270
from tests.shell.workspace.desk import Desk
from tests.shell.workspace.sample import launch, snapshot

SYSTEM = SystemView("records", "National Records", "Crime", "terminal", "slate", host="nrs.force.example")
LOST = ErrorView("terminal-line-lost", "The host has closed the line.", "Press Connect again.", retryable=True)
REFUSED = ErrorView("host-password-refused", "National Records did not take this password: too short.", "Another.")


def picture(state: str, **more: object) -> Snapshot:
    shift = snapshot(launch("records", state, **more), tabs=("records",))
    return replace(shift, systems=(*shift.systems, SYSTEM))


@contextmanager
def open_terminal(desk: Desk, host: Mocker3270) -> Iterator[HostTerminal]:
    """A terminal that is called, and shown in its tab; closed afterwards."""
    target = TerminalTarget("tn3270", "127.0.0.1", host.port, tls=False, code_page=mocker3270.CODE_PAGE)
    plan = LaunchPlan("records", "National Records", "terminal", "none", target, Recipe(), (), (), 10.0)
    terminal = desk.room.run(call_host(plan, target, None))
    desk.room.run(desk.surfaces.open_terminal("records", terminal, keyboard=USUAL))
    try:
        yield terminal
    finally:
        desk.room.run(terminal.end(0.0))


def face_of(desk: Desk) -> TerminalFace:
    face = desk.surfaces.widget("records")
    assert isinstance(face, TerminalFace)
    return face


def rows(face: TerminalFace) -> str:
    shown = face.view.shown
    lines = (shown.row(row) for row in range(shown.first, shown.last + 1))
    return "\n".join("".join(run.text for run in line.runs) for line in lines if line is not None)


def asked(desk: Desk) -> list[object]:
    """What the session was asked, but for whose the function keys are."""
    return [one for one in desk.commands if not isinstance(one, FunctionKeys)]
