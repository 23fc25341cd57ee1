"""Squid as a force has it: an authenticating proxy, in clear and in TLS, that alone knows the names behind it.

Those names stand in its own hosts file and resolve nowhere else on this computer, so what reaches them has gone by it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from tests.servers.certificates import Certificates
from tests.servers.people import PASSWORD, PEOPLE
from tests.servers.process import LOOPBACK, clean_environment, files_missing, once_written, programs_missing
from tests.servers.server import Server, running

BEHIND = "somewhere-else.test"
"""A host behind the proxy; its certificate is ``Certificates.wrong_host``."""

NOT_ALLOWED = "not-for-stations.test"
"""A host that the proxy lets nobody go to."""

TICKET_HOST: Final = "proxy.localhost"
"""The proxy's name where it takes the tickets of a realm."""

_PACKAGES = "squid-openssl apache2-utils"
_NCSA = "/usr/lib/squid/basic_ncsa_auth"
_NEGOTIATE = "/usr/lib/squid/negotiate_kerberos_auth"
_CERTGEN = "/usr/lib/squid/security_file_certgen"
_BUMP = " ssl-bump tls-cert={}/inspecting.pem generate-host-certificates=on"
_ACCOUNT = "proxy"


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing(_PACKAGES, "squid", "htpasswd") or files_missing(_PACKAGES, _NCSA, _NEGOTIATE, _CERTGEN)


class Realm(Protocol):
    """A realm whose tickets the proxy takes."""

    @property
    def config(self) -> Path:
        """The krb5.conf that leads to it."""
        ...

    def keytab(self, service: str) -> Path:
        """Enter a service, once, and return the file with its key."""
        ...


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of the access log."""

    asked: str  # e.g. CONNECT
    place: str  # host:port
    status: int
    who: str  # the name it was let in by, or "-"


class Squid(Server):
    """The proxy at ``url`` (in clear) and ``tls_url``; asks for the name and password of a person."""

    stop_within_s = 0.1
    """It takes a second and more to end by itself, and holds nothing that anybody wants."""

    def __init__(
        self, folder: Path, certificates: Certificates, realm: Realm | None = None, *, looks_into_tls: bool = False
    ) -> None:
        super().__init__(folder, ports=2)
        folder.chmod(0o711)
        self.tls_port = self.ports[1]
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.tls_url = f"https://localhost:{self.tls_port}"
        self._log = folder / "access.log"
        (folder / "hosts").write_text(f"{LOOPBACK} {BEHIND}\n{LOOPBACK} {NOT_ALLOWED}\n")
        self._passwords(folder / "passwords")
        (folder / "tls.pem").write_bytes(certificates.server.certificate.read_bytes())
        (folder / "tls.key").write_bytes(certificates.server.key.read_bytes())
        looking = _looking(folder, certificates) if looks_into_tls else ""
        config = folder / "squid.conf"
        proof = (
            f"auth_param basic program {_NCSA} {folder}/passwords\nauth_param basic children 1\n"
            "auth_param basic realm proxy"
        )
        environment: dict[str, str] = {}
        if realm is not None:
            self.url = f"http://{TICKET_HOST}:{self.port}"
            environment["KRB5_CONFIG"] = str(folder / "krb5.conf")
            shutil.copyfile(realm.config, folder / "krb5.conf")
            shutil.copyfile(realm.keytab(f"HTTP/{TICKET_HOST}"), folder / "keytab")
            proof = (
                f"auth_param negotiate program {_NEGOTIATE} -k {folder}/keytab -s GSS_C_NO_NAME -t none\n"
                "auth_param negotiate children 1 startup=1\nauth_param negotiate keep_alive on"
            )
        config.write_text(
            f"""\
visible_hostname squid.test
http_port {LOOPBACK}:{self.port}{_BUMP.format(folder) if looking else ""}
{looking}
https_port {LOOPBACK}:{self.tls_port} tls-cert={folder}/tls.pem tls-key={folder}/tls.key
pid_filename {folder}/squid.pid
cache_log {folder}/cache.log
logformat told %rm %ru %>Hs %un
access_log stdio:{self._log} logformat=told
cache_store_log none
coredump_dir {folder}
netdb_filename none
pinger_enable off
cache deny all
cache_mem 1 MB
max_filedescriptors 1024
buffered_logs off
shutdown_lifetime 0 seconds
hosts_file {folder}/hosts
dns_nameservers {LOOPBACK}
dns_timeout 1 second
connect_timeout 2 seconds
forwarded_for delete
{f"cache_effective_user {_ACCOUNT}" if os.geteuid() == 0 else ""}
{proof}
acl known proxy_auth REQUIRED
acl closed dstdomain {NOT_ALLOWED}
http_access deny closed
http_access allow known
http_access deny all
"""
        )
        if os.geteuid() == 0:
            for one in (folder, *folder.iterdir()):
                shutil.chown(one, _ACCOUNT, _ACCOUNT)
        self.runs("squid", "-N", "-f", str(config), env=environment)

    def _passwords(self, file: Path) -> None:
        file.touch()
        for person in PEOPLE[:2]:
            subprocess.run(
                ["htpasswd", "-i", "-B", "-C", "4", str(file), person.uid],
                input=PASSWORD,
                text=True,
                check=True,
                capture_output=True,
                timeout=20,
                env=clean_environment(file.parent),
            )

    def logged(self, place: str = "") -> tuple[Logged, ...]:
        """What it was asked for so far, in order, of one ``host:port`` or of all."""
        lines = self._log.read_text().split("\n")[:-1] if self._log.exists() else []
        rows = [line.split() for line in lines]
        # The probes of those who look whether it is there ask for nothing.
        found = [Logged(row[0], row[1], int(row[2]), row[3]) for row in rows if row[0] != "NONE" and row[2] != "0"]
        return tuple(one for one in found if place in ("", one.place))

    def told(self, place: str, at_least: int = 1) -> tuple[Logged, ...]:
        """Return what it was asked for of one ``host:port``, once it has written so many: a tunnel's line is its end's.

        Raises ``TimeoutError``.
        """
        return once_written(lambda: self.logged(place), lambda found: len(found) >= at_least)


def running_squid(
    certificates: Certificates, realm: Realm | None = None, *, looks_into_tls: bool = False
) -> AbstractContextManager[Squid]:
    """The started proxy, ended and deleted afterwards; with a realm it takes its tickets and no passwords.

    ``looks_into_tls``: it opens what goes by it, and shows certificates of its own authority, ``inspecting-ca.pem``.
    """
    return running("squid", lambda folder: Squid(folder, certificates, realm, looks_into_tls=looks_into_tls))


def _looking(folder: Path, certificates: Certificates) -> str:
    """Make the authority that it signs with, and return what its configuration says of looking into TLS."""
    import trustme  # not at the top, as in certificates.py

    authority = trustme.CA(organization_name="The proxy's own CA")
    authority.cert_pem.write_to_path(str(folder / "inspecting-ca.pem"))
    (folder / "inspecting.pem").write_bytes(authority.cert_pem.bytes() + authority.private_key_pem.bytes())
    (folder / "behind-ca.pem").write_bytes(certificates.ca.read_bytes())
    made = [_CERTGEN, "-c", "-s", str(folder / "made"), "-M", "4MB"]
    subprocess.run(made, check=True, capture_output=True, timeout=20)
    for one in ((folder / "made"), *(folder / "made").rglob("*")):
        if os.geteuid() == 0:
            shutil.chown(one, _ACCOUNT, _ACCOUNT)
    return (
        f"sslcrtd_program {_CERTGEN} -s {folder}/made -M 4MB\nsslcrtd_children 1 startup=1\n"
        f"tls_outgoing_options cafile={folder}/behind-ca.pem\nssl_bump bump all\n"
    )
