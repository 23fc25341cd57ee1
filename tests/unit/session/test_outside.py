"""Programs of a locked session: hidden, stopped, brought back or killed, without a moment in which they run."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from subprocess import Popen

import pytest

from launcher.connectors.plan import ProgramTarget
from launcher.display.ports import NoWindows, Ours, UnreachableWindows, WindowsSeen
from launcher.recipes.steps import Place
from launcher.residue.tree import ProcessRow, descendants, process
from launcher.session.end import end_descendants
from launcher.session.openers.program import ProgramDriver
from launcher.session.outside import TRIES, OutsidePrograms, OutsideStillSeenError, windows_of
from tests.servers import xvfb
from tests.servers.x_programs import WINDOW, Eyes, python, type_keys
from tests.servers.xvfb import Screen
from tests.unit.session.bench import subreaper

RED, GREEN = 0xD01010, 0x10D010

FAMILY = """
import os, sys, time
def child():
    return os.fork() == 0
if child():
    os.setsid()
    if child():
        print("ready", flush=True)
    time.sleep(600)
time.sleep(600)
"""
"""A program whose child leaves its session and has a child of its own."""

PLAIN = "print('ready', flush=True); import time; time.sleep(600)"

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

COUNTING = """
import mmap, os, signal, sys, time
file = open(sys.argv[1], "r+b")
count = mmap.mmap(file.fileno(), 8)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgid(0, 0)  # a job of its own, which a shell's end leaves an orphan
    print("ready", flush=True)
    while True:
        count[:] = (int.from_bytes(count[:], "little") + 1).to_bytes(8, "little")
time.sleep(600)
"""
"""The child counts for as long as it runs, where anybody can read it, and survives a hang-up."""


@pytest.fixture
def spared() -> Iterator[frozenset[int]]:
    """What runs below the tests already, and is none of a session's programs."""
    with subreaper() as others:
        yield others
        assert asyncio.run(end_descendants(10.0, others)) == ()
        while _begun:
            with _begun.pop() as program:
                program.wait()


_begun: list[Popen[bytes]] = []


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    # A display begins anew when its last client leaves, and turns away who comes then: one stays.
    with xvfb.running_xvfb(width=800, height=600) as display, Eyes(display):
        yield display


@pytest.fixture
def eyes(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Eyes]:
    for name, value in screen.environment.items():
        monkeypatch.setenv(name, value)
    with Eyes(screen) as looking:
        yield looking


def start(*argv: str, own_session: bool = True) -> Popen[bytes]:
    """Start a program, which ends with the test."""
    program = Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, start_new_session=own_session)
    _begun.append(program)
    return program


def begin(code: str, *argv: str, first: str = "ready") -> Popen[bytes]:
    """Start a program of the session's and return when it says its first word."""
    program = start(sys.executable, "-c", code, *argv)
    assert line(program) == first
    return program


def line(program: Popen[bytes]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().decode().strip()


def below(spared: frozenset[int]) -> list[ProcessRow]:
    return [row for row in descendants(os.getpid()) if not row.zombie and row.pid not in spared]


def all_stopped(spared: frozenset[int]) -> bool:
    rows = below(spared)
    return bool(rows) and all(row.stopped for row in rows)


def none_stopped(spared: frozenset[int]) -> bool:
    return not any(row.stopped for row in below(spared))


Walk = Callable[[OutsidePrograms], Awaitable[None]]


def play(outside: OutsidePrograms, walk: Walk) -> None:
    async def run() -> None:
        try:
            await walk(outside)
        finally:
            await outside.show()

    asyncio.run(run())


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
        assert all_stopped(spared)

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


def counted(file: Path) -> int:
    return int.from_bytes(file.read_bytes(), "little")


@pytest.mark.parametrize("way", ["driver", "session"])
def test_one_that_is_killed_while_it_stands_still_does_not_wake(
    spared: frozenset[int], tmp_path: Path, way: str
) -> None:
    count = tmp_path / "count"
    count.write_bytes(bytes(8))

    async def run() -> None:
        target = ProgramTarget((sys.executable, "-c", COUNTING, str(count)), "none")
        driver = await ProgramDriver.start(target, lambda: None)
        outside = OutsidePrograms(NoWindows(), spared=spared)
        assert await driver.first_of([Place(text="ready")], 20.0) is not None
        while counted(count) < 10:  # noqa: ASYNC110 - memory tells nobody
            await asyncio.sleep(0)
        await outside.hide()
        stood_at = counted(count)
        if way == "session":
            assert await end_descendants(10.0, spared) == ()
        await driver.end(10.0)
        assert below(spared) == []
        assert counted(count) == stood_at, "it ran once more"
        await outside.show()

    asyncio.run(run())


@pytest.mark.needs("xvfb")
@pytest.mark.parametrize("stop", [True, False], ids=["stop", "run"])
def test_windows_go_with_their_programs_and_come_back(
    screen: Screen, eyes: Eyes, spared: frozenset[int], stop: bool
) -> None:
    code = WINDOW.replace('print("mapped", window.id, flush=True)', 'print("mapped", flush=True)')
    begin(code, "40", "60", "200", "150", str(RED), "0", first="mapped")
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


HOLDER = """
from Xlib import X
from Xlib.display import Display
display = Display()
root = display.screen().root
assert root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
assert root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime) == X.GrabSuccess
print("holds", flush=True)
while True:
    display.next_event()
"""


@pytest.mark.needs("xvfb")
def test_who_holds_keyboard_and_pointer_for_itself_is_ended_and_no_other(
    screen: Screen, eyes: Eyes, spared: frozenset[int], caplog: pytest.LogCaptureFixture
) -> None:
    """Such a grab is of no window that could be hidden: nobody could type at the screen that comes next."""
    code = WINDOW.replace('print("mapped", window.id, flush=True)', 'print("mapped", flush=True)')
    window = begin(code, "40", "60", "200", "150", str(RED), "0", first="mapped")
    holder = begin(HOLDER, first="holds")
    assert not eyes.may_take_the_pointer()

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.left == ""
        assert eyes.may_take_the_pointer()
        assert holder.wait(20) == -signal.SIGKILL
        assert window.poll() is None
        await outside.show()
        eyes.until(lambda: eyes.sees(RED))

    play(OutsidePrograms(spared=spared), walk)
    assert "held the keyboard" in caplog.text


HOLDS_POINTER = """
from Xlib import X
from Xlib.display import Display
display = Display()
root = display.screen().root
assert root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime) == X.GrabSuccess
print("holds", flush=True)
while True:
    display.next_event()
"""


@pytest.mark.needs("xvfb")
@pytest.mark.parametrize("whose", ["the session's", "another's"])
def test_nobody_is_ended_for_the_pointer_alone(screen: Screen, eyes: Eyes, spared: frozenset[int], whose: str) -> None:
    holder = begin(HOLDS_POINTER, first="holds")
    if whose == "another's":
        spared |= {holder.pid}
    code = WINDOW.replace('print("mapped", window.id, flush=True)', 'print("mapped", flush=True)')
    window = begin(code, "40", "60", "200", "150", str(RED), "0", first="mapped")
    assert not eyes.may_take_the_pointer()

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()  # with a PIN it can be unlocked by the keys
        assert outside.seen.left == ""
        assert (holder.poll(), window.poll()) == (None, None)

    play(OutsidePrograms(spared=spared), walk)
    holder.kill()
    eyes.until(eyes.may_take_the_pointer)


@pytest.mark.needs("xvfb")
def test_where_another_holds_the_keyboard_two_programs_are_ended_and_it_is_said(
    screen: Screen, eyes: Eyes, spared: frozenset[int]
) -> None:
    holder = begin(HOLDER, first="holds")
    spared |= {holder.pid}
    code = WINDOW.replace('print("mapped", window.id, flush=True)', 'print("mapped", flush=True)')
    windows = [begin(code, "40", "60", "200", "150", str(RED), "0", first="mapped") for _ in range(4)]

    async def walk(outside: OutsidePrograms) -> None:
        with pytest.raises(OutsideStillSeenError, match="a program holds the keyboard"):
            await outside.hide()
        assert [window.poll() for window in windows].count(None) == 2

    play(OutsidePrograms(spared=spared), walk)
    holder.kill()
    eyes.until(eyes.may_take_the_pointer)


@pytest.mark.needs("xvfb", "xdotool")
@pytest.mark.parametrize("down", ["key", "mouse"])
def test_who_holds_the_keyboard_while_something_is_down_is_looked_for_again(
    screen: Screen, eyes: Eyes, spared: frozenset[int], monkeypatch: pytest.MonkeyPatch, down: str
) -> None:
    monkeypatch.setattr("launcher.session.outside.AGAIN_S", 0.01)
    holder = begin(HOLDER, first="holds")
    what = "a" if down == "key" else "1"
    xdotool(screen, f"{down}down", what)

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert holder.poll() is None, "it may be the key that is held"
        xdotool(screen, f"{down}up", what)
        assert await asyncio.to_thread(holder.wait, 20) == -signal.SIGKILL

    try:
        play(OutsidePrograms(spared=spared), walk)
    finally:
        xdotool(screen, f"{down}up", what)


@pytest.mark.needs("xvfb")
def test_what_the_screen_of_another_holds_for_its_menu_ends_nobody(
    screen: Screen, eyes: Eyes, spared: frozenset[int]
) -> None:
    theirs = python(screen, MENU_OF_A_SCREEN)
    assert theirs.line() == "holds"
    spared |= {theirs.pid}
    code = WINDOW.replace('print("mapped", window.id, flush=True)', 'print("mapped", flush=True)')
    program = begin(code, "40", "60", "200", "150", str(RED), "1", first="mapped")

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert program.poll() is None

    try:
        play(OutsidePrograms(spared=spared), walk)
    finally:
        theirs.end()


MENU_OF_A_SCREEN = """
from Xlib import X
from Xlib.display import Display
display = Display()
screen = display.screen()
window = screen.root.create_window(0, 0, 800, 600, 0, screen.root_depth, event_mask=X.StructureNotifyMask)
window.map()
while display.next_event().type != X.MapNotify:
    pass
window.set_input_focus(X.RevertToParent, X.CurrentTime)
assert window.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
print("holds", flush=True)
while True:
    display.next_event()
"""


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


@pytest.mark.needs("xvfb", "xterm", "xdotool")
def test_a_menu_that_holds_pointer_and_keys_lets_go(screen: Screen, eyes: Eyes, spared: frozenset[int]) -> None:
    terminal = start("xterm", "-geometry", "40x10+50+60", "-e", "cat")
    eyes.until(lambda: len(eyes.shown()) == 1)
    xdotool(screen, "mousemove", "100", "120", "keydown", "ctrl", "mousedown", "1")
    eyes.until(lambda: len(eyes.shown()) == 2)
    assert not eyes.may_take_the_pointer()

    async def walk(outside: OutsidePrograms) -> None:
        await outside.hide()
        assert outside.seen.windows == 2
        assert eyes.shown() == []
        assert eyes.may_take_the_pointer()
        await outside.show()
        eyes.until(lambda: len(eyes.shown()) == 2)

    play(OutsidePrograms(spared=spared), walk)
    xdotool(screen, "mouseup", "1", "keyup", "ctrl")
    assert terminal.poll() is None


SNOOP = """
import sys, threading
from Xlib import X, XK
from Xlib.display import Display
from Xlib.ext import record
from Xlib.protocol import rq
seen = open(sys.argv[1], "w", buffering=1)
asking, reading = Display(), Display()
def polled():
    # What any client may ask at any time: which keys are down now.
    before = None
    while True:
        now = bytes(asking.query_keymap())
        if now != before:
            before = now
            seen.write("keys " + now.hex() + chr(10))
threading.Thread(target=polled, daemon=True).start()
context = reading.record_create_context(0, [record.AllClients], [{
    "core_requests": (0, 0), "core_replies": (0, 0), "ext_requests": (0, 0, 0, 0), "ext_replies": (0, 0, 0, 0),
    "delivered_events": (0, 0), "device_events": (X.KeyPress, X.KeyRelease), "errors": (0, 0),
    "client_started": False, "client_died": False}])
def heard(reply):
    data = reply.data
    while reply.category == record.FromServer and len(data):
        event, data = rq.EventField(None).parse_binary_value(data, reading.display, None, None)
        seen.write(f"record {event.detail}" + chr(10))
print("ready", flush=True)
reading.record_enable_context(context, heard)
"""
"""Reads what is typed for others, in the two ways that X gives every client."""


@pytest.mark.needs("xvfb", "xdotool")
@pytest.mark.parametrize("end", ["driver", "session"])
def test_a_snooping_program_reads_nothing_of_what_others_type(
    screen: Screen, eyes: Eyes, spared: frozenset[int], tmp_path: Path, end: str
) -> None:
    seen = tmp_path / "seen"
    seen.touch()
    theirs = python(screen, WINDOW, "300", "60", "200", "150", str(GREEN), "0")
    said, number = theirs.line().split()
    assert said == "mapped"
    eyes.window(int(number)).set_input_focus(1, 0)
    eyes.until(lambda: eyes.focus() == int(number))
    spared |= {theirs.pid}

    async def run() -> None:
        target = ProgramTarget((sys.executable, "-c", SNOOP, str(seen)), "none")
        driver = await ProgramDriver.start(target, lambda: None)
        outside = OutsidePrograms(spared=spared)
        assert await driver.first_of([Place(text="ready")], 20.0) is not None
        eyes.until(lambda: not type_keys(screen, "a") and "record" in seen.read_text() and "keys" in seen.read_text())
        await outside.hide()
        theirs.said()
        before = seen.read_text()
        type_keys(screen, "s", "e", "c", "r", "e", "t")
        assert [theirs.line().split()[0] for _ in range(6)] == ["key"] * 6
        assert seen.read_text() == before
        if end == "session":
            assert await end_descendants(10.0, spared) == ()
        await driver.end(10.0)
        assert below(spared) == []
        assert seen.read_text() == before, "it read what had been kept for it"
        await outside.show()

    try:
        asyncio.run(run())
    finally:
        theirs.end()


def xdotool(screen: Screen, *words: str) -> None:
    """Move, press and let go as a hand would."""
    subprocess.run(["xdotool", *words], env={"PATH": os.environ["PATH"], **screen.environment}, check=True, timeout=20)
