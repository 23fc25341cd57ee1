"""What says nothing against a password leaves it as it is, and no line is lost on the way to it."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import asyncssh
import pytest

from launcher.connectors.plan import CredentialName, LaunchPlan, TerminalTarget
from launcher.grants.held import Grants
from launcher.grants.store import Kept
from launcher.recipes.steps import Recipe
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.openers.host_call import call_host
from launcher.session.snapshot import Snapshot
from launcher.terminal.errors import TerminalSignInRefusedError
from launcher.wire import messages as m
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.password_bench import NEW, asked_for_new, expiring
from tests.unit.session.terminal_bench import left_on, log_off, nothing_open, opened, play
from tests.unit.terminal.hosts import ask, host


def refused(now: Snapshot) -> bool:
    return bool(now.launches) and now.launches[0].error is not None


def test_a_change_that_never_came_to_the_new_one_is_said_so_and_marks_nothing(tmp_path: Path) -> None:
    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ask(reader, writer, "login:")
        await ask(reader, writer, "Password:")
        writer.write(b"\r\nYour password has expired. Nothing more is said.")
        await reader.read()

    async def story() -> None:
        async with host(plays) as port:
            entry = expiring(port, off_within_s=0.2)
            entry = entry.replace("[terminal.change_password]\n", "[terminal.change_password]\nwithin_s = 0.3\n")
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": entry}, {"shell": t.EXPIRED_OWN})
            async with made.session() as here:
                await asked_for_new(here)
                here.send(c.GiveNewPassword("shell", Secret(NEW)))
                error = (await here.until(refused)).launches[0].error
                assert error is not None
                assert "was not given this password" in error.what
                assert await asyncio.to_thread(t.kept, made, "shell") == Kept(t.EXPIRED_OWN)

    play(story)


def test_a_password_that_its_field_does_not_hold_is_asked_for_anew_and_the_host_has_heard_nothing(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {})

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("forms"))
            await here.launch("forms", "needs")
            here.send(c.GiveCredential("forms", t.MOCKER_OWN.user_name, Secret("LONGER THAN IT")))
            error = (await here.launch("forms", "failed")).error
            assert error is not None
            assert error.reference == "terminal-field-refused"
            assert "Check your name and password" in error.next_step
            here.send(c.RetrySystem("forms"))
            assert (await here.launch("forms", "needs")).needs == "credential"
            here.send(c.GiveCredential("forms", t.MOCKER_OWN.user_name, t.MOCKER_OWN.password))
            await here.launch("forms", "ready")
            await log_off(here)
            assert left_on(here) == []

    play(story)
    assert t.kept(made, "forms") == Kept(t.MOCKER_OWN)


class KeysOnly(asyncssh.SSHServer):
    """A host that takes no passwords."""

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return False

    def public_key_auth_supported(self) -> bool:
        return True


def test_a_host_that_takes_no_password_has_refused_none(tmp_path: Path) -> None:
    async def story() -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        server = await asyncssh.listen(
            "127.0.0.1", 0, server_factory=KeysOnly, server_host_keys=[key], kbdint_auth=False, password_auth=False
        )
        port = server.sockets[0].getsockname()[1]
        spec = {"host": "127.0.0.1", "line": "ssh", "port": port, "sign_on": "password"}
        known = f"[127.0.0.1]:{port} {key.export_public_key().decode()}"
        entry = t.terminal(spec, (t.UNIX_SHELL,))
        made = await asyncio.to_thread(t.bench, tmp_path, {"shell": entry}, {"shell": t.UNIX_OWN}, known)
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            error = (await here.launch("shell", "failed")).error
            assert error is not None
            assert error.reference == "terminal-logon-refused"
            assert await asyncio.to_thread(t.kept, made, "shell") == Kept(t.UNIX_OWN)
        server.close()
        await server.wait_closed()

    play(story)


def test_a_tab_that_is_closed_while_its_password_is_noted_is_signed_off(
    tmp_path: Path, ssh_host: Sshd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow disk: the host has let the officer in, and the tab is closed before that is written down."""
    made = t.bench(tmp_path, {"shell": t.ssh(ssh_host)}, {"shell": t.UNIX_OWN}, ssh_host.known_hosts)
    noting = asyncio.Event()

    async def never(self: Grants, system: str, worked: object = None) -> bool:
        noting.set()
        await asyncio.Event().wait()
        return True

    monkeypatch.setattr(Grants, "remember", never)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            await noting.wait()
            here.send(c.CloseSystem("shell"))
            await here.until(lambda now: not now.launches)
            await log_off(here)
            assert left_on(here) == []
            told = [len(one.systems) for one in here.watched.of(m.SignedOnAt)]
            assert 1 in told, "it was signed on"
            assert told[-1] == 0

    play(story)


def test_a_tab_that_is_being_closed_when_the_officer_logs_off_is_signed_off(
    tmp_path: Path, mocker_host: Mocker3270
) -> None:
    made = t.bench(tmp_path, {"forms": t.mocker(mocker_host)}, {"forms": t.MOCKER_OWN})

    async def story() -> None:
        async with made.session() as here:
            await opened(here, "forms")
            here.send(c.CloseSystem("forms"), c.LogOff(confirmed=True))
            await here.ended()
            assert left_on(here) == []
            assert nothing_open(here)

    play(story)


def test_a_key_file_that_never_begins_is_no_key(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "key")
    target = TerminalTarget("ssh", "127.0.0.1", 1, key_file=str(tmp_path / "key"), user="x")
    plan = LaunchPlan(
        "shell", "Shell", "terminal", "key", target, Recipe(), (), (CredentialName("shell", "store"),), 10.0
    )
    with pytest.raises(TerminalSignInRefusedError, match="cannot be read"):
        asyncio.run(call_host(plan, target, t.UNIX_OWN))
