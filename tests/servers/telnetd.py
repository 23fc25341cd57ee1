"""GNU inetutils' telnetd with a login shell, on a Unix host of its own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers import inetd, root, unix_host
from tests.servers.process import programs_missing
from tests.servers.server import Server, running
from tests.servers.unix_host import UnixHost

_PACKAGES = "inetutils-telnetd"


def missing() -> str | None:
    """What is not there, if anything."""
    return programs_missing(_PACKAGES, "telnetd") or unix_host.missing()


class Telnetd(Server):
    """The server at ``127.0.0.1:port``; its accounts are those of ``unix_host``."""

    def __init__(self, folder: Path, host: UnixHost) -> None:
        super().__init__(folder)
        python = root.python()
        assert python is not None
        self.runs(
            *host.argv(python, inetd.__file__, str(self.port), "/usr/sbin/telnetd", "-h"),
            name="telnetd",
            ready=lambda: "listening" in self.log_text(),
        )


def running_telnetd() -> AbstractContextManager[Telnetd]:
    """The started server, ended and deleted afterwards."""
    return running("telnetd", lambda folder: Telnetd(folder, unix_host.unix_host(folder)))
