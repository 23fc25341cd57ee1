"""``doctor``: checks this computer and says a next step for each finding; exit status 1 when there is any."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from launcher.bootstrap.parts import read_catalogue
from launcher.bootstrap.session import prepare_environment
from launcher.bootstrap.where import Where, has_screen
from launcher.errors import LauncherError
from launcher.grants.keeping import key_store
from launcher.identity.federated import FederatedMethod
from launcher.policy.settings import Settings

CONNECT_S = 5.0

# What the browser's sandbox makes: a user namespace, and in it those of processes and network.
_NAMESPACES = "import ctypes; c = ctypes.CDLL(None); raise SystemExit(c.unshare(0x10000000) or c.unshare(0x60000000))"
TRY_S = 60.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was found, and what to do where it is not well."""

    looked_at: str
    found: str
    next_step: str = ""

    @property
    def well(self) -> bool:
        """Say whether there is nothing to do."""
        return not self.next_step


def run_doctor(where: Where) -> int:
    """Make every check, print each as it is made, and sum up."""
    findings: list[Finding] = []
    for finding in _all(where):
        findings.append(finding)
        print(f"{'ok  ' if finding.well else 'LOOK'}  {finding.looked_at}: {finding.found}")
        if not finding.well:
            print(textwrap.indent(finding.next_step, "      "))
    wrong = sum(not finding.well for finding in findings)
    print(f"{len(findings)} looked at, {wrong} to look after.")
    return 1 if wrong else 0


def _all(where: Where) -> Iterator[Finding]:
    yield _python()
    yield _screen()
    yield _browser()
    yield _sandbox()
    yield _certutil()
    yield _swap()
    yield _state(where)
    try:
        settings = where.settings()
    except LauncherError as fault:
        yield Finding("station file", fault.message, "\n".join(filter(None, (fault.next_step, fault.rest))))
        return
    yield Finding("station file", f"{where.station}, terminal {settings.station.terminal}")
    yield _catalogue(settings)
    yield _keys(where, settings)
    if settings.directory is not None:
        for server in settings.directory.servers:
            yield _directory(server, settings.directory.ca_file)
    if settings.federated is not None:
        yield _provider(settings)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", version)


def _tried(looked_at: str, program: str, next_step: str) -> Finding:
    """Try something that may end a process in one of its own."""
    prepare_environment()
    env = dict(os.environ)
    if not has_screen():
        env["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=TRY_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(looked_at, f"did not start within {TRY_S:.0f} s", next_step)
    if done.returncode == 0:
        return Finding(looked_at, done.stdout.strip() or "works")
    last = (done.stderr.strip().splitlines() or ["it ended without a word"])[-1]
    return Finding(looked_at, last, next_step)


def _screen() -> Finding:
    program = (
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "from launcher.shell.look.fonts import load_fonts\n"
        "load_fonts()\n"
        "print('Qt draws with ' + app.platformName() + ', fonts are there')\n"
    )
    return _tried("screen", program, "Run python3 -m installer setup: it names the system packages that are missing.")


def _browser() -> Finding:
    program = (
        "from PySide6.QtWebEngineCore import QWebEngineProfile, qWebEngineChromiumVersion\n"
        "from PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\n"
        "profile = QWebEngineProfile()\n"
        "print('Chromium ' + qWebEngineChromiumVersion())\n"
    )
    return _tried("browser engine", program, "Run python3 -m installer setup: it names what is missing.")


def _sandbox() -> Finding:
    if os.geteuid() == 0:
        return Finding(
            "browser sandbox",
            "off, because this runs as root",
            "Run the station as an ordinary user; only the demo and the tests may run as root.",
        )
    # Tried, not read from settings: the kernel's limits, AppArmor, a container or a chroot may each forbid it, and the
    # browser then starts without it and says nothing.
    tried = subprocess.run([sys.executable, "-I", "-c", _NAMESPACES], capture_output=True, check=False)
    if tried.returncode:
        return Finding(
            "browser sandbox",
            "off, because an ordinary user may not make namespaces here",
            "Allow user namespaces: user.max_user_namespaces, AppArmor, or what shuts this container in.",
        )
    return Finding("browser sandbox", "can start")


def _certutil() -> Finding:
    if shutil.which("certutil"):
        return Finding("certutil", "there")
    return Finding("certutil", "missing", "Install libnss3-tools; a CA of the force's own needs it.")


def _swap() -> Finding:
    try:
        lines = Path("/proc/swaps").read_text(encoding="utf-8").splitlines()[1:]
    except OSError:
        return Finding("swap", "cannot be looked at on this system", "Make sure that swap is encrypted or off.")
    if not lines:
        return Finding("swap", "off")
    names = ", ".join(line.split()[0] for line in lines)
    return Finding("swap", f"on: {names}", "What an officer held can be written there: encrypt it or switch it off.")


def _state(where: Where) -> Finding:
    try:
        where.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        return Finding("state folder", f"{where.state}: {fault.strerror}", "Name one that can be written with --state.")
    if where.state.stat().st_mode & 0o077:
        return Finding("state folder", f"others may enter {where.state}", f"chmod 700 {where.state}")
    return Finding("state folder", str(where.state))


def _catalogue(settings: Settings) -> Finding:
    catalogue = read_catalogue(settings)
    found = f"{len(catalogue.entries)} systems, {len(catalogue.faults)} faults"
    if catalogue.faults:
        return Finding("catalogue", found, f"station-launcher catalogue check {settings.station.catalogue}")
    return Finding("catalogue", found)


def _keys(where: Where, settings: Settings) -> Finding:
    keys = key_store(settings.credentials.keep, where.state)
    if keys is None:
        return Finding("key store", "credentials are not kept")
    return _asked("key store", lambda: keys.get("doctor"), "opens")


def _asked(looked_at: str, ask: Callable[[], object], well: str) -> Finding:
    try:
        ask()
    except LauncherError as fault:
        return Finding(looked_at, fault.message, fault.next_step)
    return Finding(looked_at, well)


def _provider(settings: Settings) -> Finding:
    if settings.federated is None:
        return Finding("provider", "none")
    method = FederatedMethod(settings.federated)
    try:
        return _asked("provider", lambda: asyncio.run(method.prepare()), "answers, certificate and keys are good")
    finally:
        method.close()


def _directory(server: str, ca_file: Path | None) -> Finding:
    """Connect as sign-in will, up to the verified certificate; nobody is looked up."""
    parts = urlsplit(server)
    looked_at = f"directory {parts.netloc}"
    if parts.scheme == "ldap":
        return _port(looked_at, parts.hostname or "", parts.port or 389)
    return asyncio.run(_handshake(looked_at, parts.hostname or "", parts.port or 636, ca_file))


def _port(looked_at: str, host: str, port: int) -> Finding:
    async def connect() -> None:
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port)
            writer.close()

    try:
        asyncio.run(connect())
    except (OSError, TimeoutError):
        return Finding(looked_at, "does not take a connection", "Look at the network and the server's name and port.")
    return Finding(looked_at, "takes connections; StartTLS is checked at the first log-on")


async def _handshake(looked_at: str, host: str, port: int, ca_file: Path | None) -> Finding:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        async with asyncio.timeout(CONNECT_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
            writer.close()
    except ssl.SSLCertVerificationError as fault:
        return Finding(
            looked_at, f"certificate refused: {fault.verify_message}", "Correct ca_file or the server's name."
        )
    except (OSError, TimeoutError):
        return Finding(looked_at, "does not take a connection", "Look at the network and the server's name and port.")
    return Finding(looked_at, "certificate is good")
