"""A terminal's tab through the life of its line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from launcher.session.snapshot import LeftView
from launcher.shell.surfaces.terminal import TerminalFace
from launcher.shell.surfaces.terminals import left_words
from tests.shell.look.seeing import settle
from tests.shell.surfaces.terminal.feeds import DirectFeed
from tests.shell.surfaces.terminal.samples import engine_3270, logon


@pytest.fixture
def face(dressed: None) -> Iterator[TerminalFace]:
    face = TerminalFace()
    face.resize(1280, 600)
    face.show()
    settle()
    yield face
    face.close()
    face.deleteLater()
    settle()


def test_it_says_what_is_waited_for_until_the_host_has_said_something(face: TerminalFace) -> None:
    feed = DirectFeed(engine_3270(b""), face.view)
    face.open(feed, "host.example")
    assert face.waiting.text() == "Connected to host.example. It has sent nothing yet."
    assert face.waiting.isVisible()
    assert not face.view.isVisible()
    feed.say(logon())
    assert face.view.isVisible()
    assert not face.waiting.isVisible()


def test_a_line_that_ended_says_why_and_the_last_screen_stays(face: TerminalFace) -> None:
    feed = DirectFeed(engine_3270(logon()), face.view)
    face.open(feed, "host.example")
    face.take(feed.engine.grid.picture(whole=True))
    feed.engine.lost()
    face.take(feed.engine.grid.picture())
    face.lost("host.example", "The host has closed the line.", "Press Connect again.", "terminal-line-lost")
    assert face.lost_panel.what.text() == "The line to host.example ended: The host has closed the line."
    assert face.view.isVisible()
    assert "NATIONAL RECORDS" in face.view.shown.text(0)
    wanted: list[str] = []
    face.connect_wanted.connect(lambda: wanted.append("again"))
    face.help_wanted.connect(wanted.append)
    face.again.click()
    face.help.click()
    assert wanted == ["again", "terminal-line-lost"]
    face.open(feed, "host.example")
    assert not face.lost_panel.isVisible()


def test_a_line_that_ends_at_a_log_off_is_said_quietly_with_the_way_on(face: TerminalFace) -> None:
    face.open(DirectFeed(engine_3270(logon()), face.view), "host.example")
    face.closed("The host has closed the line: you are logged off there.", "Connect again opens it anew.")
    assert face.lost_panel.isVisible()
    assert face.lost_panel.accessibleName().startswith("The host has closed the line: you are logged off there.")
    assert face.again.isVisible()
    assert not face.help.isVisible(), "nothing is wrong that a helpdesk could mend"
    face.lost("host.example", "The host has closed the line.", "Press Connect again.", "terminal-line-lost")
    assert face.help.isVisible()


def test_that_one_may_still_be_signed_on_stays_until_it_is_seen(face: TerminalFace) -> None:
    face.left_signed_on(*left_words(LeftView("host.example", "FD02T014")))
    face.open(DirectFeed(engine_3270(logon()), face.view), "host.example")
    assert face.left_panel.isVisible()
    assert face.left_panel.what.text() == "You may still be signed on at host.example, line FD02T014."
    face.seen.click()
    assert not face.left_panel.isVisible()
