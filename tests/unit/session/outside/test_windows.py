"""The windows of a locked session's programs go with them and come back, whoever's they are."""

from __future__ import annotations

import pytest

from launcher.display.ports import NoWindows, Ours, UnreachableWindows, WindowsSeen
from launcher.session.outside import OutsidePrograms, OutsideStillSeenError, windows_of
from tests.servers.x_programs import Eyes
from tests.servers.xvfb import Screen
from tests.unit.session.outside.bench import FAMILY, RED, all_stopped, begin, begin_window, play, start


def test_what_can_be_seen_still_is_said(spared: frozenset[int]) -> None:
    begin(FAMILY)

    async def walk(outside: OutsidePrograms) -> None:
        with pytest.raises(OutsideStillSeenError, match="Wayland"):
            await outside.hide()
        assert all_stopped(spared), "it is stopped all the same"

    windows = windows_of({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"})
    assert isinstance(windows, UnreachableWindows)
    assert isinstance(windows_of({}), NoWindows)
    play(OutsidePrograms(windows, spared=spared), walk)


class AskingDisplay(NoWindows):
    """A display on which a process has a window; ``taken`` says whether it was hidden as the session's."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.taken = False

    def hide(self, ours: Ours) -> WindowsSeen:
        self.taken = ours(self._pid)
        return WindowsSeen()


@pytest.mark.parametrize("whose", ["another's", "nobody's"])
def test_a_process_that_is_hidden_from_us_is_another_s_where_it_lives(
    spared: frozenset[int], monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    program = start("/bin/sleep", "600")
    display = AskingDisplay(program.pid)
    # As with hidepid=2: what is another account's is not in /proc, and takes no signal of ours.
    monkeypatch.setattr("launcher.session.outside.process", lambda pid: None)

    def kill(pid: int, number: int) -> None:
        if whose == "another's":
            raise PermissionError
        raise ProcessLookupError

    async def walk(outside: OutsidePrograms) -> None:
        with monkeypatch.context() as hidden:
            hidden.setattr("launcher.session.outside.os.kill", kill)
            await outside.hide()
        assert display.taken is (whose == "nobody's")

    play(OutsidePrograms(display, stop=False, spared=spared), walk)


@pytest.mark.needs("xvfb")
@pytest.mark.parametrize("stop", [True, False], ids=["stop", "run"])
def test_windows_go_with_their_programs_and_come_back(
    screen: Screen, eyes: Eyes, spared: frozenset[int], stop: bool
) -> None:
    begin_window()
    eyes.until(lambda: eyes.sees(RED))
    before = eyes.box(RED)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert (outside.seen.windows, outside.seen.left) == (1, "")
        assert not eyes.sees(RED)
        assert all_stopped(spared) is stop
        await outside.show()
        eyes.until(lambda: eyes.box(RED) == before)

    play(OutsidePrograms(stop=stop, spared=spared), walk)


@pytest.mark.needs("xvfb", "xterm", "xdotool")
def test_a_programs_windows_come_forward_with_the_keys_but_not_while_they_are_hidden(
    screen: Screen, eyes: Eyes, spared: frozenset[int]
) -> None:
    """Real terminals, one started by a shell: without a window manager no click would give them the keys."""
    shell = start("/bin/sh", "-c", "xterm -geometry 40x6+20+20 -e cat; :")
    eyes.until(lambda: len(eyes.shown()) == 1)
    first = eyes.shown()[0]
    start("xterm", "-geometry", "40x6+60+40", "-e", "cat")
    eyes.until(lambda: len(eyes.shown()) == 2)
    second = eyes.shown()[1]

    async def walk(outside: OutsidePrograms) -> None:
        await outside.bring_forward(shell.pid)
        eyes.until(lambda: eyes.shown() == [second, first])
        assert eyes.frame(eyes.focus()) == first
        await outside.hide()
        await outside.bring_forward(shell.pid)
        assert eyes.shown() == []
        await outside.show()
        eyes.until(lambda: eyes.shown() == [second, first])
        eyes.until(lambda: eyes.frame(eyes.focus()) == first)
        outside.close()

    play(OutsidePrograms(spared=spared), walk)
