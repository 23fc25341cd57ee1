"""The duty rosters: Apache with mod_auth_gssapi, which lets in who shows a ticket of a realm."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from tests.servers.apache import Apache, modules_missing
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.server import running

HOST: Final = "rosters.localhost"
READY: Final = "main#ready"
REMOTE_USER: Final = "#user"

_MODULES = ("auth_gssapi", "session", "session_cookie", "alias", "log_debug", "headers")


def missing() -> str | None:
    """What is not installed, if anything."""
    return modules_missing("apache2 libapache2-mod-auth-gssapi", *_MODULES)


class Realm(Protocol):
    """A realm whose tickets the rosters take; MIT's and Active Directory's have this."""

    @property
    def config(self) -> Path:
        """The krb5.conf that leads to it."""
        ...

    def keytab(self, service: str) -> Path:
        """Enter a service, once, and return the file with its key."""
        ...


def entered(folder: Path, realm: Realm, host: str) -> dict[str, str]:
    """Enter a host into the realm, its key as ``keytab`` into the folder; return its Apache's environment."""
    replays = folder / "replays"
    replays.mkdir()
    replays.chmod(0o777)
    keytab = folder / "keytab"
    shutil.copyfile(realm.keytab(f"HTTP/{host}"), keytab)
    keytab.chmod(0o644 if os.geteuid() == 0 else 0o600)
    shutil.copyfile(realm.config, folder / "krb5.conf")
    (folder / "krb5.conf").chmod(0o644)
    return {
        "KRB5_CONFIG": str(folder / "krb5.conf"),
        "KRB5RCACHENAME": f"dfl:{replays / 'cache'}",
        "KRB5RCACHEDIR": str(replays),
    }


class Rosters(Apache):
    """The rosters at ``https://rosters.localhost:<port>/``.

    Below ``/bare/`` no session is kept; ``/on/`` leads on to the rosters, ``/round/`` to itself, ``/out/`` to another
    host; ``/open/`` asks for nothing, ``/closed/`` is for nobody; ``/silent/`` and ``/forged/`` take a ticket and
    answer with no proof of their own, and with a false one; ``/large/`` is a page of 3 MB.
    """

    def __init__(self, folder: Path, certificate: ServerCertificate, realm: Realm, *, elsewhere: str = "") -> None:
        super().__init__(folder, HOST, certificate, env=entered(folder, realm, HOST))
        self.url = f"{self.origin}/"
        keytab = folder / "keytab"
        for place in ("", "bare/", "open/", "closed/", "silent/", "forged/"):
            self.write_page(
                f"{place}index.shtml",
                '<!doctype html><html lang="en"><meta charset="utf-8"><title>Duty rosters</title>'
                '<main id="ready"><h1>Duty rosters</h1>'
                '<p>Signed on as <b id="user"><!--#echo var="REMOTE_USER" --></b></p></main></html>\n',
            )
        self.write_page("large/index.shtml", f"<!doctype html><title>All rosters</title>{'<p>duty</p>' * 300_000}")
        self.configure(
            f"""\
LogLevel warn log_debug:info
<Location />
  LogMessage "asked without" hook=check_access "expr=-z %{{HTTP:Authorization}} && %{{IS_SUBREQ}} == 'false'"
  LogMessage "shown a ticket" hook=check_access "expr=-n %{{HTTP:Authorization}} && %{{IS_SUBREQ}} == 'false'"
  LogMessage "let in: %{{REMOTE_USER}}" hook=fixups "expr=%{{IS_SUBREQ}} == 'false'"
  AuthType GSSAPI
  AuthName "Duty rosters"
  GssapiCredStore keytab:{keytab}
  GssapiAllowedMech krb5
  GssapiUseSessions On
  Session On
  SessionCookieName rosters path=/;httponly;secure
  Require valid-user
</Location>
<Location /bare/>
  AuthType GSSAPI
  GssapiCredStore keytab:{keytab}
  GssapiAllowedMech krb5
  GssapiUseSessions Off
  Session Off
</Location>
<Location /open/>
  AuthType None
  Require all granted
</Location>
<Location /closed/>
  Require user nobody
</Location>
<Location /silent/>
  Header always unset WWW-Authenticate "expr=%{{REQUEST_STATUS}} == 200"
</Location>
<Location /forged/>
  Header always set WWW-Authenticate "Negotiate oRQwEqADCgEAoQsGCSqGSIb3EgECAg==" "expr=%{{REQUEST_STATUS}} == 200"
</Location>
<Location /busy/>
  AuthType None
  Require all granted
  Header always set Retry-After 90
</Location>
Redirect 503 /busy/
Redirect 302 /on/ {self.origin}/
Redirect 302 /round/ {self.origin}/round/
Redirect 302 /out/ {elsewhere or "https://elsewhere.localhost"}/
""",
            modules=_MODULES,
        )

    def let_in(self, name: str) -> int:
        """How many requests of an officer were answered with a page."""
        return len(re.findall(rf"let in: {re.escape(name)}@", self.log_text()))

    def shown(self) -> int:
        """How many requests came with a ticket."""
        return self.log_text().count("shown a ticket")


def running_rosters(
    certificates: Certificates, realm: Realm, *, elsewhere: str = ""
) -> AbstractContextManager[Rosters]:
    """The started rosters, ended and deleted afterwards."""
    return running("rosters", lambda folder: Rosters(folder, certificates.server, realm, elsewhere=elsewhere))
