"""Hosts on which a password has expired and is changed, sessions that change it, and such as are killed at it."""

from __future__ import annotations

import asyncio
import os
import signal
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.held import Grants
from launcher.recipes.screens import ScreenFill
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.snapshot import Snapshot
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.keys import Key
from tests.servers import host_screens as h
from tests.servers import people
from tests.servers.sshd import Sshd
from tests.unit.session import terminal_bench as t
from tests.unit.session.bench import Bench, Running

NEW = "Next-Pw-2!x"
EXPIRED = (t.UNIX_SHELL, h.EXPIRED)
CHANGE = (
    *h.CHANGE_PROMPTS,
    h.CHANGED,
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


def expiring(port: int, *, off: Iterable[t.Table] = t.UNIX_OFF, off_within_s: float = 20.0) -> str:
    """An entry of a small telnet host that asks for a name and a password, and then for a new one, once."""
    spec = {"host": "127.0.0.1", "line": "telnet", "port": port, "sign_on": "form"}
    screens = (*t.UNIX_LOGON[:1], {**t.UNIX_LOGON[1], "next": ["shell", "expired"]}, *EXPIRED)
    change = ({**CHANGE[1], "next": ["changed", "wrong"]}, CHANGE[3], CHANGE[5])
    return t.terminal(spec, screens, off=off, off_within_s=off_within_s, line_end=True, change=change)


def is_said(words: str, now: Snapshot) -> bool:
    error = now.launches[0].error
    return error is not None and words in error.what


async def asked_for_new(here: Running, system: str = "shell") -> None:
    """Log on, open a system, and be asked for a new password."""
    await here.log_on()
    here.send(c.OpenSystem(system))
    asked = await here.launch(system, "needs", "ready", "failed")
    assert (asked.state, asked.needs, asked.error) == ("needs", "new-password", None)


async def changed_by_hand(here: Running, system: str) -> None:
    """Answer the host's own questions in the tab."""
    view = here.surfaces.terminals[system]
    answers = (("Current password:", people.PASSWORD), ("New password:", NEW), ("Retype new password:", NEW))
    for prompt, answer in answers:
        await here.heard(partial(view.shows, prompt))
        view.feed.type(answer)
        view.feed.press(Key("Enter"))


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
