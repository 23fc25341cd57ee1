"""One managed browser: found, started with a throw-away profile, and ended with all that it started."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from launcher.residue.tree import descendants, process, processes
from launcher.session.openers.program import PASSED_ON
from launcher.shell.surfaces.managed.errors import BrowserMissingError, BrowserNotStartedError

if TYPE_CHECKING:
    from launcher.shell.surfaces.managed.devtools import Line

_log = logging.getLogger(__name__)

HERE: Final = "/proc/self/cwd"
"""By this name its folder is known to the browser, which makes a socket there: of a session's home the own name is
longer than a socket's may be, and the browser would end without a word."""

DOWNLOADS: Final = "downloads"
START_S: Final = 30.0
GONE_S: Final = 5.0

_OFF: Final = (
    "AutofillServerCommunication",
    "CertificateTransparencyComponentUpdater",
    "GlobalMediaControls",
    "MediaRouter",
    "OptimizationHints",
    "PasswordLeakDetection",
    "Translate",
)
_SWITCHES: Final = (
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-background-networking",
    "--disable-backgrounding-occluded-windows",  # it signs on out of sight
    "--disable-renderer-backgrounding",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--deny-permission-prompts",
    "--metrics-recording-only",
    "--password-store=basic",  # no key store of the desktop's, which would outlive the session
    f"--disable-features={','.join(_OFF)}",
)

_PREFERENCES: Final[Mapping[str, object]] = {
    "autofill": {"credit_card_enabled": False, "profile_enabled": False},
    "browser": {"custom_chrome_frame": False, "has_seen_welcome_page": True},
    "credentials_enable_service": False,
    "profile": {"password_manager_enabled": False, "exit_type": "Normal"},
    "safebrowsing": {"enabled": False},  # it would send addresses of a force's own systems elsewhere
    "search": {"suggest_enabled": False},
    "signin": {"allowed": False},
    "translate": {"enabled": False},
}
_LOCAL_STATE: Final[Mapping[str, object]] = {
    # A fresh profile else fails its first Negotiate challenge.
    "net": {"received_http_auth_negotiate_headers": True},
    # Nothing is saved into a folder or read out of one, by whatever key or menu of the browser's own.
    "select_file_dialogs": {"allowed": False},
}


@dataclass(frozen=True, slots=True)
class Start:
    """How a browser is started. ``negotiates``: the hosts to which the session's ticket may be shown.

    ``scale``: how large all of it is drawn, from 1.0 on.
    """

    names: tuple[str, ...]
    negotiates: tuple[str, ...] = ()
    proxy: str = ""
    scale: float = 1.0
    environment: Mapping[str, str] = field(default_factory=dict)


def installed(names: Iterable[str]) -> str:
    """Return the first of the browsers that this computer has, by path or by name. Raises BrowserMissingError."""
    for name in names:
        if (path := shutil.which(name)) is not None:
            return path
    raise BrowserMissingError("This system needs Chromium, Chrome or Edge, and none was found on this computer.")


class ManagedBrowser:
    """A browser that runs; made by :meth:`start`, ended by :meth:`end`, lives in the engine's loop."""

    def __init__(self, line: Line, folder: Path) -> None:
        self.line = line
        self._folder = folder

    @classmethod
    async def start(cls, start: Start) -> ManagedBrowser:
        """Start one. Raises :class:`BrowserMissingError` and :class:`BrowserNotStartedError`."""
        path = installed(start.names)
        try:
            from launcher.shell.surfaces.managed.devtools import Line, LineEndedError  # late: 70 ms, and an extra
        except ModuleNotFoundError as fault:
            raise BrowserMissingError("The part that drives an installed browser is not set up here.") from fault
        folder = await asyncio.to_thread(_profile)
        line = None
        try:
            async with asyncio.timeout(START_S):
                line = await Line.open(_argv(path, folder, start), _environment(folder, start.environment), folder)
        except (LineEndedError, TimeoutError) as fault:
            raise BrowserNotStartedError(f"{Path(path).name} did not start.") from fault
        finally:
            if line is None:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return cls(line, folder)

    @property
    def pid(self) -> int:
        """The id of its first process, whose windows are its own."""
        return self.line.pid

    @property
    def downloads(self) -> Path:
        """The folder that files may come into before they are somebody's; it ends with the profile."""
        return self._folder / DOWNLOADS

    def kill(self) -> None:
        """Kill it at once, from any thread; :meth:`end` clears up after it."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    async def end(self) -> None:
        """End all its processes at once, and remove the profile: nothing of it is wanted any more."""
        await asyncio.shield(self._end())

    async def _end(self) -> None:
        await asyncio.to_thread(_kill_tree, self.pid, str(self._folder))
        await self.line.close()
        await asyncio.to_thread(_remove, self._folder)


def _profile() -> Path:
    """Make the folder of a new profile, in the session's own folder for such things."""
    folder = Path(tempfile.mkdtemp(prefix="b-"))
    for name in ("profile/Default", "config", "cache", DOWNLOADS):
        (folder / name).mkdir(mode=0o700, parents=True)
    (folder / "profile" / "Local State").write_text(json.dumps(_LOCAL_STATE), encoding="utf-8")
    (folder / "profile" / "Default" / "Preferences").write_text(json.dumps(_PREFERENCES), encoding="utf-8")
    return folder


def _argv(path: str, folder: Path, start: Start) -> tuple[str, ...]:
    argv = [path, "--remote-debugging-pipe", f"--user-data-dir={folder / 'profile'}", *_SWITCHES]
    if start.negotiates:
        argv.append(f"--auth-server-allowlist={','.join(start.negotiates)}")
    if start.scale != 1.0:
        argv.append(f"--force-device-scale-factor={start.scale:g}")
    if start.proxy:
        # Calls from page to page send datagrams, which know no proxy.
        argv += [f"--proxy-server={start.proxy}", "--webrtc-ip-handling-policy=disable_non_proxied_udp"]
    else:
        argv.append("--webrtc-ip-handling-policy=default_public_interface_only")
    if sys.platform == "linux" and os.geteuid() == 0:
        argv.append("--no-sandbox")  # as root there is none; a station's sessions are no root's
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")) and sys.platform == "linux":
        argv.append("--headless=new")
    # An application's window, without tabs or an address to type into. It comes out of sight, and is taken in.
    # One that is larger than the screen its manager would fit.
    size = f"{round(1280 / start.scale)},{round(800 / start.scale)}"
    return (*argv, "--window-position=-8000,-8000", f"--window-size={size}", "--app=data:text/html,")


def _environment(folder: Path, own: Mapping[str, str]) -> dict[str, str]:
    passed = {name: os.environ[name] for name in (*PASSED_ON, "KRB5_CONFIG") if name in os.environ}
    folders = {
        "TMPDIR": HERE,
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    return {**passed, **folders, **own}


def _kill_tree(pid: int, folder: str) -> None:
    """Kill what the browser started, children first, and wait until none is left.

    Its crash reporter leaves the tree and the session; it is found by the profile in its command line.
    """
    for _ in range(100):
        rows = processes()
        below = {row.pid for row in descendants(pid, rows)}
        left = [
            row
            for row in rows.values()
            if not row.zombie
            and (row.session == pid or row.pid in below or row.pid == pid or folder in _command_line(row.pid))
            and row.pid != os.getpid()
        ]
        if not left:
            return
        # Those below first: the kernel wakes what is stopped where its parent ends before it.
        for row in sorted(left, key=lambda row: row.pid == pid):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(row.pid, signal.SIGKILL)
        _until_gone(tuple(row.pid for row in left))
    _log.error("managed-browser-fault: some of it does not end")


def _until_gone(pids: tuple[int, ...]) -> None:
    until = time.monotonic() + GONE_S / 100
    while time.monotonic() < until and any((row := process(pid)) is not None and not row.zombie for pid in pids):
        time.sleep(0.002)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _remove(folder: Path) -> None:
    """Remove the profile; a process that has just ended may have written into it a moment ago."""
    for _ in range(3):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
    _log.error("managed-browser-fault: its profile could not be removed")
