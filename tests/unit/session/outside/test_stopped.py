"""Programs of a locked session stand still, all of them and at once, and go on as if nothing had been."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from launcher.display.ports import NoWindows, Ours, WindowsSeen
from launcher.residue.tree import descendants, process
from launcher.session.outside import TRIES, OutsidePrograms, OutsideStillSeenError
from tests.unit.session.outside.bench import FAMILY, PLAIN, all_stopped, begin, line, none_stopped, play, start

FLEEING = """
import os, time
print("ready", flush=True)
for _ in range(300):
    if os.fork():
        os._exit(0)
    os.setsid()
    time.sleep(0.01)
time.sleep(600)
"""
"""Never there for long: each process ends as soon as it has a child, which is of another session."""

WATCHING = """
import os, signal, time
child = os.fork()
if child == 0:
    time.sleep(600)
print("ready", flush=True)
while True:
    _, status = os.waitpid(child, os.WUNTRACED)
    print("stopped" if os.WIFSTOPPED(status) else "ended", flush=True)
"""
"""A shell in small: it says when its child was stopped."""


def test_all_that_a_program_started_stands_still_and_goes_on(spared: frozenset[int]) -> None:
    program = begin(FAMILY)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.programs == 3
        assert all_stopped(spared)
        await outside.hide()
        await outside.show()
        assert none_stopped(spared)
        await outside.show()
        await outside.hide()
        assert all_stopped(spared)

    play(OutsidePrograms(NoWindows(), spared=spared), walk)
    assert none_stopped(spared)
    assert program.poll() is None


def test_one_that_flees_from_process_to_process_is_caught(spared: frozenset[int]) -> None:
    begin(FLEEING)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert all_stopped(spared)

    play(OutsidePrograms(NoWindows(), spared=spared), walk)


def test_a_shell_does_not_take_it_for_its_users_wish(spared: frozenset[int]) -> None:
    shell = begin(WATCHING)

    async def walk(outside: OutsidePrograms) -> None:
        for _ in range(5):
            await outside.hide()
            assert all_stopped(spared)
            await outside.show()

    play(OutsidePrograms(NoWindows(), spared=spared), walk)
    (child,) = descendants(shell.pid)
    os.kill(child.pid, signal.SIGKILL)
    assert line(shell) == "ended", "it saw its child stopped"


def test_what_its_officer_had_stopped_stays_so(spared: frozenset[int]) -> None:
    program = begin(PLAIN)
    os.kill(program.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, program.pid, os.WSTOPPED | os.WNOWAIT)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        await outside.show()
        row = process(program.pid)  # of all, this one: a server of other tests may have begun a child meanwhile
        assert row is not None
        assert row.stopped

    play(OutsidePrograms(NoWindows(), spared=spared), walk)


def test_one_whose_first_thread_has_ended_does_not_pass_for_dead(spared: frozenset[int]) -> None:
    code = (
        "import ctypes, threading, time\n"
        "def on():\n    print('ready', flush=True)\n    time.sleep(600)\n"
        "threading.Thread(target=on).start()\n"
        "ctypes.CDLL(None).pthread_exit(None)"
    )
    begin(code)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.programs == 1
        assert all_stopped(spared)

    play(OutsidePrograms(NoWindows(), spared=spared), walk)
    assert none_stopped(spared)


def test_the_browsers_own_processes_go_on_and_none_can_pass_for_them(spared: frozenset[int], tmp_path: Path) -> None:
    engine = tmp_path / "QtWebEngineProcess"
    shutil.copy("/bin/sleep", engine)
    own = start(str(engine), "600", own_session=False)
    posing = start(str(engine), "600")

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert [row.stopped for pid in (own.pid, posing.pid) if (row := process(pid))] == [False, True]

    play(OutsidePrograms(NoWindows(), spared=spared), walk)


def test_one_that_comes_after_the_lock_is_stopped_too(spared: frozenset[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.session.outside.AGAIN_S", 0.01)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        begin(FAMILY)
        async with asyncio.timeout(20):
            while not all_stopped(spared):  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0.001)

    play(OutsidePrograms(NoWindows(), spared=spared), walk)


def test_programs_that_may_run_do(spared: frozenset[int]) -> None:
    begin(FAMILY)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.programs == 3
        assert none_stopped(spared)

    play(OutsidePrograms(NoWindows(), stop=False, spared=spared), walk)


class HeldDisplay(NoWindows):
    """A display that a program holds for itself at first: it does not answer once the program stands still."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.asked: list[bool] = []

    def hide(self, ours: Ours) -> WindowsSeen:
        """Answer before the stop, and after it only when it has been tried often enough."""
        self.asked.append(len(self.asked) % 2 == 0 or len(self.asked) > 2 * self.times)
        answered = self.asked[-1]
        return WindowsSeen(left="" if answered else "held", answered=answered)


@pytest.mark.parametrize(("times", "stopped"), [(1, True), (TRIES, False)])
def test_one_that_holds_the_display_goes_on_for_a_moment_and_is_stopped_again(
    spared: frozenset[int], times: int, stopped: bool
) -> None:
    begin(PLAIN)

    async def walk(outside: OutsidePrograms) -> None:
        if stopped:
            await outside.hide()
        else:
            # It will not let go: a terminal that takes no keys at all is worse, and the station covers it.
            with pytest.raises(OutsideStillSeenError, match="held"):
                await outside.hide()
        assert all_stopped(spared) is stopped

    display = HeldDisplay(times)
    play(OutsidePrograms(display, spared=spared), walk)
    assert len(display.asked) == 2 * min(times + 1, TRIES)


class FaultyDisplay(NoWindows):
    """A display that raises what nobody has thought of."""

    def hide(self, ours: Ours) -> WindowsSeen:
        raise IndexError("no such window")

    def show(self, *, menus: bool = True) -> None:
        raise IndexError("no such window")


def test_a_fault_in_the_display_keeps_no_program_from_being_stopped(
    spared: frozenset[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.session.outside.AGAIN_S", 0.01)
    begin(FAMILY)

    async def run() -> None:
        outside = OutsidePrograms(FaultyDisplay(), spared=spared)
        with pytest.raises(OutsideStillSeenError, match="IndexError"):
            await outside.hide()
        assert all_stopped(spared)
        # It is kept up, whatever a look comes to: what comes later is stopped, too.
        begin(PLAIN)
        async with asyncio.timeout(20):
            while not all_stopped(spared):  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0.001)
        with pytest.raises(IndexError):
            await outside.show()
        assert none_stopped(spared)

    asyncio.run(run())
