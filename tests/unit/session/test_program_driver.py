"""The driver of programs where the contract of all drivers ends: its pipes, its environment, its end, what it shows."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Literal

import pytest

from launcher.connectors.plan import ProgramTarget
from launcher.recipes.steps import Place
from launcher.residue.tree import descendants
from launcher.secret import Secret
from launcher.session.openers.program import (
    HIDDEN,
    KEPT_LINES,
    LINE_CHARACTERS,
    PASSED_ON,
    ProgramDriver,
    ProgramNotStartedError,
)
from launcher.sign_on.driver import DriverGoneError, FieldFault
from tests.unit.session.bench import subreaper

SECRET = "a-long-canary-of-4471"
Walk = Callable[[ProgramDriver], Awaitable[None]]


def play(
    walk: Walk,
    program: str,
    *argv: str,
    give: Literal["stdin", "descriptor", "none"] = "stdin",
    env: Mapping[str, str] | None = None,
    end_within_s: float = 5.0,
) -> ProgramDriver:
    async def run() -> ProgramDriver:
        target = ProgramTarget((sys.executable, "-c", program, *argv), give, env=tuple((env or {}).items()))
        driver = await ProgramDriver.start(target, lambda: None)
        try:
            await walk(driver)
        finally:
            async with asyncio.timeout(20):
                await driver.end(end_within_s)
        assert not driver.running
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return driver

    with subreaper():  # as a session is: what a program leaves behind stays below it
        return asyncio.run(run())


def descriptors() -> list[str]:
    return sorted(one.name for one in Path("/proc/self/fd").iterdir())


def started_with(pid: int) -> bytes:
    """What any process of this account can read of another; nothing where that one has just ended."""
    # What has ended and is not collected yet belongs to root, so an ordinary user may not even open it.
    with contextlib.suppress(FileNotFoundError, PermissionError, ProcessLookupError):
        return b"".join(Path(f"/proc/{pid}/{file}").read_bytes() for file in ("cmdline", "environ"))
    return b""


async def seen(driver: ProgramDriver, text: str) -> None:
    assert await driver.first_of([Place(text=text)], 20.0) is not None, driver.output


def test_an_end_that_is_cut_short_leaves_nobody_reading_and_nothing_open() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await seen(driver, "READY")
        watched = os.pidfd_open(int(driver.last_seen().split()[-1]))
        ending = asyncio.create_task(driver.end(60.0))
        await asyncio.sleep(0)  # it has asked the program to end, and waits
        ending.cancel()
        await asyncio.wait({ending})
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert driver._transport.is_closing()
        assert select.select([watched], [], [], 10.0)[0] == [watched]  # readable once its child has ended, too
        os.close(watched)

    program = (
        "import os, signal, time; signal.signal(15, signal.SIG_IGN)\n"
        "if os.fork() == 0:\n    print('READY', os.getpid(), flush=True)\ntime.sleep(600)"
    )
    play(walk, program, end_within_s=20.0)


def test_a_prompt_without_a_line_end_is_seen() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await seen(driver, "Password: ")
        assert driver.last_seen() == "Password: "
        assert await driver.first_of([Place(text="never")], 0.0) is None

    play(walk, "print('Password: ', end='', flush=True); input()")


def test_a_program_that_is_missing_or_may_not_be_run(tmp_path: Path) -> None:
    plain = tmp_path / "plain.txt"
    plain.write_text("no program")

    async def run(target: ProgramTarget) -> None:
        before = descriptors()
        with pytest.raises(ProgramNotStartedError) as caught:
            await ProgramDriver.start(target, lambda: None)
        assert caught.value.reference == "program-not-started"
        assert descriptors() == before

    for argv in (("/nowhere/at/all", "{descriptor}"), (str(plain), "{descriptor}")):
        asyncio.run(run(ProgramTarget(argv, "descriptor")))
    asyncio.run(run(ProgramTarget((sys.executable, "-c", ""), "stdin", cwd="/nowhere/at/all")))


def test_a_program_that_ends_early_is_said_with_its_status() -> None:
    async def walk(driver: ProgramDriver) -> None:
        with pytest.raises(DriverGoneError, match="status 3"):
            await driver.first_of([Place(text="READY")], 20.0)
        assert await driver.first_of([Place(text="bye")], 0.0) is not None  # its last words are looked at first
        for _ in range(3):  # a closed pipe may take the first write
            try:
                await driver.fill("", Secret(SECRET), hides=True)
                await driver.press("", "Enter")
            except DriverGoneError:
                return
        raise AssertionError("the program took lines after its end")

    play(walk, "print('bye', flush=True); raise SystemExit(3)")


def test_what_a_program_cannot_take_is_a_fault_of_the_field() -> None:
    async def walk(driver: ProgramDriver) -> None:
        for value in ("one\ntwo", "one\r"):
            with pytest.raises(FieldFault):
                await driver.fill("", Secret(value))
        with pytest.raises(FieldFault):
            await driver.press("#go", "")
        with pytest.raises(FieldFault):
            await driver.press("", "Tab")
        await driver.press("", "Enter")
        await seen(driver, "got ''")

    play(walk, "print('got', repr(input()), flush=True); input()")


ECHO = """
import sys
for line in sys.stdin:
    line = line.rstrip("\\n")
    print("you said", line, flush=True)
    for letter in "slowly " + line:
        sys.stdout.write(letter); sys.stdout.flush()
    print("\\nDONE", flush=True)
"""


def test_what_was_given_is_never_shown() -> None:
    shown: list[str] = []

    async def run() -> None:
        target = ProgramTarget((sys.executable, "-u", "-c", ECHO), "stdin")
        driver = await ProgramDriver.start(target, lambda: shown.extend((repr(driver.output), driver.last_seen())))
        await driver.fill("", Secret(SECRET), hides=True)
        await seen(driver, "DONE")
        assert f"you said {HIDDEN}" in driver.output
        assert f"slowly {HIDDEN}" in driver.output
        await driver.end(5.0)

    asyncio.run(run())
    assert not [one for one in shown if "a-l" in one], "not even its beginning"


def test_a_short_secret_does_not_hide_a_marker() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await driver.fill("", Secret("E"), hides=True)
        await seen(driver, "READY for E")
        assert driver.last_seen().startswith(f"R{HIDDEN}ADY")

    play(walk, "print('READY for', input(), flush=True); input()")


def test_a_code_is_hidden_wherever_it_stands_and_one_too_short_to_be_told_from_a_text_is_not() -> None:
    async def walk(driver: ProgramDriver) -> None:
        for code in ("482913", "1234", "123"):
            driver.hide(Secret(code))
        await driver.fill("", Secret("482913"))
        await seen(driver, "DONE")
        assert driver.output[:2] == (f"code {HIDDEN}, again {HIDDEN}{HIDDEN}x", f"{HIDDEN} and 123")

    play(walk, "c = input(); print(f'code {c}, again {c}{c}x'); print(1234, 'and', 123); print('DONE'); input()")


def test_big_output_is_bounded_and_its_end_is_seen() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await driver.fill("", Secret(SECRET), hides=True)
        await seen(driver, "THE END")
        assert len(driver.output) <= KEPT_LINES + 1
        assert max(map(len, driver.output)) <= LINE_CHARACTERS
        assert SECRET not in repr(driver.output)

    program = (
        "import sys; s = input()\n"
        "for n in range(3000): print(n, s, 'x' * 100)\n"
        "print('y' * 300_000 + s)\n"
        "sys.stdout.write(s * 3000 + '\\nTHE END'); sys.stdout.flush(); input()"
    )
    play(walk, program)


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await seen(driver, "Größe")
        assert "\ufffd" in driver.output[0]

    program = (
        "import sys; w = sys.stdout.buffer\n"
        "w.write(b'\\xff\\r\\n'); w.flush(); w.write('Gr\\u00f6'.encode()[:3]); w.flush()\n"
        "w.write('Gr\\u00f6'.encode()[3:] + '\\u00dfe'.encode()); w.flush(); input()"
    )
    play(walk, program)


REPORT = """
import json, os, sys
print(json.dumps({
    "fds": sorted(int(n) for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")),
    "links": [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if int(n) > 2
              and os.path.exists(f"/proc/self/fd/{n}")],
    "env": dict(os.environ), "argv": sys.argv[1:], "session": os.getsid(0) == os.getpid()}), flush=True)
print("TOLD", flush=True)
input()
"""


@pytest.mark.parametrize("give", ["stdin", "descriptor", "none"])
def test_a_program_inherits_what_the_list_allows_and_no_descriptor(
    give: Literal["stdin", "descriptor", "none"], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATION_LAUNCHER_LINK", "7")
    monkeypatch.setenv("SOME_TOKEN", SECRET)
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("KRB5CCNAME", "FILE:/somewhere/tickets")
    link, other = socket.socketpair()
    with link, other, Path(os.devnull).open() as spool:
        link.set_inheritable(False)

        async def walk(driver: ProgramDriver) -> None:
            await seen(driver, "TOLD")
            told = json.loads(driver.output[0])
            assert set(told["env"]) <= {*PASSED_ON, "STATION", "LC_CTYPE"}  # Python itself adds the last
            assert told["env"]["STATION"] == "FD-02"
            assert "KRB5CCNAME" not in told["env"]  # as the help says
            assert told["session"] is True
            assert not [one for one in told["links"] if one.startswith(("socket:", os.devnull))]
            theirs = [int(told["argv"][0])] if give == "descriptor" else []
            assert [fd for fd in told["fds"] if fd > 2] in (theirs, [*theirs, max(told["fds"])])  # and the listing's
            assert SECRET not in driver.output[0]

        argv = ("{descriptor}",) if give == "descriptor" else ()
        play(walk, REPORT, *argv, give=give, env={"STATION": "FD-02"})
        assert spool.fileno() >= 0


def test_name_and_password_go_down_a_descriptor_of_their_own() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await driver.fill("", Secret("alice"))
        await driver.fill("", Secret(SECRET), hides=True)
        await seen(driver, "took 2 lines, READY")
        # Servers of other tests may hang below the test run too: ours is the one with this program in its command line.
        lines = [started_with(one.pid) for one in descendants(os.getpid()) if one.session == one.pid]
        mine = next(line for line in lines if b"took 2 lines" in line)
        assert SECRET.encode() not in mine

    program = (
        "import os, sys; pipe = os.fdopen(int(sys.argv[1])); pipe.readline(); pipe.readline()\n"
        "print('took 2 lines, READY', flush=True); sys.stdin.read()"
    )
    play(walk, program, "{descriptor}", give="descriptor")


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child == 0:
    while True: time.sleep(60)
print("child", child, flush=True)
while True: time.sleep(60)
"""
POLITE = """
import os, signal, time
child = os.fork()
if child == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ignores", os.getpid(), flush=True)
    while True: time.sleep(60)
while True: time.sleep(60)
"""


@pytest.mark.parametrize(("program", "says"), [(STUBBORN, "child "), (POLITE, "ignores ")])
def test_what_a_program_started_ends_with_it(program: str, says: str) -> None:
    children: list[int] = []

    async def walk(driver: ProgramDriver) -> None:
        await seen(driver, says)
        children.append(int(driver.output[-1].split()[-1]))

        watched.append(os.pidfd_open(children[0]))

    watched: list[int] = []
    play(walk, program, end_within_s=0.2)
    assert select.select(watched, [], [], 10.0)[0] == watched  # readable once it has ended
    os.close(watched[0])


def test_ending_twice_and_ending_what_has_ended() -> None:
    async def walk(driver: ProgramDriver) -> None:
        await driver.end(5.0)
        await driver.end(5.0)

    play(walk, "input()")


def test_a_program_that_left_its_group_holds_nothing_up() -> None:
    """It keeps the pipe open after its parent ended: the end of the driver does not wait for it."""
    left: list[int] = []

    async def walk(driver: ProgramDriver) -> None:
        await seen(driver, "left ")
        left.append(int(driver.output[-1].split()[-1]))

    program = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    print('left', os.getpid(), flush=True)\n"
        "    time.sleep(60)\nelse:\n    input()"
    )
    try:
        play(walk, program)
    finally:
        os.kill(left[0], signal.SIGKILL)
