"""MIT's Kerberos KDC with one realm, in a folder of its own; ``kinit`` gets a ticket for a password from a pipe."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from tests.servers.card_authority import CardAuthority
from tests.servers.people import ALICE, BOB, PASSWORD
from tests.servers.process import LOOPBACK, clean_environment, programs_missing
from tests.servers.server import Server, running

REALM: Final = "STATION.TEST"
_REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    "expired": ("-pwexpire", "yesterday"),
    "must-change": ("+needchange",),
    "switched-off": ("-allow_tix",),
    "ended": ("-expire", "yesterday"),
    "wrong-once": (),
}
_PACKAGES = "krb5-kdc krb5-admin-server krb5-user"


def missing() -> str | None:
    """What is not there, if anything; a ticket is of no use without the package that shows it."""
    if not importlib.util.find_spec("gssapi"):
        return "the Python package gssapi is not there for this Python"
    return programs_missing(_PACKAGES, "krb5kdc", "kdb5_util", "kadmin.local", "kinit")


class Kdc(Server):
    """The realm ``STATION.TEST``."""

    def __init__(self, folder: Path, cards: CardAuthority | None = None) -> None:
        super().__init__(folder)
        self.config = folder / "krb5.conf"
        self.config.write_text(
            f"""\
[libdefaults]
default_realm = {REALM}
renew_lifetime = 7d
dns_lookup_kdc = false
dns_lookup_realm = false
dns_canonicalize_hostname = false
rdns = false
udp_preference_limit = 1
[realms]
{REALM} = {{
  {cards.trusted if cards is not None else ""}
  kdc = {LOOPBACK}:{self.port}
}}
[domain_realm]
localhost = {REALM}
.localhost = {REALM}
"""
        )
        (folder / "kdc.conf").write_text(
            f"""\
[kdcdefaults]
kdc_listen = {LOOPBACK}:{self.port}
kdc_tcp_listen = {LOOPBACK}:{self.port}
[realms]
{REALM} = {{
  database_name = {folder / "principal"}
  key_stash_file = {folder / "stash"}
  acl_file = {folder / "acl"}
  {cards.shown if cards is not None else ""}
  max_life = 10h
  max_renewable_life = 7d
  supported_enctypes = aes256-cts-hmac-sha1-96:normal
}}
[logging]
kdc = STDERR
"""
        )
        self.environment = {"KRB5_CONFIG": str(self.config), "KRB5_KDC_PROFILE": str(folder / "kdc.conf")}
        self._run("kdb5_util", "create", "-s", "-r", REALM, given="master-key\nmaster-key\n")
        self.runs("krb5kdc", "-n", "-P", str(folder / "pid"), env=self.environment)

    def add(self, name: str, *flags: str, password: str = PASSWORD) -> None:
        """Enter an officer; ``flags`` as kadmin has them, e.g. ``-allow_tix``."""
        given = f"{password}\n{password}\n"
        self._run("kadmin.local", "add_principal", "+requires_preauth", *flags, name, given=given)

    def asked(self, name: str) -> int:
        """How many times a ticket was asked for with an officer's name and not by another ticket of theirs."""
        return self._logged("AS_REQ", name)

    def renewed(self, name: str) -> int:
        """How many tickets were asked for by a ticket of the officer's for the realm itself: renewals."""
        said = self.log_text()
        return sum(1 for line in said.splitlines() if "TGS_REQ" in line and f"{name}@{REALM} for krbtgt/" in line)

    def _logged(self, request: str, name: str) -> int:
        return sum(1 for line in self.log_text().splitlines() if request in line and f" {name}@{REALM} for " in line)

    def failures(self, name: str) -> int:
        """How many wrong passwords the realm has counted for an officer."""
        said = self._run("kadmin.local", "get_principal", name)
        return int(next(line for line in said.splitlines() if line.startswith("Failed password")).rpartition(":")[2])

    def keytab(self, service: str) -> Path:
        """Enter a service and return the file with its key."""
        file = self.folder / f"{service.replace('/', '-')}.keytab"
        self._run("kadmin.local", "add_principal", "-randkey", service)
        self._run("kadmin.local", "ktadd", "-k", str(file), service)
        return file

    def ticket(self, name: str) -> Path:
        """Get an officer's ticket and return its cache."""
        cache = self.folder / f"{name}.cache"
        self._run("kinit", "-c", str(cache), name, given=f"{PASSWORD}\n")
        return cache

    def add_people(self) -> None:
        """Enter the officers of all servers, and one for each way to be refused."""
        self._run("kadmin.local", "add_policy", "-maxfailure", "50", "counts")
        for person in (ALICE, BOB):
            self.add(person.uid)
        for name, flags in _REFUSED.items():
            self.add(name, "-policy", "counts", *flags)

    def _run(self, *argv: str, given: str = "") -> str:
        environment = clean_environment(self.folder) | self.environment
        return subprocess.run(
            argv, input=given, text=True, capture_output=True, check=True, timeout=20, env=environment
        ).stdout


def running_kdc(cards: CardAuthority | None = None) -> AbstractContextManager[Kdc]:
    """The started KDC, ended and deleted afterwards; with ``cards`` it takes their certificates."""
    return running("kdc", lambda folder: Kdc(folder, cards))
