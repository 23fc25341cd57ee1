"""Signing on to a 3270 host by a recipe, from the call to the main menu, beside an s3270 script on the same host."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from launcher.demo.terminals.entries import terminal_tables
from launcher.demo.terminals.host_accounts import HostAccount, HostAccounts
from launcher.demo.terminals.tn3270_server import Tn3270Host
from launcher.policy.toml_text import TomlText, parse_toml
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import sign_off_screens, sign_on_screens
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.terminal.lines.tcp import open_tcp
from launcher.terminal.terminal import Terminal
from launcher.terminal.tn3270.engine import Tn3270Engine
from tests.bench.figures import Figure, middle, report

USER = "4471-national"
PASSWORD = "pebble-harbour-71"
ROUNDS = 30
WITHIN_S = 20.0


def measure() -> dict[str, object]:
    """Sign on and off in turn by our driver and by a script, the host in a process of its own."""
    if shutil.which("s3270") is None:
        raise RuntimeError("s3270 is not installed (Debian: s3270)")
    ours: list[float] = []
    script: list[float] = []
    with _host() as port, _s3270() as ask:
        for _ in range(ROUNDS):
            ours.append(asyncio.run(_by_recipe(port)))
            script.append(_by_script(ask, port))
    figure = Figure(
        "call to main menu, p50",
        middle(ours),
        "ms",
        middle(script),
        "the same steps by an s3270 that runs already",
        n=ROUNDS,
    )
    return report([figure], ours_ms=ours, s3270_ms=script)


async def _by_recipe(port: int) -> float:
    screens, off = _screens()
    began = time.perf_counter()
    terminal = Terminal(Tn3270Engine(), await open_tcp("127.0.0.1", port, tls=False))
    try:
        driver = TerminalDriver(terminal)
        outcome = await sign_on_screens(driver, screens, Values(USER, Secret(PASSWORD)), within_s=WITHIN_S)
        took_ms = (time.perf_counter() - began) * 1000.0
        if outcome.outcome != "ready" or not (await sign_off_screens(driver, off, Values(), within_s=WITHIN_S)).proved:
            raise RuntimeError(f"the host was not signed on to and off: {outcome}")
    finally:
        await terminal.close()
    return took_ms


def _by_script(ask: _Ask, port: int) -> float:
    began = time.perf_counter()
    for action in (
        f"Connect(127.0.0.1:{port})",
        "Wait(20,InputField)",
        f'String("{USER}")',
        "Tab()",
        f'String("{PASSWORD}")',
        "Enter()",
        "Wait(20,Unlock)",
        "Enter()",
        "Wait(20,Unlock)",
    ):
        ask(action)
    shown = "\n".join(ask("Ascii()"))
    took_ms = (time.perf_counter() - began) * 1000.0
    if "MAIN MENU" not in shown:
        raise RuntimeError(f"the script has not come to the main menu:\n{shown}")
    for action in ("PF(3)", "Wait(20,Unlock)", "Disconnect()"):
        ask(action)
    return took_ms


def _screens() -> tuple[tuple[Screen, ...], tuple[Screen, ...]]:
    """The demo's own recipe."""
    read = parse_toml(Path("national-records.toml"), terminal_tables("3270", "localhost", 23, 0.0))
    assert isinstance(read, TomlText)
    table = read.untrusted["terminal"]
    written = read.untrusted["screen"]
    assert isinstance(table, dict)
    assert isinstance(written, list)
    off = table["sign_off"]["screen"]
    return tuple(map(Screen.model_validate, written)), tuple(map(Screen.model_validate, off))


class _Ask:
    """An s3270 that is told its actions on its standard input."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, action: str) -> list[str]:
        told, said = self._process.stdin, self._process.stdout
        assert told is not None
        assert said is not None
        told.write(action + "\n")
        told.flush()
        data: list[str] = []
        while (line := said.readline().rstrip("\n")) != "ok":
            if line in ("error", ""):
                raise RuntimeError(f"{action}: {data}")
            data.append(line)
        return data


@contextlib.contextmanager
def _s3270() -> Iterator[_Ask]:
    argv = ["s3270", "-model", "3279-2-E", "-codepage", "cp285", "-utf8", "-xrm", "s3270.unlockDelay: false"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _Ask(process)
        finally:
            process.terminate()


@contextlib.contextmanager
def _host() -> Iterator[int]:
    argv = [sys.executable, "-m", "tests.bench.terminal_sign_on"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _serve() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    host = Tn3270Host(HostAccounts({USER: HostAccount(PASSWORD)}))
    await host.serve(listener, None, asyncio.Event())


if __name__ == "__main__":
    asyncio.run(_serve())
