"""A terminal that is called again while its host signs off, and what its line's end proves over SSH."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from launcher.session import commands as c
from launcher.session.openers.terminal import HostTerminal
from launcher.terminal.keys import Key
from tests.servers import mocker3270
from tests.servers.fault_proxy import FaultProxy, PassThrough, Refuse, WithholdResponses
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import WITHIN_S, Bench, Running
from tests.unit.session.terminal_bench import left_on, log_off, nothing_open, opened, play


def shells() -> frozenset[int]:
    """The processes of the account on the host, which runs on this computer."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and folder.stat().st_uid == 2_900_000:
                found.add(int(folder.name))
        except OSError:
            continue  # it has just ended
    return frozenset(found)


async def gone(process: int) -> None:
    """Wait until a process, of which this is the descriptor, has ended."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(process, ended.set)
    async with asyncio.timeout(WITHIN_S):
        await ended.wait()
    loop.remove_reader(process)
    os.close(process)


@contextmanager
def behind_a_proxy(folder: Path, host: Sshd) -> Iterator[tuple[FaultProxy, Bench]]:
    """An entry for the host that says nothing of signing off."""
    with FaultProxy(host.port) as front:
        spec = {"host": host.host, "line": "ssh", "port": front.port, "sign_on": "password"}
        known = f"[{host.host}]:{front.port} {host.host_key}\n"
        yield front, t.bench(folder, {"shell": t.terminal(spec, (t.UNIX_SHELL,))}, {"shell": t.UNIX_OWN}, known)


async def closed(here: Running, system: str) -> None:
    here.send(c.CloseSystem(system))
    await here.heard(partial(nothing_open, here))
    await here.until(lambda now: not now.launches)


def test_who_calls_again_is_told_that_the_host_signs_off_first_and_may_go_on_without(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    async def story() -> None:
        async with t.forms_behind_a_proxy(tmp_path, mocker_host) as (front, here):
            front.set(WithholdResponses())
            here.send(c.RetrySystem("forms"))
            # Nothing but the word of the officer ends this: the host has twenty seconds, and says nothing.
            waits = await here.launch("forms", "queued")
            assert (waits.signing_off, waits.left) == (True, None)
            assert left_on(here) == []
            front.set(PassThrough())
            here.send(c.SkipSignOff("forms"))
            ready = await here.launch("forms", "ready")
            assert not ready.signing_off
            [where] = left_on(here)
            assert ready.left is not None
            assert ready.left.host == "127.0.0.1"
            assert ready.left.line.startswith("LU DEMO")
            assert ready.left.line in where
            here.send(c.RetrySystem("forms"))
            await here.launch("forms", "queued")
            again = await here.launch("forms", "ready")
            assert again.left is None, "the sign-off that was proved leaves nobody"
            assert left_on(here) == [where]
            await log_off(here)

    play(story)


def test_the_end_of_an_ssh_line_that_the_host_confirms_proves_a_sign_off_that_no_entry_describes(
    tmp_path: Path, ssh_host: Sshd
) -> None:
    before = shells()
    with behind_a_proxy(tmp_path, ssh_host) as (_, made):

        async def story() -> None:
            async with made.session() as here:
                await opened(here, "shell")
                at_work = [os.pidfd_open(pid) for pid in shells() - before]
                assert at_work
                await closed(here, "shell")
                assert left_on(here) == []
                assert [one.what for one in here.now.notices] == ["ready"]
                for one in at_work:
                    await gone(one)

                here.send(c.OpenSystem("shell"))
                await here.launch("shell", "ready")
                here.surfaces.terminals["shell"].feed.type("exit")
                here.surfaces.terminals["shell"].feed.press(Key("Enter"))
                left = await here.launch("shell", "needs", "failed")
                assert (left.needs, left.error, left.signed_on_as) == ("line-closed", None, "")
                here.send(c.RetrySystem("shell"))
                await here.launch("shell", "ready")
                await log_off(here)
                assert left_on(here) == []

        play(story)


def test_a_shell_that_floods_is_ended_with_its_line_too(tmp_path: Path, ssh_host: Sshd) -> None:
    with behind_a_proxy(tmp_path, ssh_host) as (_, made):

        async def story() -> None:
            async with made.session() as here:
                await opened(here, "shell")
                view = here.surfaces.terminals["shell"]
                view.feed.type("yes flood")
                view.feed.press(Key("Enter"))
                await here.heard(lambda: len([row for row in view.rows.values() if "flood" in row]) > 20)
                await log_off(here)
                assert left_on(here) == []

        play(story)


@pytest.mark.parametrize("fault", [Refuse(), WithholdResponses()])
def test_an_ssh_line_that_is_lost_or_whose_end_nobody_confirms_proves_nothing(
    tmp_path: Path, ssh_host: Sshd, fault: Refuse | WithholdResponses
) -> None:
    with behind_a_proxy(tmp_path, ssh_host) as (front, made):

        async def story() -> None:
            async with made.session() as here:
                await here.log_on()
                for times in (1, 2):
                    here.send(c.OpenSystem("shell"))
                    await here.launch("shell", "ready")
                    front.set(fault)
                    if isinstance(fault, Refuse):
                        await here.launch("shell", "failed")
                    await closed(here, "shell")
                    front.set(PassThrough())
                    # It has no name for its lines: that somebody is left on a second one is said none the less.
                    assert left_on(here) == [f"A host (127.0.0.1:{front.port})"] * times

        play(story)


def test_a_terminal_whose_engine_fails_at_its_sign_off_is_left_and_the_others_are_signed_off(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    def broken(_: Key) -> bool:
        raise KeyError("of the engine's own")

    async def story() -> None:
        entries = {"broken": t.mocker(mocker_host), "forms": t.mocker(mocker_host)}
        own = {"broken": t.MOCKER_OWN, "forms": t.MOCKER_OWN}
        made = await asyncio.to_thread(t.bench, tmp_path, entries, own)
        async with made.session() as here:
            await opened(here, "broken")
            here.send(c.OpenSystem("forms"))
            await here.launch("forms", "ready")
            host = here.surfaces.terminals["broken"].feed
            assert isinstance(host, HostTerminal)
            host._terminal.engine.press = broken  # type: ignore[method-assign,assignment] # as no host can make it do
            await log_off(here)
            assert len(left_on(here)) == 1

    play(story)


def test_a_host_that_has_been_left_is_told_of_also_where_it_cannot_be_called_again(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    async def story() -> None:
        async with t.forms_behind_a_proxy(tmp_path, mocker_host) as (front, here):
            front.set(Refuse())
            await here.launch("forms", "failed")
            for _ in range(2):
                here.send(c.RetrySystem("forms"))
                await here.launch("forms", "queued", "opening")
                failed = await here.launch("forms", "failed")
                assert failed.left is not None
                assert failed.left.line.startswith("LU DEMO")
            assert len(left_on(here)) == 1
            assert mocker3270.PASSWORD not in here.watched.everything()

    play(story)
