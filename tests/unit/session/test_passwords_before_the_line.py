"""A host that wants a new password before it gives a line: its questions are answered, and the right one is kept."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import asyncssh
import pytest

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from tests.servers import unix_host
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.password_bench import NEW, asked_for_new, is_said, killed_at, station
from tests.unit.session.terminal_bench import left_on, log_off, play

CHANGED = Credential(unix_host.MUST_CHANGE, Secret(NEW))


def test_its_questions_are_answered_with_what_the_officer_gives_and_that_is_kept(
    tmp_path: Path, asking_ssh_host: Sshd
) -> None:
    made = station(tmp_path, asking_ssh_host)

    async def change() -> None:
        async with made.session() as here:
            await asked_for_new(here)
            assert here.surfaces.terminals == {}
            for refused, said in (("x", "3 characters or more"), ("abc", "longer password")):
                here.send(c.GiveNewPassword("shell", Secret(refused)))
                now = await here.until(partial(is_said, said))
                assert now.launches[0].needs == "new-password"
            found = await asyncio.to_thread(t.kept, made, "shell")
            assert found == Kept(t.EXPIRED_OWN, pending=Secret("abc"), pending_refused=True)
            here.send(c.GiveNewPassword("shell", Secret(NEW)))
            ready = await here.launch("shell", "ready", "failed")
            assert (ready.state, ready.error) == ("ready", None)
            await log_off(here)
            assert left_on(here) == []
            assert NEW not in here.watched.everything()

    play(change)
    assert t.kept(made, "shell") == Kept(CHANGED)
    assert asking_ssh_host.wrong_passwords(unix_host.MUST_CHANGE) == 0

    async def next_session() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            assert (await here.launch("shell", "ready", "failed", "needs")).state == "ready"

    play(next_session)


def test_where_no_new_one_can_be_given_it_is_said_and_the_old_one_is_not_marked(
    tmp_path: Path, asking_ssh_host: Sshd
) -> None:
    made = t.bench(tmp_path, {"shell": t.ssh(asking_ssh_host)}, {"shell": t.EXPIRED_OWN}, asking_ssh_host.known_hosts)

    async def story() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            failed = await here.launch("shell", "failed", "ready")
            assert failed.error is not None
            assert failed.error.reference == "terminal-password-expired"
            await log_off(here)
            assert left_on(here) == []

    play(story)
    assert t.kept(made, "shell") == Kept(t.EXPIRED_OWN)


class HangsUp(asyncssh.SSHServer):
    """Closes the line as soon as it has a password."""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._connection.abort()
        return False


def test_a_pending_one_that_was_given_before_the_line_was_cut_is_not_given_a_second_time(tmp_path: Path) -> None:
    async def story() -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        async with await asyncssh.create_server(HangsUp, "127.0.0.1", 0, server_host_keys=[key]) as server:
            port = server.sockets[0].getsockname()[1]
            known = f"[127.0.0.1]:{port} {key.export_public_key().decode()}"
            spec = {"host": "127.0.0.1", "line": "ssh", "port": port, "sign_on": "password"}
            entries = {"shell": t.terminal(spec, (t.UNIX_SHELL,))}
            made = await asyncio.to_thread(t.bench, tmp_path, entries, {"shell": t.EXPIRED_OWN}, known)
            await credential_store("file", made.where.state).propose(t.OFFICER, "shell", t.EXPIRED_OWN, Secret(NEW))
            async with made.session() as here:
                await here.log_on()
                here.send(c.OpenSystem("shell"))
                await here.launch("shell", "failed")
            found = await asyncio.to_thread(t.kept, made, "shell")
            assert found == Kept(t.EXPIRED_OWN, pending=Secret(NEW), pending_refused=True)

    play(story)


@pytest.mark.parametrize("step", ["before propose", "after propose", "before settle", "after settle"])
def test_killed_at_any_step_no_password_is_lost_and_none_is_tried_twice(
    tmp_path: Path, asking_ssh_host: Sshd, step: str
) -> None:
    made = station(tmp_path, asking_ssh_host)
    killed_at(made, step)
    has_it = "settle" in step
    pending = None if step in ("before propose", "after settle") else Secret(NEW)
    assert t.kept(made, "shell") == Kept(CHANGED if step == "after settle" else t.EXPIRED_OWN, pending=pending)

    async def next_session() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            if pending is not None and not has_it:
                assert (await here.launch("shell", "failed", "needs", "ready")).state == "failed"
                here.send(c.RetrySystem("shell"))
            if not has_it:
                await here.until(lambda now: now.launches and now.launches[0].needs == "new-password")
                here.send(c.GiveNewPassword("shell", Secret(NEW)))
            assert (await here.launch("shell", "ready")).state == "ready"

    play(next_session)
    assert t.kept(made, "shell") == Kept(CHANGED)
    tries = 1 if step == "after propose" else 0
    assert asking_ssh_host.wrong_passwords(unix_host.MUST_CHANGE, tries) == tries
