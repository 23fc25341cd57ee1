"""Calls a host as a plan says: the engine of its kind on a new line.

The libraries for lines and engines are loaded with the first of each kind, never on the loop.
"""

from __future__ import annotations

import asyncio
import logging
import os
import stat
import time
from collections.abc import Collection, Mapping
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.connectors.plan import LaunchPlan, TerminalLine, TerminalTarget
from launcher.grants.credential import Credential
from launcher.secret import Secret
from launcher.session.openers.terminal import HostTerminal
from launcher.sign_on.outcome import ValueMissingError
from launcher.terminal.engine import Engine
from launcher.terminal.errors import TerminalSignInRefusedError
from launcher.terminal.line import Line, NewPassword
from launcher.terminal.log_thread import LogThread
from launcher.terminal.session_log import SessionLog
from launcher.terminal.terminal import Terminal

if TYPE_CHECKING:
    from launcher.terminal.lines.ssh import Proof

_CHOICE: Final = "launcher.terminal.vt.choice"
_MODULES: Final[Mapping[TerminalLine, tuple[str, ...]]] = {
    "tn3270": ("launcher.terminal.tn3270.engine", "launcher.terminal.lines.tcp"),
    "ssh": (_CHOICE, "launcher.terminal.lines.ssh"),
    "telnet": (_CHOICE, "launcher.terminal.lines.telnet"),
}
_FILE: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_LARGEST_BYTES: Final = 1024 * 1024

_LOGS: Final = count(1)
_log = logging.getLogger(__name__)


def modules_for(lines: Collection[TerminalLine]) -> tuple[str, ...]:
    """Return the modules for lines and engines of these kinds, each once; whoever has time may load them ahead."""
    return tuple(dict.fromkeys(module for line, modules in _MODULES.items() if line in lines for module in modules))


async def load(module: str) -> None:
    """Load one of them, and the engine itself with the one that chooses between two; never on the loop."""
    loaded = await asyncio.to_thread(import_module, module)
    if module == _CHOICE:
        await asyncio.to_thread(loaded.vt_choice)


async def call_host(
    plan: LaunchPlan,
    target: TerminalTarget,
    credential: Credential | None,
    new: NewPassword | None = None,
    *,
    officer: str = "",
) -> HostTerminal:
    """Make a session's terminal on a new line, and the log of the officer's screens, where the policy wants one.

    ``new`` is for a host that wants a new password before it gives a line.

    Raises :class:`LauncherError` of ``launcher.terminal.errors``, and what the keeping of a new password raises.
    """
    return HostTerminal(plan, target, await call_terminal(plan, target, credential, new, officer=officer))


async def call_terminal(
    plan: LaunchPlan,
    target: TerminalTarget,
    credential: Credential | None,
    new: NewPassword | None = None,
    *,
    officer: str | None = None,
) -> Terminal[Engine]:
    """Make a terminal on a new line to its host; see :func:`call_host`. ``officer``: None keeps no log."""
    for module in _MODULES[target.line]:
        await load(module)
    engine = _engine(target)
    line = await _line(plan, target, credential, new)
    try:
        terminal = Terminal(engine, line, session_log=_session_log(plan, target, officer))
        if credential is not None:
            terminal.hide(credential.password)  # also where SSH was given it, and no screen was
        if new is not None:
            terminal.hide(new.secret)
        return terminal
    except BaseException:
        await line.close()
        raise


def _engine(target: TerminalTarget) -> Engine:
    if target.line == "tn3270":
        from launcher.terminal.tn3270.engine import Tn3270Engine
        from launcher.terminal.tn3270.models import Display

        return Tn3270Engine(Display(target.model), code_page_name=target.code_page, lu_names=target.lu_names)
    from launcher.terminal.vt.choice import vt_engine

    return vt_engine(target.rows, target.columns, scroll_back_rows=target.scroll_back_rows)


async def _line(
    plan: LaunchPlan, target: TerminalTarget, credential: Credential | None, new: NewPassword | None
) -> Line:
    if target.line == "tn3270":
        from launcher.terminal.lines.tcp import open_tcp

        return await open_tcp(target.host, target.port, tls=target.tls, ca_file=target.ca_file)
    if target.line == "telnet":
        from launcher.terminal.lines.telnet import open_telnet

        return await open_telnet(
            target.host,
            target.port,
            allowed=target.in_clear,
            rows=target.rows,
            columns=target.columns,
            term=target.term,
            encoding=target.encoding,
        )
    from launcher.terminal.lines.ssh import open_ssh

    name = target.user or (credential.user_name if credential is not None else "")
    if not name:
        raise ValueMissingError("The host needs a name to sign on with, and there is none.")
    return await open_ssh(
        target.host,
        target.port,
        name,
        await _proof(plan, target, credential, new),
        await asyncio.to_thread(_text, target.known_hosts) if target.known_hosts is not None else "",
        rows=target.rows,
        columns=target.columns,
        term=target.term,
        encoding=target.encoding,
    )


async def _proof(
    plan: LaunchPlan, target: TerminalTarget, credential: Credential | None, new: NewPassword | None
) -> Proof:
    from launcher.terminal.lines.ssh import Password, PrivateKey, Ticket

    match plan.sign_on:
        case "key":
            name = credential.user_name if credential is not None else ""
            if "/" in name or name in {".", ".."}:
                raise TerminalSignInRefusedError("Your name for this system is not one that has a key.")
            file = Path(target.key_file.replace("{username}", name))
            text = await asyncio.to_thread(_text, file)
            if not text:
                raise TerminalSignInRefusedError("Your key for this system cannot be read.")
            return PrivateKey(Secret(text))
        case "ticket":
            return Ticket(target.tickets)
        case _:
            if credential is None:
                raise ValueMissingError("The host needs a password to sign on with, and there is none.")
            return Password(credential.password, new)


def _text(file: Path) -> str:
    """Read a small file of text; one that cannot be read is empty, and the line says what is missing then."""
    try:
        descriptor = os.open(file, _FILE)
        with os.fdopen(descriptor, encoding="utf-8", errors="replace") as opened:
            # An entry may name what never ends, or never begins: a pipe, a device.
            return opened.read(_LARGEST_BYTES) if stat.S_ISREG(os.fstat(descriptor).st_mode) else ""
    except OSError as fault:
        _log.warning("a file of a terminal's entry cannot be read: %s", fault.strerror)
        return ""


def _session_log(plan: LaunchPlan, target: TerminalTarget, officer: str | None) -> LogThread | None:
    """Begin the log that the policy wants."""
    if target.session_logs is None or officer is None:
        return None
    began = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = f"{began}-{os.getpid()}-{next(_LOGS)}-{plan.system}.txt"
    return LogThread(partial(SessionLog, target.session_logs / name, f"{plan.system} {officer or '-'}"), plan.system)
