"""A password is changed on a host's own screens: what proves that it was, or was not, or that nobody knows."""

from __future__ import annotations

import asyncio

import pytest

from launcher.secret import Secret
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import change_password_on_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.errors import HostClosedLineError
from tests.servers import host_screens as h
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.unit.sign_on.host_bench import UNIX_SHELL, WITHIN_S, by_ssh, run, screens
from tests.unit.terminal.hosts import terminal as small_terminal

NEW = "Next-Pw-2!x"
EXPIRED = screens(UNIX_SHELL, h.EXPIRED)
CHANGE = screens(
    *h.CHANGE_PROMPTS,
    h.CHANGED,
    {"name": "not-taken", "text": ["BAD PASSWORD"], "means": "failed"},
    {"name": "wrong", "text": ["password unchanged"], "means": "failed", "says": "Not your old one."},
)


def test_an_expired_password_is_changed_on_the_hosts_own_screens(fresh_ssh_host: Sshd) -> None:
    async def story() -> None:
        async with by_ssh(fresh_ssh_host, unix_host.MUST_CHANGE) as terminal:
            driver = TerminalDriver(terminal)
            assert (
                await sign_on_screens(driver, EXPIRED, Values(), within_s=WITHIN_S, anywhere=True)
            ).outcome == "change-password"
            values = Values(unix_host.MUST_CHANGE, Secret(people.PASSWORD), new_password=Secret(NEW))
            changed = await change_password_on_screens(driver, CHANGE, values, within_s=WITHIN_S)
            assert (changed.changed, changed.refused) == (True, False)

        async with by_ssh(fresh_ssh_host, unix_host.MUST_CHANGE, NEW) as terminal:
            shell = screens({"name": "shell", "before_cursor": "$", "means": "ready"})
            driver = TerminalDriver(terminal)
            assert (await sign_on_screens(driver, shell, Values(), within_s=WITHIN_S)).outcome == "ready"

    run(story())


def test_a_host_that_refuses_the_change_has_refused_the_new_password(fresh_ssh_host: Sshd) -> None:
    async def story() -> None:
        values = Values(unix_host.MUST_CHANGE, Secret(people.WRONG_PASSWORD), new_password=Secret(NEW))
        async with by_ssh(fresh_ssh_host, unix_host.MUST_CHANGE) as terminal:
            changed = await change_password_on_screens(TerminalDriver(terminal), CHANGE, values, within_s=WITHIN_S)
            assert (changed.changed, changed.refused, changed.says) == (False, True, "Not your old one.")

    run(story())


def test_words_that_stand_there_before_anything_is_given_prove_no_change() -> None:
    """News of an earlier change, above the question for this one."""

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"Last time: password updated successfully\r\nNew password: ")
        await reader.read()

    async def story() -> None:
        values = Values("x", Secret(people.PASSWORD), new_password=Secret(NEW))
        only = screens({"name": "changed", "text": ["password updated successfully"], "means": "changed"})
        async with small_terminal(plays) as terminal:
            await terminal.wait_for(lambda grid: "New password:" in "".join(grid.text), WITHIN_S)
            changed = await change_password_on_screens(TerminalDriver(terminal), only, values, within_s=0.0)
            assert not changed.changed

    run(story())


@pytest.mark.parametrize("after", ["Current password: ", "New password: "])
def test_a_new_password_that_may_have_arrived_is_neither_changed_nor_refused(after: str) -> None:
    """The host closes the line: before it has the new password that is a fault, after it nobody knows."""

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for prompt in ("Current password: ", "New password: "):
            writer.write(b"\r\n" + prompt.encode())
            await reader.readuntil(b"\r")
            if prompt == after:
                return

    async def story() -> None:
        values = Values("x", Secret(people.PASSWORD), new_password=Secret(NEW))
        async with small_terminal(plays) as terminal:
            changing = change_password_on_screens(TerminalDriver(terminal), CHANGE, values, within_s=WITHIN_S)
            if after.startswith("Current"):
                with pytest.raises(HostClosedLineError):
                    await changing
                return
            changed = await changing
            assert (changed.changed, changed.refused) == (False, False)
            assert changed.says == "The host has closed the line."

    run(story())
