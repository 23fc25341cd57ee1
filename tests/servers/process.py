"""Start a server as our child, wait until it accepts connections, and end it by its id.

A port is *reserved* for a server's whole life by a socket that is bound but never listens: the server can stop and
start again on the same number, and while it is down a client gets a real "connection refused". (Linux lets a second
socket bind and listen as long as both set SO_REUSEADDR, which all the servers used here do.)
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

LOOPBACK = "127.0.0.1"
START_DEADLINE_S = 60.0
STOP_DEADLINE_S = 5.0
_RETRY_EVERY_MS = 10
_WRITTEN_S = 30.0
_LOG_TAIL = 6000

_T = TypeVar("_T")

# Ends what is left when this process is killed: `read` meets the end of the pipe, then the sessions are told to end.
_WATCHDOG = """
trap '' INT TERM HUP
sessions=
while read -r sign sid; do
  case $sign in
    +) sessions="$sessions $sid" ;;
    -) kept=; for s in $sessions; do [ "$s" = "$sid" ] || kept="$kept $s"; done; sessions=$kept ;;
  esac
done
for s in $sessions; do kill -s TERM -- "-$s"; done 2>/dev/null
"""


class ServerStartError(RuntimeError):
    """A server ended or stayed silent instead of starting; the message holds the end of its log."""


class ReservedPort:
    """A loopback TCP port that stays ours until :meth:`release`, whether or not a server listens on it."""

    def __init__(self, address: str = LOOPBACK) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, 0))
        self.address = address
        self.number: int = self._socket.getsockname()[1]

    def release(self) -> None:
        """Give the number back; calling it twice is harmless."""
        self._socket.close()


class ServerProcess:
    """One server program: its own session, its log in a file, started and stopped as often as a test likes."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        folder: Path,
        ready: Callable[[], bool],
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.argv = tuple(argv)
        self.folder = folder
        self.log_file = folder / f"{name}.log"
        self._ready = ready
        self._env = clean_environment(folder) | dict(env or {})
        self._pass_fds = tuple(pass_fds)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its session; raises when it is not running."""
        if self._child is None:
            raise RuntimeError(f"{self.name} is not running")
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self, deadline_s: float = START_DEADLINE_S) -> None:
        """Start the program and return once it is ready; raises :class:`ServerStartError` with its log."""
        if self.running:
            return
        with self.log_file.open("ab") as log:
            self._child = subprocess.Popen(
                self.argv,
                cwd=self.folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=self._pass_fds,
            )
        _watchdog_note("+", self._child.pid)
        end = time.monotonic() + deadline_s
        while not self._ready():
            if wait_for_exit(self._child.pid, _RETRY_EVERY_MS):
                self._child.wait()
                status = self._child.returncode
                self.stop()
                raise ServerStartError(f"{self.name} ended with status {status}:\n{self.log_tail()}")
            if time.monotonic() > end:
                self.stop()
                raise ServerStartError(f"{self.name} was not ready within {deadline_s} s:\n{self.log_tail()}")

    def stop(self, deadline_s: float = STOP_DEADLINE_S) -> None:
        """End the program and everything in its session; politely first, after the deadline by force."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            if not wait_for_exit(child.pid, int(deadline_s * 1000)):
                child.kill()
        child.wait()
        end = time.monotonic() + deadline_s
        for pid in session_members(child.pid):
            remaining_ms = max(0, int((end - time.monotonic()) * 1000))
            if not wait_for_exit(pid, remaining_ms):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                wait_for_exit(pid, int(deadline_s * 1000))
        _watchdog_note("-", child.pid)

    def log_text(self) -> str:
        """All the program has written so far."""
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def log_tail(self) -> str:
        return self.log_text()[-_LOG_TAIL:]


def clean_environment(home: Path) -> dict[str, str]:
    """The few variables a server gets: no proxies, no certificate overrides and no display of the caller's."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin", "HOME": str(home), "LANG": "C.UTF-8"}


def accepts(port: int, address: str = LOOPBACK) -> bool:
    """Whether something accepts a TCP connection there now."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def accepts_unix(path: Path) -> bool:
    """Whether something accepts a connection on this Unix socket now."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def wait_for_exit(pid: int, timeout_ms: int) -> bool:
    """Wait, woken by the kernel, until the process has ended; whether it did within the time."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        poller = select.poll()
        poller.register(handle, select.POLLIN)
        return bool(poller.poll(timeout_ms))
    finally:
        os.close(handle)


def once_written(read: Callable[[], _T], enough: Callable[[_T], bool]) -> _T:
    """Read what a server writes down until that is enough: its line may come after its answer.

    Raises ``TimeoutError``.
    """
    end = time.monotonic() + _WRITTEN_S
    while not enough(found := read()):
        if time.monotonic() > end:
            raise TimeoutError(f"no more was written than {found}")
        select.select([], [], [], _RETRY_EVERY_MS / 1000)
    return found


def session_members(session: int) -> tuple[int, ...]:
    """The living processes of one session, zombies left out."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The name in parentheses may hold spaces: the fields start after the last closing one.
            state, _parent, _group, sid = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(sid) == session and state != "Z":
            found.append(int(entry.name))
    return tuple(found)


@contextlib.contextmanager
def server_folder(name: str) -> Iterator[Path]:
    """A temporary directory for one server, outside pytest's own (whose parents other accounts cannot enter)."""
    folder = Path(tempfile.mkdtemp(prefix=f"station-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs_missing(packages: str, *programs: str) -> str | None:
    """Name the programs that are not installed and the Debian packages that bring them; None when all are there."""
    path = clean_environment(Path("/"))["PATH"]
    absent = [program for program in programs if shutil.which(program, path=path) is None]
    return f"{', '.join(absent)} not installed (Debian: {packages})" if absent else None


def files_missing(packages: str, *paths: str) -> str | None:
    """Name the files that are not there and the Debian packages that bring them; None when all are there."""
    absent = [path for path in paths if not Path(path).exists()]
    return f"{', '.join(absent)} not installed (Debian: {packages})" if absent else None


class _Watchdog:
    """The one small process that outlives a killed test run for a moment, to end its servers."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHDOG],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.owner = os.getpid()
        atexit.register(self._close)

    def note(self, sign: str, session: int) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{sign} {session}\n".encode())
        self._process.stdin.flush()

    def _close(self) -> None:
        if os.getpid() == self.owner:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.send_signal(signal.SIGCONT)  # whoever stopped it must not keep this process from its end
            self._process.wait()


_watchdogs: dict[int, _Watchdog] = {}


def _watchdog_note(sign: str, session: int) -> None:
    # Keyed by process, so that a forked worker does not write into its parent's pipe.
    dog = _watchdogs.get(os.getpid())
    if dog is None:
        dog = _watchdogs[os.getpid()] = _Watchdog()
    dog.note(sign, session)
