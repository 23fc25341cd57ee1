"""A Samba domain controller: a real Active Directory with LDAP over TLS, Kerberos, nested groups and lockout.

Its ports are fixed, so that it has an address of the loopback for itself. Root only: the ports are below 1024.
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.servers.certificates import CONTROLLER, Certificates
from tests.servers.people import DOMAIN, GROUPS, NESTED_GROUPS, PASSWORD, PEOPLE
from tests.servers.process import accepts, clean_environment, files_missing, programs_missing
from tests.servers.server import Server, running

REALM: Final = DOMAIN.upper()
WORKGROUP: Final = "STATION"
BASE: Final = ",".join(f"DC={part}" for part in DOMAIN.split("."))
OFFICERS: Final = f"OU=Officers,{BASE}"
HOST: Final = f"dc1.{DOMAIN}"
SERVICES: Final = ("HTTP/rosters.localhost",)
LOCKS_AFTER: Final = 3
"""So many wrong passwords lock an account."""

_LDAPS, _KERBEROS = 636, 88
_PYTHON: Final = "/usr/bin/python3"
_PACKAGES: Final = "samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind python3-samba"


@dataclass(frozen=True, slots=True)
class Account:
    """An officer of the domain and what it refuses them for, if anything."""

    name: str
    number: str
    shown: str
    groups: tuple[str, ...] = ()
    state: str = "ordinary"


ACCOUNTS: Final = (
    *(Account(one.uid, one.number, one.name, one.groups) for one in PEOPLE),
    Account("must-change", "8001", "Must Change", state="must change"),
    Account("expired", "8002", "Password Expired", state="expired"),
    Account("switched-off", "8003", "Switched Off", state="disabled"),
    Account("ended", "8004", "Account Ended", state="ended"),
    Account("night-only", "8005", "Night Only", state="hours"),
    Account("elsewhere", "8006", "Else Where", state="elsewhere"),
    Account("card-only", "8007", "Card Only", state="card"),
    Account("to-lock", "8008", "To Lock"),
    Account("reader", "8009", "Read Account"),
    Account("to-change", "8010", "To Change", state="must change"),
    Account("to-renew", "8011", "To Renew", state="expired"),
)
"""All have the password of all servers. ``to-lock`` is for a test to lock, ``reader`` for a station to search by,
``to-change`` and ``to-renew`` for one to give a new password.
"""


def missing() -> str | None:
    """What is not there, if anything."""
    if os.geteuid() != 0:
        return "this is not root"
    return programs_missing(_PACKAGES, "samba", "samba-tool") or files_missing(
        _PACKAGES,
        _PYTHON,
        "/usr/lib/python3/dist-packages/samba/samdb.py",
        "/usr/share/samba/setup/provision.ldif",
    )


class Samba(Server):
    """The controller ``dc1.station.test`` of the domain ``STATION.TEST``; its ports are those of its kind."""

    start_within_s = 100.0

    def __init__(self, folder: Path, certificates: Certificates) -> None:
        super().__init__(folder, CONTROLLER, scheme="ldaps", ports=0)
        self.address = CONTROLLER
        self.url = f"ldaps://{CONTROLLER}:{_LDAPS}"
        self.ca_file = certificates.ca
        self.config = folder / "krb5.conf"
        self._smb = folder / "smb.conf"
        self._provision()
        self._write(certificates)
        self._seed()
        self.runs(
            *("samba", "-s", str(self._smb), "-i", "-M", "prefork"),
            ready=lambda: accepts(_LDAPS, CONTROLLER) and accepts(_KERBEROS, CONTROLLER),
            env={"TDB_NO_FSYNC": "1", "KRB5_CONFIG": str(self.config)},
        )

    def dn(self, name: str) -> str:
        """The entry of an officer."""
        return f"CN={name},{OFFICERS}"

    def keytab(self, service: str) -> Path:
        """Return the file with a service's key; the services are those of :data:`SERVICES`."""
        file = self.folder / f"{service.replace('/', '-')}.keytab"
        if not file.exists():
            self._tool("domain", "exportkeytab", str(file), f"--principal={service}", f"--configfile={self._smb}")
        return file

    def _provision(self) -> None:
        (self.folder / "empty.conf").write_text("[global]\n")
        self._tool(
            "domain",
            "provision",
            f"--configfile={self.folder / 'empty.conf'}",
            f"--realm={REALM}",
            f"--domain={WORKGROUP}",
            f"--host-name={HOST.partition('.')[0]}",
            f"--host-ip={CONTROLLER}",
            "--server-role=dc",
            "--dns-backend=NONE",
            f"--adminpass={PASSWORD}",
            f"--targetdir={self.folder}",
            f"--option=interfaces={CONTROLLER}/8",
            "--option=bind interfaces only=yes",
        )

    def _write(self, certificates: Certificates) -> None:
        folder, certificate = self.folder, certificates.server
        self._smb.write_text(
            f"""\
[global]
workgroup = {WORKGROUP}
realm = {REALM}
netbios name = {HOST.partition(".")[0].upper()}
server role = active directory domain controller
server services = ldap, kdc
dcerpc endpoint servers =
prefork children = 1
interfaces = {CONTROLLER}/8
bind interfaces only = yes
private dir = {folder / "private"}
state directory = {folder / "state"}
cache directory = {folder / "cache"}
lock directory = {folder}
pid directory = {folder}
ncalrpc dir = {folder / "ncalrpc"}
winbindd socket directory = {folder / "winbindd"}
ntp signd socket directory = {folder / "ntp_signd"}
binddns dir = {folder / "bind-dns"}
tls enabled = yes
tls keyfile = {certificate.key}
tls certfile = {certificate.certificate}
tls cafile = {certificates.ca}
ntlm auth = disabled
ldap server require strong auth = yes
log level = 1 auth_audit:3
log file = {folder / "samba-audit.log"}
max log size = 0
load printers = no
disable spoolss = yes
"""
        )
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
  kdc = {CONTROLLER}:{_KERBEROS}
}}
[domain_realm]
localhost = {REALM}
.localhost = {REALM}
{DOMAIN} = {REALM}
.{DOMAIN} = {REALM}
"""
        )

    def _seed(self) -> None:
        asked = {
            "password": PASSWORD,
            "groups": GROUPS,
            "nested": NESTED_GROUPS,
            "services": SERVICES,
            "people": [
                {
                    "name": one.name,
                    "mail": f"{one.name}@{DOMAIN}",
                    "shown": one.shown,
                    "number": one.number,
                    "groups": one.groups,
                    "state": one.state,
                }
                for one in ACCOUNTS
            ],
        }
        seed = Path(__file__).with_name("samba_seed.py")
        # -P: beside the script lies this module, which has the name of the library.
        self._run((_PYTHON, "-P", str(seed), str(self._smb)), given=json.dumps(asked))

    def _tool(self, *arguments: str) -> None:
        self._run(("samba-tool", *arguments))

    def _run(self, argv: tuple[str, ...], given: str = "") -> None:
        # A domain of one test run need not outlive a power cut.
        environment = clean_environment(self.folder) | {"TDB_NO_FSYNC": "1"}
        ran = subprocess.run(
            argv, input=given, text=True, capture_output=True, check=False, timeout=120, env=environment
        )
        if ran.returncode:
            raise RuntimeError(
                f"{argv[0]} ended with status {ran.returncode}:\n{ran.stdout[-2000:]}{ran.stderr[-4000:]}"
            )


def running_samba(certificates: Certificates) -> AbstractContextManager[Samba]:
    """The started controller, ended and deleted afterwards."""
    return running("samba", lambda folder: Samba(folder, certificates))
