"""A shell that floods, in a tab over the bridge: each picture is painted before the next comes, and Ctrl C stops it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from launcher.connectors.plan import CredentialName, LaunchPlan, TerminalTarget
from launcher.grants.credential import Credential
from launcher.recipes.steps import Recipe
from launcher.secret import Secret
from launcher.session.openers.host_call import call_host
from launcher.shell.surfaces.terminal import TerminalFace
from launcher.shell.surfaces.terminals import CrossingFeed
from launcher.terminal.grid import GridPicture
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.shell.engine_room import EngineRoom, engine_room
from tests.shell.look.seeing import settle

pytestmark = pytest.mark.usefixtures("dressed")

works_it_off = pytest.mark.needs("ghostty")
"""The test waits for the end of a flood: pyte is half a minute behind by then, and more on a busy computer."""


@contextmanager
def at_a_shell(room: EngineRoom, host: Sshd, folder: Path) -> Iterator[tuple[TerminalFace, list[str]]]:
    """A face at a shell's prompt, and what becomes of its pictures from then on."""
    known = folder / "known_hosts"
    known.write_text(host.known_hosts)
    target = TerminalTarget(
        "ssh", host.host, host.port, known_hosts=known, scroll_back_rows=1000, encoding="utf-8", term="xterm-256color"
    )
    name = CredentialName("shell", "store")
    plan = LaunchPlan("shell", "A shell", "terminal", "password", target, Recipe(), (), (name,), 20.0)
    terminal = room.run(call_host(plan, target, Credential(unix_host.USER, Secret(people.PASSWORD))))
    feed, face, events = CrossingFeed(room.bridge, terminal), TerminalFace(), list[str]()

    def take(picture: GridPicture) -> bool:
        seen = face.take(picture)
        events.append("to paint" if seen else "out of sight")
        return seen

    face.view.area.painted.connect(lambda: events.append("painted"))
    face.view.area.painted.connect(feed.painted)
    feed.show_on(take)
    face.open(feed, host.host)
    face.resize(1000, 640)
    face.show()
    face.activateWindow()
    face.view.setFocus()

    async def start() -> None:
        feed.start()

    room.run(start())
    try:
        room.until(lambda: unix_host.PROMPT.rstrip() in rows(face))
        settle()
        events.clear()
        yield face, events
    finally:
        feed.end()
        face.end()
        face.close()
        face.deleteLater()
        room.run(terminal.end(0.0))


def rows(face: TerminalFace) -> str:
    shown = face.view.shown
    return "\n".join(shown.text(row) for row in range(shown.scroll_back, shown.last))


def alternates(events: list[str]) -> bool:
    """Whether something was painted between each two pictures."""
    return all(now != before or now != "to paint" for before, now in pairwise(events))


@works_it_off
def test_each_picture_is_painted_before_the_next_and_ctrl_c_ends_the_flood(ssh_host: Sshd, tmp_path: Path) -> None:
    with engine_room() as room, at_a_shell(room, ssh_host, tmp_path) as (face, events):
        QTest.keyClicks(face.view.area, "yes flood")
        QTest.keyClick(face.view.area, Qt.Key.Key_Return)
        room.until(lambda: events.count("to paint") > 30)
        assert "flood" in rows(face)
        QTest.keyClick(face.view.area, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        room.until(lambda: rows(face).rstrip().endswith(unix_host.PROMPT.rstrip()))
        QTest.keyClicks(face.view.area, "echo still-here")
        room.until(lambda: rows(face).rstrip().endswith("still-here"))
        assert alternates(events), events


@works_it_off
def test_a_tab_that_is_left_in_a_flood_goes_on_and_is_as_it_is_when_one_comes_back(
    ssh_host: Sshd, tmp_path: Path
) -> None:
    with engine_room() as room, at_a_shell(room, ssh_host, tmp_path) as (face, events):
        QTest.keyClicks(face.view.area, "yes flood")
        QTest.keyClick(face.view.area, Qt.Key.Key_Return)
        room.until(lambda: "flood" in rows(face))
        face.hide()
        settle()
        events.clear()
        room.until(lambda: events.count("out of sight") > 10)
        assert set(events) == {"out of sight"}
        face.show()
        face.view.setFocus()
        QTest.keyClick(face.view.area, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        room.until(lambda: rows(face).rstrip().endswith(unix_host.PROMPT.rstrip()))


def test_a_picture_that_changes_nothing_in_sight_keeps_no_other_waiting(ssh_host: Sshd, tmp_path: Path) -> None:
    with engine_room() as room, at_a_shell(room, ssh_host, tmp_path) as (face, _):
        for command in ("printf '\\033]2;first\\007'", "printf '\\033]2;second\\007'"):
            QTest.keyClicks(face.view.area, command)
            QTest.keyClick(face.view.area, Qt.Key.Key_Return)
        room.until(lambda: face.view.shown.title == "second")
        QTest.keyClicks(face.view.area, "seq 1 200")
        QTest.keyClick(face.view.area, Qt.Key.Key_Return)
        room.until(lambda: "199" in rows(face).split() and rows(face).rstrip().endswith(unix_host.PROMPT.rstrip()))
        face.view.scroll_by(-150)
        QTest.keyClick(face.view.area, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
        assert face.view.shown.top == 0
        face.view._feed.type("echo far-below")  # type: ignore[union-attr] # by no key: one would scroll down
        room.until(lambda: "far-below" in rows(face))
