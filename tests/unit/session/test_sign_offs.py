"""From wherever the officer stands on a real host, the sign-off gets out; and where it does not, that is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest

from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.terminal.keys import Key
from tests.servers import mocker3270, people, unix_host
from tests.servers.fault_proxy import WithholdResponses
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench
from tests.unit.session.password_bench import NEW, OFF, asked_for_new, expiring
from tests.unit.session.terminal_bench import left_on, log_off, opened, play
from tests.unit.terminal.hosts import ask, host

GETS_OUT = (
    {"name": "menu", "text": [*unix_host.ENTRIES, "<Cancel>"], "press": "Escape", "next": ["shell", "anything"]},
    {"name": "shell", "before_cursor": unix_host.PROMPT.strip(), "press": "Ctrl+D"},
    {"name": "anything", "press": "Ctrl+C", "next": ["shell", "menu", "anything"]},
)
"""From the menu, from a program that runs, from what is half typed at the prompt."""


def shell(folder: Path, host: Sshd, off: Iterable[t.Table], off_within_s: float = 20.0) -> Bench:
    spec = {"host": host.host, "line": "ssh", "port": host.port, "sign_on": "password"}
    entry = t.terminal(spec, (t.UNIX_SHELL,), off=off, off_within_s=off_within_s, line_end=True)
    return t.bench(folder, {"shell": entry}, {"shell": t.UNIX_OWN}, host.known_hosts)


@pytest.mark.parametrize(
    ("types", "shown"),
    [
        (("menu\r",), "Vehicle search"),
        (("cat\r", "in a program\r"), "in a program"),
        (("menu\r", "1\r", "menu\r"), "Vehicle search"),
        (("rm -r half-typed",), "half-typed"),
        (("bash --noprofile --norc\r", "PS1='deeper> '\r"), "deeper> "),
    ],
    ids=["menu", "program", "menu-again", "half-typed", "shell-in-a-shell"],
)
def test_a_shell_is_left_from_wherever_the_officer_stands(
    tmp_path: Path, ssh_host: Sshd, types: tuple[str, ...], shown: str
) -> None:
    deeper = {"name": "deeper", "before_cursor": "deeper>", "press": "Ctrl+D", "next": ["shell"]}
    off = (deeper, *GETS_OUT[:2], {**GETS_OUT[2], "next": ["deeper", "shell", "menu", "anything"]})
    made = shell(tmp_path, ssh_host, off)

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "shell")
            view = here.surfaces.terminals["shell"]
            for text in types:
                for n, part in enumerate(text.split("\r")):
                    if n:
                        view.feed.press(Key("Enter"))
                    if part:
                        view.feed.type(part)
                        await here.heard(partial(view.shows, part))
            await here.heard(partial(view.shows, shown))
            await log_off(here)
            assert left_on(here) == []

    play(story)


def test_hosts_that_close_their_lines_themselves_are_all_signed_off_at_once(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    spec = t.tn3270(mocker_host.port, mocker3270.CODE_PAGE)
    leaves = ({"name": "menu", "text": ["MAIN MENU"], "press": "PF3"},)
    names = ("one", "two", "three", "four")
    entries = {name: t.terminal(spec, t.MOCKER, off=leaves, line_end=True) for name in names}
    made = t.bench(tmp_path, entries, dict.fromkeys(names, t.MOCKER_OWN))

    async def story() -> None:
        async with made.session() as here:
            await opened(here, names[0])
            here.send(*map(c.OpenSystem, names))
            for name in names:
                await here.launch(name, "ready")
            await log_off(here)
            assert left_on(here) == []

    play(story)


def test_a_program_that_does_not_let_go_and_a_screen_that_nobody_described_are_given_up_on_and_said(
    tmp_path: Path, ssh_host: Sshd
) -> None:
    stubborn = shell(tmp_path / "a", ssh_host, GETS_OUT, off_within_s=2.0)
    unknown = shell(tmp_path / "b", ssh_host, t.UNIX_OFF, off_within_s=0.5)

    async def story() -> None:
        for made, typed in ((stubborn, "stty -isig; cat"), (unknown, "cat")):
            async with made.session() as here:
                await opened(here, "shell")
                view = here.surfaces.terminals["shell"]
                view.feed.type(f"echo now in it; {typed}")
                view.feed.press(Key("Enter"))
                await here.heard(lambda view=view: any(row.startswith("now in it") for row in view.rows.values()))
                await log_off(here)
                assert left_on(here) == [f"A host ({ssh_host.host}:{ssh_host.port})"]

    play(story)


def test_a_3270_whose_keyboard_the_host_has_locked_costs_its_deadline_and_is_said(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    async def story() -> None:
        async with t.forms_behind_a_proxy(tmp_path, mocker_host, off_within_s=0.5) as (front, here):
            front.set(WithholdResponses())
            view = here.surfaces.terminals["forms"]
            view.feed.type("3")
            view.feed.press(Key("Enter"))  # the host works at it, and never ends
            await log_off(here)
            assert len(left_on(here)) == 1

    play(story)


def test_who_logs_off_while_a_password_is_being_changed_keeps_both_and_is_told_where_they_are_left(
    tmp_path: Path,
) -> None:
    """The host has the new password and says nothing more."""
    given: list[str] = []
    has_it = asyncio.Event()

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ask(reader, writer, "login:")
        given.append(await ask(reader, writer, "Password:"))
        writer.write(b"\r\nYour password has expired")
        given.append(await ask(reader, writer, "New password:"))
        has_it.set()
        await reader.read()

    async def story() -> None:
        async with host(plays) as port:
            entry = expiring(port, off=OFF, off_within_s=0.5)
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": entry}, {"shell": t.EXPIRED_OWN})
            async with made.session() as here:
                await asked_for_new(here)
                here.send(c.GiveNewPassword("shell", Secret(NEW)))
                await has_it.wait()
                await log_off(here)
                assert left_on(here) == [f"A host (127.0.0.1:{port})"]
            found = await asyncio.to_thread(t.kept, made, "shell")
            assert found == Kept(t.EXPIRED_OWN, pending=Secret(NEW))

    play(story)
    assert given == [people.PASSWORD, NEW]
