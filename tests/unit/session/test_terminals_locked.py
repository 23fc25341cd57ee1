"""While the officer is locked out a terminal is drawn for nobody and takes nothing, whatever its host says then."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.openers.terminal import HostTerminal
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct
from launcher.terminal.vt.choice import vt_choice
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench, Running
from tests.unit.session.terminal_bench import opened, play
from tests.unit.terminal.hosts import WITHIN_S, Board, host, shows

PIN = Secret("482915")


def station(folder: Path, port: int) -> Bench:
    spec = {"host": "127.0.0.1", "line": "telnet", "port": port, "sign_on": "none"}
    return t.bench(folder, {"shell": t.terminal(spec, (t.UNIX_SHELL,))}, {})


async def lock(here: Running) -> None:
    here.send(c.Lock())
    await here.until(lambda now: now.stage == "locked")


async def with_pin(here: Running) -> None:
    here.send(c.SetPin(PIN))
    await here.until(lambda now: now.pin_set)


def host_terminal(here: Running) -> HostTerminal:
    feed = here.surfaces.terminals["shell"].feed
    assert isinstance(feed, HostTerminal)
    return feed


async def drawn_beside(feed: HostTerminal, text: str) -> None:
    """Wait until a text is on the screen, and would have been drawn: whoever draws is told in one go."""
    board = Board()
    end = feed._terminal.subscribe(board.draw)
    await feed._terminal.wait_for(shows(text), WITHIN_S)
    await board.until(text)
    end()


@pytest.mark.parametrize("opened_while_locked", [False, True])
def test_what_the_host_says_meanwhile_is_drawn_for_nobody_and_no_hand_reaches_it(
    tmp_path: Path, opened_while_locked: bool
) -> None:
    talk, heard = asyncio.Event(), bytearray()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello$ ")
        await talk.wait()
        writer.write(b"\x1b[?1000h\x1b[?1006h\r\nNEWS WHILE LOCKED$ ")
        while data := await reader.read(100):
            heard.extend(data)
            if b"!" in data:
                writer.write(b"\r\nGOT IT$ ")

    async def story() -> None:
        async with host(plays) as port:
            made = await asyncio.to_thread(station, tmp_path, port)
            async with made.session() as here:
                if opened_while_locked:
                    await here.log_on()
                    await with_pin(here)
                    here.send(c.OpenSystem("shell"), c.Lock())
                    await here.until(lambda now: now.stage == "locked")
                    await here.heard(lambda: "shell" in here.surfaces.terminals)
                    await drawn_beside(host_terminal(here), "hello")
                    assert here.surfaces.terminals["shell"].pictures == 0
                else:
                    await opened(here, "shell")
                    await with_pin(here)
                    await lock(here)
                view = here.surfaces.terminals["shell"]
                before, feed = view.pictures, host_terminal(here)
                talk.set()
                await drawn_beside(feed, "NEWS")
                assert view.pictures == before
                assert not view.shows("NEWS")
                assert (feed.find("NEWS"), feed.above(0, 1)) == ((), None)
                feed.type("typed")
                feed.paste("pasted")
                feed.press(Key("Enter"))
                feed.mouse(MouseAct("press", "left", 0, 0))
                feed.mouse(MouseAct("move", "", 0, 1))
                late = Board()
                feed.subscribe(late.draw)
                assert late.pictures == []
                here.send(c.GivePin(PIN))
                await here.heard(partial(view.shows, "NEWS"))
                await late.until("NEWS")
                feed.mouse(MouseAct("press", "left", 0, 0))
                feed.type("!")
                await here.heard(partial(view.shows, "GOT IT"))
                # pyte tells no program of the mouse.
                assert bytes(heard) == (b"\x1b[<0;1;1M!" if vt_choice().name == "ghostty" else b"!")

    play(story)
