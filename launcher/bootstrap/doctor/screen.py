"""What the screen needs: Python, Qt, the browser engine and its sandbox, the idle clock."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator

from launcher.bootstrap.doctor.finding import Finding
from launcher.bootstrap.session import prepare_environment
from launcher.bootstrap.where import has_screen
from launcher.display.idle import X11IdleClock
from launcher.station.slots import slot_name

TRY_S = 60.0

_ON_DISPLAY = (
    "On a running station, as root: DISPLAY=:0 XAUTHORITY=/run/station-launcher-display/authority "
    "station-launcher doctor."
)

# What the browser's sandbox makes: a user namespace, and in it those of processes and network.
_NAMESPACES = "import ctypes; c = ctypes.CDLL(None); raise SystemExit(c.unshare(0x10000000) or c.unshare(0x60000000))"

_SCREEN = (
    "from PySide6.QtWidgets import QApplication\n"
    "app = QApplication([])\n"
    "from launcher.shell.look.fonts import load_fonts\n"
    "load_fonts()\n"
    "print('Qt draws with ' + app.platformName() + ', fonts are there')\n"
)
_BROWSER = (
    "from PySide6.QtWebEngineCore import QWebEngineProfile, qWebEngineChromiumVersion\n"
    "from PySide6.QtWidgets import QApplication\n"
    "app = QApplication([])\n"
    "profile = QWebEngineProfile()\n"
    "print('Chromium ' + qWebEngineChromiumVersion())\n"
)


def screen_findings() -> Iterator[Finding]:
    """Yield what is found of the screen, each tried in a process of its own."""
    yield Finding("Python", ".".join(map(str, sys.version_info[:3])))
    yield _tried("screen", _SCREEN, "Run python3 -m installer setup: it names the system packages that are missing.")
    yield _tried("browser engine", _BROWSER, "Run python3 -m installer setup: it names what is missing.")
    yield sandbox()
    yield idle_clock(os.environ.get("DISPLAY", ""))


def sandbox() -> Finding:
    """Try what the browser's sandbox makes, as the account that sessions run under.

    Tried, not read from settings: the kernel's limits, AppArmor, a container or a chroot may each forbid it, and the
    browser then starts without it and says nothing.
    """
    as_user: str | None = None
    if os.geteuid() == 0:
        as_user = slot_name(1)
        if not _exists(as_user):
            return Finding(
                "browser sandbox",
                "off, because this runs as root and there are no slot accounts",
                "Run station-launcher station install, or the station as an ordinary user; only the demo and the tests "
                "may run as root without.",
            )
    try:
        tried = subprocess.run(
            [sys.executable, "-I", "-c", _NAMESPACES],
            capture_output=True,
            check=False,
            timeout=TRY_S,
            user=as_user,
            extra_groups=[] if as_user else None,
            cwd="/",
        )
    except (OSError, subprocess.SubprocessError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it did not end"
        return Finding(
            "browser sandbox",
            f"cannot be tried as {as_user or 'this account'}: {reason}",
            "The slot accounts must be able to run the program where it lies: below /opt, readable by all.",
        )
    if tried.returncode:
        return Finding(
            "browser sandbox",
            "off, because an ordinary user may not make namespaces here",
            "Allow user namespaces: user.max_user_namespaces, AppArmor, or what shuts this container in.",
        )
    return Finding("browser sandbox", f"can start, tried as {as_user}" if as_user else "can start")


def idle_clock(display: str) -> Finding:
    """Ask the display how long nobody touched it: without, a session has to say it itself."""
    if not display:
        return Finding("idle clock", "not looked at: there is no X display here to ask", _ON_DISPLAY, by_hand=True)
    clock = X11IdleClock(display)
    try:
        idle_s = clock.idle_s()
    finally:
        clock.close()
    if idle_s is None:
        return Finding(
            "idle clock",
            f"display {display} does not say how long nobody touched it",
            "Let the X server have its screen saver extension (MIT-SCREEN-SAVER), and this account its cookie.",
        )
    return Finding("idle clock", f"display {display} says how long nobody touched it")


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


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
