"""The courts list: Apache with mod_auth_cas, a web system that sends its users to the CAS server.

``/list/`` takes whoever is signed on there; ``/sealed/`` has the server ask for name and password once more.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from tests.servers.apache import Apache, modules_missing
from tests.servers.cas import CasServer
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.server import running

READY = "main#ready"
REMOTE_USER = "#user"


def missing() -> str | None:
    """What is not installed, if anything; the CAS server is asked for separately."""
    return modules_missing("apache2 libapache2-mod-auth-cas", "auth_cas")


class Courts(Apache):
    """The list at ``https://courts.localhost:<port>/list/``."""

    def __init__(
        self,
        folder: Path,
        server: CasServer,
        certificate: ServerCertificate,
        ca: Path,
        *,
        host: str = "courts.localhost",
    ) -> None:
        super().__init__(folder, host, certificate)
        self.url, self.sealed = f"{self.origin}/list/", f"{self.origin}/sealed/"
        tickets = folder / "tickets"
        tickets.mkdir()
        tickets.chmod(0o777)  # by the account that serves the pages
        for door in ("list", "sealed"):
            self.write_page(
                f"{door}/index.shtml",
                f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Courts</title><main id="ready">'
                f'<h1>Courts: {door}</h1><p>Signed on as <b id="user"><!--#echo var="REMOTE_USER" --></b></p>'
                "</main></html>\n",
            )
        self.configure(
            f"""\
CASLoginURL {server.logon_url}
CASValidateURL {server.base}/serviceValidate
CASCookiePath {tickets}/
CASCertificatePath {ca}
CASRootProxiedAs {self.origin}
CASVersion 2
<Location /list/>
  AuthType CAS
  CASScope /list/
  Require valid-user
</Location>
<Location /sealed/>
  AuthType CAS
  CASScope /sealed/
  CASRenew /sealed/
  Require valid-user
</Location>
""",
            modules=["auth_cas"],
        )


def running_courts(
    server: CasServer, certificates: Certificates, *, host: str = "courts.localhost"
) -> AbstractContextManager[Courts]:
    """The started list; ended and deleted afterwards."""
    return running("courts", lambda folder: Courts(folder, server, certificates.server, certificates.ca, host=host))
