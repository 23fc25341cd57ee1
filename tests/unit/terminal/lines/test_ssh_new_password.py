"""A host that wants a new password by SSH's own message (RFC 4252, 8): asyncssh's server, over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncssh
import pytest

from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.terminal.errors import (
    NewPasswordNotTakenError,
    SignInCutError,
    TerminalPasswordExpiredError,
    TerminalSignInRefusedError,
)
from launcher.terminal.line import NewPassword
from launcher.terminal.lines.ssh import Password, SshLine, open_ssh
from tests.unit.terminal.hosts import WITHIN_S

OLD, NEW, SHORT = "Old-Pw-1", "Next-Pw-2", "abc"


class Host(asyncssh.SSHServer):
    """Takes the old password for what has expired, and a new one that is long enough; or hangs up when given it."""

    hangs_up = False
    asked: list[str]
    password = OLD

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        type(self).asked.append(password)
        if password == OLD == type(self).password:
            raise asyncssh.PasswordChangeRequired("Your password has expired.")
        return password == type(self).password

    def change_password(self, username: str, old_password: str, new_password: str) -> bool:
        type(self).asked.append(new_password)
        if self.hangs_up:
            type(self).password = new_password
            self._connection.abort()
        if len(new_password) < 8:
            raise asyncssh.PasswordChangeRequired("That is too short.\nAnother one:")
        type(self).password = new_password
        return old_password == OLD


@asynccontextmanager
async def host(*, hangs_up: bool = False) -> AsyncIterator[tuple[int, str, type[Host]]]:
    """The port of such a host, the line of its key, and what it was asked."""
    served = type("Served", (Host,), {"asked": [], "hangs_up": hangs_up})
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = await asyncssh.create_server(
        served, "127.0.0.1", 0, server_host_keys=[key], process_factory=lambda process: process.exit(0)
    )
    port = server.sockets[0].getsockname()[1]
    try:
        yield port, f"[127.0.0.1]:{port} {key.export_public_key().decode()}", served
    finally:
        server.close()
        await server.wait_closed()


async def call(port: int, known: str, password: str, new: NewPassword | None = None) -> SshLine:
    return await open_ssh("127.0.0.1", port, "pc1234", Password(Secret(password), new), known, rows=24, columns=80)


def run(story: object) -> None:
    async def walk() -> None:
        async with asyncio.timeout(WITHIN_S * 2):
            await story  # type: ignore[misc]

    asyncio.run(walk())


class Kept:
    """Keeps a new password, or cannot; ``before`` is what the host had been given by then."""

    def __init__(self, served: type[Host], fault: LauncherError | None = None) -> None:
        self._served = served
        self._fault = fault
        self.before: list[list[str]] = []

    async def keep(self) -> None:
        self.before.append(list(self._served.asked))
        if self._fault is not None:
            raise self._fault


class NeverAShell(asyncssh.SSHServer):
    """Lets everybody in, and never gives a shell."""

    asked: asyncio.Event
    gone: asyncio.Event

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return True

    async def session_requested(self) -> bool:  # type: ignore[override] # the library waits for it as well
        type(self).asked.set()
        await type(self).gone.wait()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        type(self).gone.set()


def test_who_gives_up_while_a_shell_is_waited_for_leaves_no_connection() -> None:
    async def story() -> None:
        served = type("Served", (NeverAShell,), {"asked": asyncio.Event(), "gone": asyncio.Event()})
        key = asyncssh.generate_private_key("ssh-ed25519")
        server = await asyncssh.create_server(served, "127.0.0.1", 0, server_host_keys=[key])
        port = server.sockets[0].getsockname()[1]
        known = f"[127.0.0.1]:{port} {key.export_public_key().decode()}"
        calling = asyncio.create_task(call(port, known, OLD))
        await served.asked.wait()
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        await served.gone.wait()
        server.close()
        await server.wait_closed()

    run(story())


def test_it_is_given_once_it_is_kept_and_the_line_that_comes_has_taken_it() -> None:
    async def story() -> None:
        async with host() as (port, known, served):
            kept = Kept(served)
            line = await call(port, known, OLD, NewPassword(Secret(NEW), kept.keep))
            await line.close()
            assert kept.before == [[OLD]]
            assert served.asked == [OLD, NEW]
            await (await call(port, known, NEW)).close()

    run(story())


def test_a_host_that_asks_again_has_refused_it_and_is_given_it_once() -> None:
    async def story() -> None:
        async with host() as (port, known, served):
            kept = Kept(served)
            with pytest.raises(NewPasswordNotTakenError) as said:
                await call(port, known, OLD, NewPassword(Secret(SHORT), kept.keep))
            assert said.value.detail == "That is too short."
            assert served.asked == [OLD, SHORT]
            assert len(kept.before) == 1

    run(story())


def test_without_one_to_give_it_is_said_and_is_no_refusal_of_the_old_one() -> None:
    async def story() -> None:
        async with host() as (port, known, served):
            with pytest.raises(TerminalPasswordExpiredError) as said:
                await call(port, known, OLD)
            assert not isinstance(said.value, NewPasswordNotTakenError)
            assert said.value.reference == "terminal-password-expired"
            assert served.asked == [OLD]
            with pytest.raises(TerminalSignInRefusedError):
                await call(port, known, "wrong")

    run(story())


def test_one_that_cannot_be_kept_is_not_given() -> None:
    async def story() -> None:
        async with host() as (port, known, served):
            kept = Kept(served, LauncherError("The disk is full."))
            with pytest.raises(LauncherError, match="The disk is full"):
                await call(port, known, OLD, NewPassword(Secret(NEW), kept.keep))
            assert served.asked == [OLD]

    run(story())


def test_a_host_that_hangs_up_once_it_has_it_has_neither_taken_nor_refused_it() -> None:
    async def story() -> None:
        async with host(hangs_up=True) as (port, known, served):
            kept = Kept(served)
            with pytest.raises(SignInCutError):
                await call(port, known, OLD, NewPassword(Secret(NEW), kept.keep))
            assert served.asked == [OLD, NEW]
            assert len(kept.before) == 1

    run(story())
