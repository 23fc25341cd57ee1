"""A print server, CUPS' own, with a printer that takes jobs and prints none: what it was given lies in its folder."""

from __future__ import annotations

import os
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from tests.servers import root
from tests.servers.process import clean_environment, programs_missing
from tests.servers.server import Server, running

_PACKAGES: Final = "cups-daemon cups-client"
PRINTER: Final = "front-desk"
CLOSED: Final = "back-office"
"""A printer that takes no jobs."""

_SETTINGS = """\
LogLevel info
Listen {place}
Browsing No
WebInterface No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
_FILES = """\
User lp
Group lp
FileDevice Yes
FatalErrors none
Sandboxing relaxed
ServerRoot {folder}/etc
CacheDir {folder}/cache
StateDir {folder}/state
RequestRoot {folder}/spool
AccessLog {folder}/access
ErrorLog stderr
PageLog {folder}/page
ServerKeychain {folder}/etc
"""


def missing() -> str | None:
    """What is not there, if anything."""
    return programs_missing(_PACKAGES, "cupsd", "lpadmin", "lp", "lpstat", "cupsaccept") or root.missing()


class Cups(Server):
    """The server at ``place``, which programs find by CUPS_SERVER."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.place = f"{self.host}:{self.port}"
        folder.chmod(0o755)
        for name in ("etc", "cache", "state", "spool"):
            (folder / name).mkdir()
        (folder / "cupsd.conf").write_text(_SETTINGS.format(place=self.place))
        (folder / "files.conf").write_text(_FILES.format(folder=folder))
        self.runs(
            *("/usr/sbin/cupsd", "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "files.conf")),
            ready=self._has_printers,
        )

    def _has_printers(self) -> bool:
        """Set both up; the one that takes jobs is the usual one. It may answer before it takes what is set up."""
        return all(
            self._says(*argv)
            for argv in (
                ("lpstat", "-r"),
                *(("lpadmin", "-p", name, "-v", "file:///dev/null", "-m", "raw") for name in (CLOSED, PRINTER)),
                ("cupsaccept", PRINTER),
                ("lpadmin", "-d", PRINTER),
            )
        )

    def jobs(self) -> list[bytes]:
        """What was given to it, in order."""
        return [file.read_bytes() for file in sorted((self.folder / "spool").glob("d*"))]

    def names_of_jobs(self) -> str:
        """What anybody can read of them."""
        return self._run("lpstat", "-W", "not-completed", "-l", "-o").stdout

    def _says(self, *argv: str) -> bool:
        return self._run(*argv).returncode == 0

    def _run(self, *argv: str) -> subprocess.CompletedProcess[str]:
        environment = clean_environment(self.folder) | {"CUPS_SERVER": self.place, "PATH": os.defpath + ":/usr/sbin"}
        return subprocess.run(argv, env=environment, capture_output=True, text=True, check=False, timeout=20)


def running_cups() -> AbstractContextManager[Cups]:
    """The started server, ended and deleted afterwards."""
    return running("cups", Cups)
