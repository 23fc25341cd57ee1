"""GNU inetutils' telnetd with a login shell, on a Unix host of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.servers import inetd, root, unix_host
from tests.servers.process import LOOPBACK, ReservedPort, ServerProcess, programs_missing, server_folder
from tests.servers.unix_host import UnixHost

_PACKAGES = "inetutils-telnetd"


def missing() -> str | None:
    """What is not there, if anything."""
    return programs_missing(_PACKAGES, "telnetd") or unix_host.missing()


class Telnetd:
    """The server at ``127.0.0.1:port``; its accounts are those of ``unix_host``."""

    def __init__(self, folder: Path, host: UnixHost) -> None:
        self._port = ReservedPort()
        self.host = LOOPBACK
        self.port = self._port.number
        python = root.python()
        assert python is not None
        self.process = ServerProcess(
            "telnetd",
            host.argv(python, inetd.__file__, str(self.port), "/usr/sbin/telnetd", "-h"),
            folder=folder,
            ready=lambda: "listening" in self.process.log_text(),
        )

    def stop(self) -> None:
        self.process.stop()
        self._port.release()


@contextlib.contextmanager
def running_telnetd() -> Iterator[Telnetd]:
    """The started server, ended and deleted afterwards."""
    with server_folder("telnetd") as folder:
        server = Telnetd(folder, unix_host.unix_host(folder))
        try:
            server.process.start()
            yield server
        finally:
            server.stop()
