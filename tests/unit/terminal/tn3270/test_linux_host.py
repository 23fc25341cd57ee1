"""Signing on to and off from a real 3270 host: the console of Debian's Linux for s390x."""

from __future__ import annotations

import asyncio
from pathlib import Path

from launcher.secret import Secret
from launcher.terminal.errors import TerminalLineError
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.tn3270.models import Display
from tests.servers.certificates import Certificates
from tests.servers.fault_proxy import Cut, FaultProxy
from tests.servers.linux3270 import CODE_PAGE, HOST_NAME, PASSWORD, USER, Linux3270
from tests.unit.terminal.tn3270.calling import called, inputs, press, wait_for

LOGON = f"{HOST_NAME} login:"
PROMPT = "~ $"


def an_engine() -> Tn3270Engine:
    return Tn3270Engine(Display(2), code_page_name=CODE_PAGE)


async def enter(terminal: Terminal[Tn3270Engine], text: str) -> None:
    """Type a line as a person does."""
    assert terminal.type(text).refused == ""
    press(terminal, "Enter")


async def sign_on(terminal: Terminal[Tn3270Engine], password: str = PASSWORD) -> None:
    await wait_for(terminal, LOGON)
    await enter(terminal, USER)
    await terminal.wait_for(lambda grid: "Password:" in "".join(grid.lines()) and inputs(terminal)[0].hidden, 60)
    await terminal.wait_for(lambda grid: grid.status.lock == "", 60)
    terminal.fill(inputs(terminal)[0].start, Secret(password))
    assert password not in "".join(terminal.grid.lines())
    press(terminal, "Enter")


async def sign_off(terminal: Terminal[Tn3270Engine]) -> None:
    await enter(terminal, "exit")
    # The console is cleared and begins anew: the words of the log-on stand there until then, and so does the prompt.
    await terminal.wait_for(lambda grid: PROMPT not in "".join(grid.lines()) and LOGON in "".join(grid.lines()), 60)
    await wait_for(terminal, LOGON)


def test_an_officer_signs_on_works_and_signs_off_and_the_next_caller_meets_the_logon_screen(
    linux_host: Linux3270,
) -> None:
    async def run() -> None:
        async with called(an_engine(), linux_host.port) as terminal:
            await sign_on(terminal)
            await wait_for(terminal, PROMPT)
            await enter(terminal, "whoami; echo done")
            await wait_for(terminal, "\n" + USER, "\ndone")
            assert PASSWORD not in "\n".join(terminal.grid.lines())
            await sign_off(terminal)
        async with called(an_engine(), linux_host.port) as next_caller:
            await wait_for(next_caller, LOGON)
            assert PROMPT not in "\n".join(next_caller.grid.lines())

    asyncio.run(run())


def test_what_was_typed_unseen_is_in_no_log_also_where_the_host_shows_it_later(
    linux_host: Linux3270, tmp_path: Path
) -> None:
    typed, seen = "Mothers-Name-9", "typed where it shows"

    async def run() -> None:
        log = SessionLog(tmp_path / "log", "console")
        async with called(an_engine(), linux_host.port, session_log=log) as terminal:
            await sign_on(terminal)
            await wait_for(terminal, PROMPT)
            await enter(terminal, f"stty -echo; read x; stty echo; echo the host has $x and {seen}")
            await terminal.wait_for(lambda grid: grid.status.lock == "" and inputs(terminal)[0].hidden, 60)
            await enter(terminal, typed)
            await wait_for(terminal, f"the host has {typed}")
            await sign_off(terminal)

    asyncio.run(run())
    written = (tmp_path / "log").read_text(encoding="utf-8")
    assert f"the host has {'•' * len(typed)} and {seen}" in written
    assert typed not in written
    assert PASSWORD not in written
    assert USER in written


def test_a_wrong_password_is_refused_by_the_host_and_shown_by_it(linux_host: Linux3270) -> None:
    async def run() -> None:
        async with called(an_engine(), linux_host.port) as terminal:
            await sign_on(terminal, "wrong-" + PASSWORD)
            await wait_for(terminal, "Login incorrect", LOGON)
            assert "wrong-" not in "\n".join(terminal.grid.lines())

    asyncio.run(run())


def test_the_host_is_called_through_tls(linux_host: Linux3270, certificates: Certificates, trusted_ca: Path) -> None:
    async def run() -> None:
        with FaultProxy(linux_host.port, tls=certificates.server) as front:
            async with called(an_engine(), front.port, host="localhost", tls=True, ca_file=trusted_ca) as terminal:
                await wait_for(terminal, LOGON)
                assert terminal.facts.encrypted

    asyncio.run(run())


def test_a_host_that_is_cut_off_in_the_middle_of_a_record_is_said_and_the_screen_stays(linux_host: Linux3270) -> None:
    async def run() -> None:
        with FaultProxy(linux_host.port) as front:
            async with called(an_engine(), front.port) as terminal:
                await wait_for(terminal, LOGON)
                front.set(Cut(40))
                press(terminal, "Enter")
                lost = await terminal.ended()
                assert isinstance(lost, TerminalLineError)
                assert terminal.grid.status.lock == "not-connected"
                assert LOGON in "\n".join(terminal.grid.lines())

    asyncio.run(run())
