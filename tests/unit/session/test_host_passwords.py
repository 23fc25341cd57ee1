"""A password that has expired on a host is changed in its tab; whatever ends the session, the right one is kept."""

from __future__ import annotations

import asyncio
import os
import signal
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.grants.names import CredentialName
from launcher.grants.store import Kept
from launcher.recipes.screens import ScreenFill
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.snapshot import Snapshot
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.keys import Key
from tests.servers import people, unix_host
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench, Running
from tests.unit.session.terminal_bench import left_on, log_off, play
from tests.unit.terminal.hosts import host

NEW = "Next-Pw-2!x"
EXPIRED = (
    t.UNIX_SHELL,
    {"name": "expired", "text": ["Your password has expired"], "means": "change-password"},
)
CHANGE = (
    {
        "name": "current",
        "before_cursor": "Current password:",
        "fill": [{"value": "{password}"}],
        "press": "Enter",
        "next": ["new", "wrong"],
    },
    {
        "name": "new",
        "before_cursor": "New password:",
        "fill": [{"value": "{new_password}"}],
        "press": "Enter",
        "next": ["again", "not-taken"],
    },
    {
        "name": "again",
        "before_cursor": "Retype new password:",
        "fill": [{"value": "{new_password}"}],
        "press": "Enter",
        "next": ["changed", "not-taken"],
    },
    {"name": "changed", "text": ["password updated successfully"], "means": "changed"},
    {  # the host asks again; words of an earlier refusal stay on the screen, and are none of the next one
        "name": "not-taken",
        "text": ["longer password"],
        "before_cursor": "New password:",
        "means": "failed",
        "says": "It is too short.",
    },
    {"name": "wrong", "text": ["password unchanged"], "means": "failed"},
)


OFF = (*t.UNIX_OFF, {"name": "asked", "before_cursor": "password:", "press": "Ctrl+D"})


def station(folder: Path, host: Sshd, own: Credential = t.EXPIRED_OWN) -> Bench:
    spec = {"host": host.host, "line": "ssh", "port": host.port, "sign_on": "password", "begins": ["shell", "expired"]}
    entry = t.terminal(spec, EXPIRED, off=OFF, line_end=True, change=CHANGE)
    return t.bench(folder, {"shell": entry}, {"shell": own}, host.known_hosts)


def is_said(words: str, now: Snapshot) -> bool:
    error = now.launches[0].error
    return error is not None and words in error.what


async def asked_for_new(here: Running) -> None:
    await here.log_on()
    here.send(c.OpenSystem("shell"))
    asked = await here.launch("shell", "needs", "ready", "failed")
    assert (asked.state, asked.needs, asked.error) == ("needs", "new-password", None)


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
            view = here.surfaces.terminals["shell"]
            for prompt, answer in (
                ("Current password:", people.PASSWORD),
                ("New password:", NEW),
                ("Retype new password:", NEW),
            ):
                await here.heard(partial(view.shows, prompt))
                view.feed.type(answer)
                view.feed.press(Key("Enter"))
            ended = await here.launch("shell", "failed")
            assert ended.error is not None
            assert ended.error.reference == "terminal-line-lost"
            here.send(c.RetrySystem("shell"))
            assert (await here.launch("shell", "needs")).needs == "credential"

    play(by_hand)


def test_where_the_host_gives_no_answer_both_are_kept_and_the_new_one_is_tried_first(tmp_path: Path) -> None:
    given: list[str] = []

    async def asked(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, prompt: str) -> str:
        writer.write(f"\r\n{prompt}".encode())
        return (await reader.readuntil(b"\r")).decode("ascii", "ignore").strip("\r\n\0")

    async def plays(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A host that has the new password, and hangs up before it says so; the next caller signs on with it."""
        await asked(reader, writer, "login:")
        given.append(await asked(reader, writer, "Password:"))
        if NEW not in given:
            writer.write(b"\r\nYour password has expired")
            given.append(await asked(reader, writer, "New password:"))
            return
        writer.write(b"\r\npc5678@records:~$ ")
        await reader.readuntil(b"\x04")

    entry_screens = (*t.UNIX_LOGON[:1], {**t.UNIX_LOGON[1], "next": ["shell", "expired"]}, *EXPIRED)
    change = ({**CHANGE[1], "next": ["changed"]}, CHANGE[3])

    async def story() -> None:
        async with host(plays) as port:
            spec = {"host": "127.0.0.1", "line": "telnet", "port": port, "sign_on": "form"}
            entry = t.terminal(spec, entry_screens, off=t.UNIX_OFF, line_end=True, change=change)
            made = await asyncio.to_thread(t.bench, tmp_path, {"shell": entry}, {"shell": t.EXPIRED_OWN})
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


# --- kill -9

BEFORE_IT_HAS_IT = (
    *("before propose", "after propose", "after fill 2", "before press 2", "after press 2"),
    *("after fill 3", "before press 3"),
)
ONCE_IT_HAS_IT = ("before settle", "after settle")


def killed_at(made: Bench, step: str, dies: Callable[[Bench, str], None] | None = None) -> None:
    """Have a password changed in a process of its own, which kills itself with signal 9 at this step."""
    child = os.fork()
    if child == 0:
        try:
            (dies or dying)(made, step)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"it was never killed at {step}"
    assert os.WTERMSIG(status) == signal.SIGKILL


def dying(made: Bench, step: str) -> None:
    def at(name: str) -> None:
        if name == step:
            os.kill(os.getpid(), signal.SIGKILL)

    presses = fills = 0
    propose, settle, fill, press = Grants.propose, Grants.settle, TerminalDriver.fill, TerminalDriver.press

    async def proposing(self: Grants, system: str, current: Credential, new: Secret) -> None:
        at("before propose")
        await propose(self, system, current, new)
        at("after propose")

    async def settling(self: Grants, system: str, *, changed: bool) -> None:
        at("before settle")
        await settle(self, system, changed=changed)
        at("after settle")

    async def filling(self: TerminalDriver, what: ScreenFill, value: Secret, *, hides: bool) -> None:
        nonlocal fills
        fills += 1
        await fill(self, what, value, hides=hides)
        at(f"after fill {fills}")

    async def pressing(self: TerminalDriver, key: str) -> None:
        nonlocal presses
        presses += 1
        at(f"before press {presses}")
        await press(self, key)
        at(f"after press {presses}")

    Grants.propose, Grants.settle = proposing, settling  # type: ignore[method-assign]
    TerminalDriver.fill, TerminalDriver.press = filling, pressing  # type: ignore[method-assign]

    async def change() -> None:
        async with made.session() as here:
            await asked_for_new(here)
            here.send(c.GiveNewPassword("shell", Secret(NEW)))
            await here.launch("shell", "ready", "failed")

    asyncio.run(change())


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
        tried = fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE) - wrong
        assert tried == (0 if pending is None else 1), step


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
    assert fresh_ssh_host.wrong_passwords(unix_host.MUST_CHANGE) == 1
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
