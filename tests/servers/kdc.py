"""MIT's Kerberos KDC with one realm, in a folder of its own; ``kinit`` gets a ticket for a password from a pipe."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.servers.people import PASSWORD
from tests.servers.process import (
    LOOPBACK,
    ReservedPort,
    ServerProcess,
    accepts,
    clean_environment,
    programs_missing,
    server_folder,
)

REALM: Final = "STATION.TEST"
_PACKAGES = "krb5-kdc krb5-admin-server krb5-user"


def missing() -> str | None:
    """What is not there, if anything; a ticket is of no use without the package that shows it."""
    if not importlib.util.find_spec("gssapi"):
        return "the Python package gssapi is not there for this Python"
    return programs_missing(_PACKAGES, "krb5kdc", "kdb5_util", "kadmin.local", "kinit")


class Kdc:
    """The realm ``STATION.TEST``."""

    def __init__(self, folder: Path) -> None:
        self._port = ReservedPort()
        self._folder = folder
        self.config = folder / "krb5.conf"
        self.config.write_text(
            f"""\
[libdefaults]
default_realm = {REALM}
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{REALM} = {{
  kdc = {LOOPBACK}:{self._port.number}
}}
[domain_realm]
localhost = {REALM}
"""
        )
        (folder / "kdc.conf").write_text(
            f"""\
[kdcdefaults]
kdc_listen = {LOOPBACK}:{self._port.number}
kdc_tcp_listen = {LOOPBACK}:{self._port.number}
[realms]
{REALM} = {{
  database_name = {folder / "principal"}
  key_stash_file = {folder / "stash"}
  acl_file = {folder / "acl"}
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
}}
[logging]
kdc = STDERR
"""
        )
        self.environment = {"KRB5_CONFIG": str(self.config), "KRB5_KDC_PROFILE": str(folder / "kdc.conf")}
        self._run("kdb5_util", "create", "-s", "-r", REALM, given="master-key\nmaster-key\n")
        self.process = ServerProcess(
            "krb5kdc",
            ("krb5kdc", "-n", "-P", str(folder / "pid")),
            folder=folder,
            env=self.environment,
            ready=lambda: accepts(self._port.number),
        )

    def add(self, name: str) -> None:
        """Enter an officer, with the password that all have."""
        self._run("kadmin.local", "add_principal", name, given=f"{PASSWORD}\n{PASSWORD}\n")

    def keytab(self, service: str) -> Path:
        """Enter a service and return the file with its key."""
        file = self._folder / f"{service.replace('/', '-')}.keytab"
        self._run("kadmin.local", "add_principal", "-randkey", service)
        self._run("kadmin.local", "ktadd", "-k", str(file), service)
        return file

    def ticket(self, name: str) -> Path:
        """Get an officer's ticket and return its cache."""
        cache = self._folder / f"{name}.cache"
        self._run("kinit", "-c", str(cache), name, given=f"{PASSWORD}\n")
        return cache

    def stop(self) -> None:
        self.process.stop()
        self._port.release()

    def _run(self, *argv: str, given: str = "") -> None:
        environment = clean_environment(self._folder) | self.environment
        subprocess.run(argv, input=given, text=True, capture_output=True, check=True, timeout=20, env=environment)


@contextlib.contextmanager
def running_kdc() -> Iterator[Kdc]:
    """The started KDC, ended and deleted afterwards."""
    with server_folder("kdc") as folder:
        server = Kdc(folder)
        try:
            server.process.start()
            yield server
        finally:
            server.stop()
