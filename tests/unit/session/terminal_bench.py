"""Entries of real hosts with terminals, and sessions that open them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.grants.store import Kept
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.wire import messages as m
from tests.servers import host_screens as h
from tests.servers import linux3270, mocker3270, people, unix_host
from tests.servers.fault_proxy import FaultProxy
from tests.servers.host_screens import Table
from tests.servers.linux3270 import Linux3270
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.session.bench import NAME, Bench, Running

OFFICER = OfficerId("local", f"id-{NAME}")

MOCKER = (
    {
        "name": "logon",
        "at": [{"text": "USER ID", "row": 10, "column": 20}],
        "fill": [
            {"label": "USER ID", "value": "{username}"},
            {"label": "PASSWORD", "hidden": True, "value": "{password}"},
        ],
        "press": "Enter",
        "next": ["menu", "refused"],
    },
    {"name": "menu", "at": [{"text": "MAIN MENU", "row": 1}], "means": "ready"},
    {"name": "refused", "text": ["PASSWORD IS INCORRECT"], "means": "failed", "says_row": 23},
)
MOCKER_OFF = h.MOCKER_OFF
SHELL = h.CONSOLE_SHELL
CONSOLE = (
    {  # what getty wrote before anybody called is not shown to who calls: it writes it again when it is asked
        "name": "blank",
        "text": ["Running"],
        "absent": [h.CONSOLE_PROMPT, SHELL],
        "press": "Enter",
        "next": ["login"],
    },
    *h.CONSOLE_LOGON,
    h.REFUSED,
)
CONSOLE_OFF = h.CONSOLE_OFF
UNIX_SHELL = {"name": "shell", "before_cursor": "$ ", "means": "ready"}
UNIX_LOGON = (*h.UNIX_PROMPTS, UNIX_SHELL, h.REFUSED)
UNIX_OFF = ({"name": "shell", "before_cursor": "$ ", "press": "Ctrl+D"},)


def toml(value: object) -> str:
    """Write a value in one line."""
    match value:
        case Mapping():
            return "{ " + ", ".join(f"{key} = {toml(one)}" for key, one in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return json.dumps(value)


def tables(name: str, written: Iterable[Table]) -> str:
    return "".join(
        f"[[{name}]]\n" + "".join(f"{key} = {toml(one)}\n" for key, one in table.items()) for table in written
    )


def terminal(
    spec: Table,
    screens: Iterable[Table],
    *,
    off: Iterable[Table] = (),
    off_within_s: float = 20.0,
    line_end: bool = False,
    change: Iterable[Table] = (),
    within_s: float = 30.0,
    more: str = "",
) -> str:
    """An entry; ``spec`` is its own table."""
    text = f'name = "A host"\nkind = "terminal"\nwithin_s = {within_s}\n{more}[terminal]\n'
    text += "".join(f"{key} = {toml(value)}\n" for key, value in spec.items())
    if off:
        text += f"[terminal.sign_off]\nwithin_s = {off_within_s}\nline_end = {toml(line_end)}\n"
        text += tables("terminal.sign_off.screen", off)
    if change:
        text += "[terminal.change_password]\nshortest = 3\n" + tables("terminal.change_password.screen", change)
    return text + tables("screen", screens)


def tn3270(port: int, code_page: str) -> Table:
    return {
        "host": "127.0.0.1", "line": "tn3270", "port": port, "tls": False, "sign_on": "form", "code_page": code_page,
    }  # fmt: skip


def mocker(host: Mocker3270 | FaultProxy, *, off: Iterable[Table] = MOCKER_OFF, off_within_s: float = 20.0) -> str:
    return terminal(tn3270(host.port, mocker3270.CODE_PAGE), MOCKER, off=off, off_within_s=off_within_s)


def console(host: Linux3270) -> str:
    spec = {**tn3270(host.port, linux3270.CODE_PAGE), "begins": ["login", "blank"]}
    return terminal(spec, CONSOLE, off=CONSOLE_OFF)


def ssh(host: Sshd, *, screens: Iterable[Table] = (UNIX_SHELL,), change: Iterable[Table] = ()) -> str:
    spec = {"host": host.host, "line": "ssh", "port": host.port, "sign_on": "password"}
    return terminal(spec, screens, off=UNIX_OFF, line_end=True, change=change)


def telnet(host: Telnetd) -> str:
    spec = {"host": host.host, "line": "telnet", "port": host.port, "sign_on": "form"}
    return terminal(spec, UNIX_LOGON, off=UNIX_OFF, line_end=True)


CONSOLE_OWN = Credential(linux3270.USER, Secret(linux3270.PASSWORD))
MOCKER_OWN = Credential(mocker3270.USER, Secret(mocker3270.PASSWORD))
UNIX_OWN = Credential(unix_host.USER, Secret(people.PASSWORD))
EXPIRED_OWN = Credential(unix_host.MUST_CHANGE, Secret(people.PASSWORD))


def bench(
    folder: Path, entries: Mapping[str, str], own: Mapping[str, Credential], known_hosts: str = "", limits: str = ""
) -> Bench:
    """A station with these entries, whose officer's names and passwords for them are kept already."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "known_hosts").write_text(known_hosts)
    policy = f'\n[terminals]\nknown_hosts = "{folder / "known_hosts"}"\n'
    made = Bench(folder / "bench", entries, limits=limits + policy)

    async def keep() -> None:
        store = credential_store("file", made.where.state)
        for system, credential in own.items():
            await store.put(OFFICER, system, credential)

    asyncio.run(keep())
    return made


def kept(made: Bench, system: str) -> Kept | None:
    """What is kept for a system, as the next session will read it."""
    return asyncio.run(credential_store("file", made.where.state).get(OFFICER, system))


def play(story: Callable[[], Awaitable[None]]) -> None:
    async def walk() -> None:
        await story()

    asyncio.run(walk())


async def opened(here: Running, system: str) -> None:
    """Log on and have a system ready."""
    await here.log_on()
    here.send(c.OpenSystem(system))
    ready = await here.launch(system, "ready", "failed")
    assert (ready.state, ready.error) == ("ready", None)


def left_on(here: Running) -> list[str]:
    return [where for one in here.watched.of(m.LeftSignedOn) for where in one.systems]


def said_with_its_line(where: list[str], port: int) -> bool:
    """Whether one host is named, with the LU that it gave the line."""
    return len(where) == 1 and re.fullmatch(rf"A host \(127\.0\.0\.1:{port}, LU DEMO\d+\)", where[0]) is not None


def nothing_open(here: Running) -> bool:
    return not here.surfaces.terminals


async def log_off(here: Running) -> None:
    here.send(c.LogOff(confirmed=True))
    await here.ended()


@asynccontextmanager
async def forms_behind_a_proxy(
    folder: Path, host: Mocker3270, *, off_within_s: float = 20.0, limits: str = ""
) -> AsyncIterator[tuple[FaultProxy, Running]]:
    """A session with the host of forms ready, and what stands between the two and takes faults."""
    with FaultProxy(host.port) as front:
        entry = mocker(front, off_within_s=off_within_s)
        made = await asyncio.to_thread(bench, folder, {"forms": entry}, {"forms": MOCKER_OWN}, limits=limits)
        async with made.session() as here:
            await opened(here, "forms")
            yield front, here
