"""The hub as it is served: ``station-launcher hub serve``, as one process or several, on SQLite or PostgreSQL."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

from launcher.bootstrap.hub_place import HubPlace
from launcher.hub.stations import rows
from tests.servers.certificates import ServerCertificate
from tests.servers.hub_in_process import Asking
from tests.servers.process import clean_environment, session_members, wait_for_exit
from tests.servers.server import Server, running

_ROOT = Path(__file__).parent.parent.parent
_LISTENING = '{"listening":'
_ENDS_WITHIN_MS = 10_000


class HubProcess(Server):
    """One hub; its port stays the same from start to start. ``state``: its key and, without ``database``, its store."""

    start_within_s = 120.0
    stop_within_s = 20.0

    def __init__(
        self,
        folder: Path,
        *,
        database: str = "",
        certificate: ServerCertificate | None = None,
        processes: int = 1,
        more: str = "",
        key_of: HubProcess | None = None,
        beat_s: float = 5.0,
    ) -> None:
        """``more``: further lines of the hub's file; those before its first table belong to ``[serve]``.

        ``key_of``: the other hub that serves the same database.
        """
        super().__init__(folder, scheme="http" if certificate is None else "https")
        self.state = folder / "state"
        if key_of is not None:
            shutil.copytree(key_of.state / "keys", self.state / "keys")
        self.file = folder / "hub.toml"
        serve = f"[serve]\nport = {self.port}\nbeat_s = {beat_s}\n"
        if certificate is not None:
            serve += f'certificate = "{certificate.certificate}"\nkey = "{certificate.key}"\n'
        store = f'\n[store]\nurl = "{database}"\n' if database else ""
        self.file.write_text(f"{serve}{more}{store}")
        self._started = 0
        self._here = ("--hub", str(self.file), "--state", str(self.state))
        self.runs(
            *(sys.executable, "-m", "launcher", "hub", "serve", *self._here, "--processes", str(processes)),
            name="hub", env=self._environment, ready=self._listens,
        )  # fmt: skip

    def start(self) -> None:
        """Start it and return once it serves."""
        self._started = self.log_text().count(_LISTENING)
        super().start()

    def kill9(self) -> None:
        """End all its processes as a power cut would."""
        members = session_members(self.pid)
        for pid in members:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        super().stop()
        for pid in members:
            wait_for_exit(pid, _ENDS_WITHIN_MS)

    def children(self) -> tuple[int, ...]:
        """Return the processes that serve, where there are several."""
        return tuple(pid for pid in session_members(self.pid) if pid != self.pid)

    def code(self, terminal: str = "", place: str = "", *, hours: float = 1.0) -> str:
        """Make an enrolment code."""
        here = HubPlace(self.file, self.state)
        store = here.store()
        now = time.time()
        with store.writing() as connection:
            code = rows.make_code(connection, "a test", now, now + hours * 3600, terminal, place)
        store.close()
        return code

    def command(self, *words: str, status: int = 0) -> str:
        """Run one of ``station-launcher hub``'s other commands here and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "launcher", "hub", *words, *self._here],
            cwd=self.folder, env=clean_environment(self.folder) | self._environment, check=False, capture_output=True,
            text=True,
        )  # fmt: skip
        assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if status == 0 else done.stderr

    def asking(self, token: str = "", ca: Path | None = None) -> Asking:
        """Return who asks it; close it."""
        return Asking(self.origin, token, ca=ca)

    def logged(self) -> list[dict[str, object]]:
        """Return the lines of its log."""
        return [json.loads(line) for line in self.log_text().splitlines() if not line.startswith(_LISTENING)]

    @property
    def _environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(_ROOT)}

    def _listens(self) -> bool:
        return self.log_text().count(_LISTENING) > self._started


def running_hub(
    *,
    database: str = "",
    certificate: ServerCertificate | None = None,
    processes: int = 1,
    more: str = "",
    key_of: HubProcess | None = None,
    beat_s: float = 5.0,
) -> AbstractContextManager[HubProcess]:
    """The started hub, ended and deleted afterwards."""
    return running(
        "hub",
        lambda folder: HubProcess(
            folder, database=database, certificate=certificate, processes=processes, more=more, key_of=key_of,
            beat_s=beat_s,
        ),
    )  # fmt: skip
