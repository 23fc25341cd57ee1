"""Who looks after the keys goes on after a display that did not answer, and leaves another's screen in front."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from launcher.display.front import X11Fronts
from launcher.display.x_server import DisplayGoneError, XServer
from tests.servers.x_programs import Eyes
from tests.servers.xvfb import Screen
from tests.unit.display.conftest import Opened

pytestmark = pytest.mark.needs("xvfb")

RED, GREEN, COVER = 0xD01010, 0x10D010, 0x101030
LEFT, OVER, ALL = (40, 60, 200, 150), (120, 120, 200, 150), (0, 0, 800, 600)


@pytest.fixture
def pids(screen: Screen, eyes: Eyes) -> Iterator[set[int]]:
    """The programs of a session that wants every window of theirs in front."""
    ours: set[int] = set()
    with closing(X11Fronts(screen.display, lambda pid: pid in ours)) as front:
        front.bring_forward(lambda pid: pid in ours)
        yield ours


def comes_anew(eyes: Eyes, window: int) -> None:
    """Map it once more: whose it is is known by now."""
    eyes.window(window).unmap()
    eyes.window(window).map()
    eyes.display.sync()
    eyes.until(lambda: eyes.viewable(window))


def test_a_screen_that_covers_the_session_stays_in_front(eyes: Eyes, pids: set[int], opened: Opened) -> None:
    mine, red = opened.window(RED, LEFT)
    pids.add(mine.pid)
    comes_anew(eyes, red)
    eyes.until(lambda: eyes.focus() == red)
    _, cover = opened.window(COVER, ALL)
    eyes.window(cover).set_input_focus(1, 0)
    eyes.until(lambda: eyes.focus() == cover)
    other, green = opened.window(GREEN, OVER)
    pids.add(other.pid)
    eyes.window(cover).configure(stack_mode=0)
    comes_anew(eyes, green)
    assert eyes.focus() == cover
    assert not eyes.sees(GREEN)


def test_it_goes_on_where_the_display_did_not_answer_once(
    eyes: Eyes, pids: set[int], opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.display.front.AGAIN_S", 0.01, raising=False)
    real, late = XServer.happened, [True]

    def happened(server: XServer) -> object:
        if late:
            late.pop()
            raise DisplayGoneError("the X server does not answer")
        return real(server)

    monkeypatch.setattr(XServer, "happened", happened)
    first, red = opened.window(RED, LEFT)
    eyes.until(lambda: not late)
    pids.add(first.pid)
    # Asked again: it is not told when it looks once more.
    eyes.until(lambda: comes_anew(eyes, red) or eyes.focus() == red)
