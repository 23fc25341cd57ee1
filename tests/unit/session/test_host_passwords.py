"""A password that has expired on a host is changed in its tab; whatever ends the session, the right one is kept."""

from __future__ import annotations

import asyncio
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.names import CredentialName
from launcher.grants.store import Kept
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.terminal.keys import Key
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench
from tests.unit.session.password_bench import NEW, asked_for_new, changed_by_hand, expiring, is_said, killed_at, station
from tests.unit.session.terminal_bench import left_on, log_off, play
from tests.unit.terminal.hosts import ask, host


def test_the_host_takes_it_and_the_next_session_signs_on_with_it(tmp_path: Path, fresh_ssh_host: Sshd) -> None:
    made = station(tmp_path, fresh_ssh_host)

    async def change() -> None:
        async with made.session() as here:
            await asked_for_new(here)
            for refused, said in (("x", "3 characters or more"), (people.PASSWORD, "the one you have")):
                here.send(c.GiveNewPassword("shell", Secret(refused)))
                now = await here.until(partial(is_said, said))
                assert now.launches[0].needs == "new-password"
            here.send(c.GiveNewPassword("shell", Secret(NEW)))
            # The host ends the line after it, and is called again with the new one.
            await here.launch("shell", "ready")
            assert here.watched.launch_records()[-1].prompts == 0
            await log_off(here)
            assert left_on(here) == []
            assert NEW not in here.watched.everything()

    play(change)
    assert t.kept(made, "shell") == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))


def test_a_host_that_does_not_take_it_says_so_and_the_old_one_is_kept(tmp_path: Path, fresh_ssh_host: Sshd) -> None:
    made = station(tmp_path, fresh_ssh_host)

    async def change() -> None:
        async with made.session() as here:
            await asked_for_new(here)
            here.send(c.GiveNewPassword("shell", Secret("abc")))
            now = await here.until(lambda now: now.launches[0].error is not None)
            refused = now.launches[0]
            assert refused.error is not None
            assert (refused.needs, refused.error.reference) == ("new-password", "host-password-refused")
            assert "It is too short" in refused.error.what
            found = await asyncio.to_thread(t.kept, made, "shell")
            assert found == Kept(t.EXPIRED_OWN, pending=Secret("abc"), pending_refused=True)
            here.send(c.GiveNewPassword("shell", Secret(NEW)))  # the host asks for another, and takes this one
            await here.launch("shell", "ready")

    play(change)
    assert t.kept(made, "shell") == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))


def test_one_that_is_changed_by_hand_is_asked_for_the_next_time(tmp_path: Path, fresh_ssh_host: Sshd) -> None:
    made = station(tmp_path, fresh_ssh_host)

    async def by_hand() -> None:
        async with made.session() as here:
            await asked_for_new(here)
            await changed_by_hand(here, "shell")
            now = await here.until(lambda now: now.launches[0].needs != "new-password")
            (ended,) = now.launches
            assert (ended.state, ended.needs, ended.error) == ("needs", "closed-at-change", None)
            await here.heard(lambda: here.surfaces.terminals["shell"].shows("updated successfully"))
            here.send(c.RetrySystem("shell"))
            await here.until(lambda now: now.launches[0].needs == "credential")
            here.send(c.GiveCredential("shell", unix_host.MUST_CHANGE, Secret(NEW)))
            await here.launch("shell", "ready")
            await log_off(here)
            assert left_on(here) == []

    play(by_hand)
    assert t.kept(made, "shell") == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))


def test_where_the_host_gives_no_answer_both_are_kept_and_the_new_one_is_tried_first(tmp_path: Path) -> None:
    given: list[str] = []

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A host that has the new password, and hangs up before it says so; the next caller signs on with it."""
        await ask(reader, writer, "login:")
        given.append(await ask(reader, writer, "Password:"))
        if NEW not in given:
            writer.write(b"\r\nYour password has expired")
            given.append(await ask(reader, writer, "New password:"))
            return
        writer.write(b"\r\npc5678@records:~$ ")
        await reader.readuntil(b"\x04")

    async def story() -> None:
        async with host(plays) as port:
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": expiring(port)}, {"shell": t.EXPIRED_OWN})
            async with made.session() as here:
                await asked_for_new(here)
                here.send(c.GiveNewPassword("shell", Secret(NEW)))
                lost = await here.launch("shell", "failed")
                assert lost.error is not None
                assert lost.error.reference == "terminal-line-lost"
                found = await asyncio.to_thread(t.kept, made, "shell")
                assert found == Kept(t.EXPIRED_OWN, pending=Secret(NEW))
                here.send(c.RetrySystem("shell"))
                await here.launch("shell", "ready")
                found = await asyncio.to_thread(t.kept, made, "shell")
                assert found == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))
        assert given == [people.PASSWORD, NEW, NEW]

    play(story)


def test_a_refusal_is_said_also_where_the_host_hangs_up_after_it_and_somebody_typed_before(tmp_path: Path) -> None:
    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ask(reader, writer, "login:")
        await ask(reader, writer, "Password:")
        writer.write(b"\r\nYour password has expired")
        await ask(reader, writer, "New password:")
        writer.write(b"\r\npassword unchanged\r\n")

    async def story() -> None:
        async with host(plays) as port:
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": expiring(port)}, {"shell": t.EXPIRED_OWN})
            async with made.session() as here:
                await asked_for_new(here)
                view = here.surfaces.terminals["shell"]
                view.feed.type("x")
                view.feed.press(Key("Backspace"))
                here.send(c.GiveNewPassword("shell", Secret(NEW)))
                ended = await here.launch("shell", "failed")
                assert ended.error is not None
                assert ended.error.reference == "host-password-refused"

    play(story)


# --- kill -9

BEFORE_IT_HAS_IT = (
    *("before propose", "after propose", "after fill 2", "before press 2", "after press 2"),
    *("after fill 3", "before press 3"),
)
ONCE_IT_HAS_IT = ("before settle", "after settle")


def test_killed_before_the_host_has_it_the_old_one_is_kept_and_goes_on(tmp_path: Path, fresh_ssh_host: Sshd) -> None:
    for n, step in enumerate(BEFORE_IT_HAS_IT):
        made = station(tmp_path / str(n), fresh_ssh_host)
        wrong = fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE)
        killed_at(made, step)
        found = t.kept(made, "shell")
        pending = None if step == "before propose" else Secret(NEW)
        assert found == Kept(t.EXPIRED_OWN, pending=pending)

        async def next_session(made: Bench = made, pending: Secret | None = pending) -> None:
            async with made.session() as here:
                await here.log_on()
                here.send(c.OpenSystem("shell"))
                if pending is not None:
                    assert (await here.launch("shell", "failed", "needs")).state == "failed"
                    here.send(c.RetrySystem("shell"))
                await here.until(lambda now: now.launches and now.launches[0].needs == "new-password")

        play(next_session)
        tries = 0 if pending is None else 1
        assert fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE, wrong + tries) == wrong + tries, step


def dying_when_refused(made: Bench, step: str) -> None:
    """Sign on with what is kept, and die once the host has refused it and before that is written down."""

    async def refusing(self: Grants, name: CredentialName, tried: Credential | None = None) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    Grants.refuse = refusing  # type: ignore[method-assign]

    async def open_it() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            await here.launch("shell", "ready", "failed", "needs")

    asyncio.run(open_it())


def test_killed_again_while_the_new_one_is_tried_it_is_not_tried_twice(tmp_path: Path, fresh_ssh_host: Sshd) -> None:
    made = station(tmp_path, fresh_ssh_host)
    killed_at(made, "after propose")
    killed_at(made, "when it is refused", dying_when_refused)
    assert fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE, 1) == 1
    assert t.kept(made, "shell") == Kept(t.EXPIRED_OWN, pending=Secret(NEW), pending_refused=True)

    async def next_session() -> None:
        async with made.session() as here:
            await asked_for_new(here)

    play(next_session)
    assert fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE) == 1


def test_killed_while_the_host_takes_it_either_one_is_kept_and_one_wrong_try_is_the_most(
    tmp_path: Path, fresh_ssh_host: Sshd
) -> None:
    """The host may have been as quick as the signal, or not."""
    made = station(tmp_path, fresh_ssh_host)
    killed_at(made, "after press 3")
    assert fresh_ssh_host.hung_up()
    assert t.kept(made, "shell") == Kept(t.EXPIRED_OWN, pending=Secret(NEW))

    async def next_session() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            if (await here.launch("shell", "ready", "failed")).state == "failed":
                here.send(c.RetrySystem("shell"))
                await here.until(lambda now: now.launches and now.launches[0].needs == "new-password")
                here.send(c.GiveNewPassword("shell", Secret(NEW)))
                await here.launch("shell", "ready")
            await log_off(here)

    play(next_session)
    assert t.kept(made, "shell") == Kept(Credential(unix_host.MUST_CHANGE, Secret(NEW)))
    assert fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE) <= 1


@pytest.mark.parametrize("step", ONCE_IT_HAS_IT)
def test_killed_once_the_host_has_it_the_new_one_is_kept_and_tried_first(
    tmp_path: Path, fresh_ssh_host: Sshd, step: str
) -> None:
    made = station(tmp_path, fresh_ssh_host)
    killed_at(made, step)
    new = Credential(unix_host.MUST_CHANGE, Secret(NEW))
    assert t.kept(made, "shell") == (Kept(new) if step == "after settle" else Kept(t.EXPIRED_OWN, pending=Secret(NEW)))

    async def next_session() -> None:
        async with made.session() as here:
            await here.log_on()
            here.send(c.OpenSystem("shell"))
            ready = await here.launch("shell", "ready", "failed", "needs")
            assert ready.state == "ready"
            await log_off(here)

    play(next_session)
    assert t.kept(made, "shell") == Kept(new)
    assert fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE) == 0
