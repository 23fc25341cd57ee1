"""Entries of real hosts with terminals, and sessions that open them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.grants.store import Kept
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from tests.servers import linux3270, mocker3270, people, unix_host
from tests.servers.linux3270 import Linux3270
from tests.servers.mocker3270 import Mocker3270
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.unit.session.bench import NAME, Bench

Table = Mapping[str, object]
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
MOCKER_OFF = (
    {"name": "anything", "press": "PF3", "next": ["anything", "thanks"]},
    {"name": "thanks", "text": ["THANK YOU FOR USING"], "unlocked": False, "means": "logon"},
)
LOGIN = f"{linux3270.HOST_NAME} login:"
SHELL = "~ $"
CONSOLE = (
    {  # what getty wrote before anybody called is not shown to who calls: it writes it again when it is asked
        "name": "blank",
        "text": ["Running"],
        "absent": [LOGIN, SHELL],
        "press": "Enter",
        "next": ["login"],
    },
    {
        "name": "login",
        "text": [LOGIN],
        "absent": ["Password:"],
        "fill": [{"input": 1, "value": "{username}"}],
        "press": "Enter",
        "next": ["password"],
    },
    {
        "name": "password",
        "text": ["Password:"],
        "hidden_inputs": 1,
        "fill": [{"hidden": True, "value": "{password}"}],
        "press": "Enter",
        "next": ["shell", "refused"],
    },
    {"name": "shell", "text": [SHELL], "means": "ready"},
    {"name": "refused", "text": ["Login incorrect"], "means": "failed"},
)
CONSOLE_OFF = (
    {"name": "login", "text": [LOGIN], "absent": [SHELL], "means": "logon"},
    {
        "name": "shell",
        "text": [SHELL],
        "fill": [{"input": 1, "value": "exit"}],
        "press": "Enter",
        "next": ["login"],
    },
)
UNIX_SHELL = {"name": "shell", "before_cursor": "$ ", "means": "ready"}
UNIX_LOGON = (
    {
        "name": "login",
        "before_cursor": "login:",
        "fill": [{"value": "{username}"}],
        "press": "Enter",
        "next": ["password"],
    },
    {
        "name": "password",
        "before_cursor": "Password:",
        "fill": [{"value": "{password}"}],
        "press": "Enter",
        "next": ["shell", "refused"],
    },
    UNIX_SHELL,
    {"name": "refused", "text": ["Login incorrect"], "means": "failed"},
)
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


def mocker(host: Mocker3270, *, off: Iterable[Table] = MOCKER_OFF) -> str:
    return terminal(tn3270(host.port, mocker3270.CODE_PAGE), MOCKER, off=off)


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
