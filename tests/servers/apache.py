"""Debian's Apache over https from a temporary directory: what the Apache-based systems have in common."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.servers.certificates import ServerCertificate
from tests.servers.process import LOOPBACK, files_missing, programs_missing
from tests.servers.server import Server

_MODULES = Path("/usr/lib/apache2/modules")
_COMMON = ("authn_core", "authz_core", "authz_user", "dir", "mime", "include", "ssl")
_ACCOUNT = "www-data"
"""Who serves the pages when we are root, whom Apache refuses."""


def modules_missing(packages: str, *modules: str) -> str | None:
    """Name what is not installed of Apache and these modules; None when all is there."""
    return programs_missing(packages, "apache2") or files_missing(
        packages,
        *(str(_MODULES / f"mod_{module}.so") for module in ("mpm_event", *_COMMON, *modules)),
        "/etc/mime.types",
    )


class Apache(Server):
    """One Apache with one https site."""

    def __init__(
        self, folder: Path, host: str, certificate: ServerCertificate, *, env: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(folder, host, scheme="https")
        self.www = folder / "www"
        self._certificate = certificate
        self._config = folder / "apache.conf"
        self.www.mkdir()
        # Pages are served by another account when root starts it.
        folder.chmod(0o711)
        self.www.chmod(0o755)
        self.runs("apache2", "-f", str(self._config), "-DFOREGROUND", env=env)

    def configure(self, directives: str, *, modules: Sequence[str] = (), threads: bool = True) -> None:
        """Write the configuration: ours around the ``directives`` of one system; without ``threads`` for PHP."""
        together = ("mpm_event" if threads else "mpm_prefork", *_COMMON, *modules)
        loads = "\n".join(f"LoadModule {module}_module {_MODULES}/mod_{module}.so" for module in together)
        workers = "ServerLimit 2\nThreadsPerChild 16\nMaxRequestWorkers 32" if threads else "MaxRequestWorkers 8"
        self._config.write_text(f"""\
ServerRoot {self.folder}
ServerName {self.host}
Listen {LOOPBACK}:{self.port}
PidFile {self.folder}/apache.pid
ErrorLog {self.folder}/error.log
Mutex file:{self.folder} default
{loads}
{f"User {_ACCOUNT}{chr(10)}Group {_ACCOUNT}" if os.geteuid() == 0 else ""}
TypesConfig /etc/mime.types
StartServers 1
{workers}
SSLEngine on
SSLCertificateFile {self._certificate.certificate}
SSLCertificateKeyFile {self._certificate.key}
SSLSessionCache none
DocumentRoot {self.www}
DirectoryIndex index.shtml
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
<Directory {self.www}>
  Options +Includes
  Require all granted
</Directory>
{directives}
""")

    def write_page(self, name: str, html: str) -> None:
        """Put a page below the document root; Apache fills in ``<!--#echo var="REMOTE_USER" -->`` and the like."""
        page = self.www / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(html)
        page.chmod(0o644)

    def log_text(self) -> str:
        """What it said on starting, and its error log."""
        errors = self.folder / "error.log"
        return super().log_text() + (errors.read_text(errors="replace") if errors.exists() else "")
