"""Programs that end while they stand still run no more, and read nothing of what had been kept for them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from launcher.connectors.plan import ProgramTarget
from launcher.display.ports import NoWindows
from launcher.recipes.steps import Place
from launcher.session.end import end_descendants
from launcher.session.openers.program import ProgramDriver
from launcher.session.outside import OutsidePrograms
from tests.servers.x_programs import WINDOW, Eyes, python, type_keys
from tests.servers.xvfb import Screen
from tests.unit.session.outside.bench import GREEN, below

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
