"""A screen that exists only in memory: Xvfb on a free display, to which only who holds the cookie may connect."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import ServerProcess, clean_environment, programs_missing, server_folder


@dataclass(frozen=True, slots=True)
class Screen:
    """One running display."""

    display: str
    authority: Path
    pid: int

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to appear on it."""
        return {"DISPLAY": self.display, "XAUTHORITY": str(self.authority)}


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("xvfb xauth", "Xvfb", "xauth")


@contextlib.contextmanager
def running_xvfb(*, width: int = 1280, height: int = 1024) -> Iterator[Screen]:
    """A started display of this size in pixels, 24 bits deep, ended afterwards."""
    with server_folder("xvfb") as folder:
        authority = folder / "authority"
        cookie = secrets.token_hex(16)
        # The server takes every cookie of the file, for whatever display it is; its own number is not known yet.
        _xauth(authority, ":0", cookie)
        said, say = os.pipe()
        os.set_blocking(said, False)
        number = bytearray()

        def has_said_its_number() -> bool:
            with contextlib.suppress(BlockingIOError):
                number.extend(os.read(said, 16))
            return number.endswith(b"\n")

        server = ServerProcess(
            "xvfb",
            [
                *("Xvfb", "-displayfd", str(say), "-auth", str(authority)),
                *("-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"),
            ],
            folder=folder,
            ready=has_said_its_number,
            pass_fds=[say],
        )
        try:
            server.start()
            display = f":{number.decode().strip()}"
            _xauth(authority, display, cookie)
            yield Screen(display, authority, server.pid)
        finally:
            server.stop()
            os.close(said)
            os.close(say)


def _xauth(authority: Path, display: str, cookie: str) -> None:
    # The cookie goes in by standard input: argv is for everybody to read.
    subprocess.run(
        ["xauth", "-q", "-f", str(authority), "source", "-"],
        input=f"add {display} . {cookie}\n",
        text=True,
        check=True,
        capture_output=True,
        timeout=20,
        env=clean_environment(authority.parent),
    )
