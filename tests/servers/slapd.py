"""OpenLDAP's slapd with TLS, password policy and memberOf, holding the officers of :mod:`tests.servers.people`.

Reached as ``ldaps://localhost:<ldaps_port>`` and, with StartTLS, ``ldap://localhost:<ldap_port>``; a bind in clear is
refused. It is seeded and changed over a private Unix socket, where the account that started it is the administrator.
"""

from __future__ import annotations

import base64
import contextlib
import datetime
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.people import GROUPS, NESTED_GROUPS, PASSWORD, PEOPLE, Person
from tests.servers.process import LOOPBACK, accepts_unix, clean_environment, files_missing, programs_missing
from tests.servers.server import Server, running

BASE_DN = "dc=station,dc=test"
PEOPLE_DN = f"ou=people,{BASE_DN}"
GROUPS_DN = f"ou=groups,{BASE_DN}"
LOOKUP_DN = f"cn=lookup,ou=services,{BASE_DN}"
"""The account a station may use to find an officer's entry."""
LOOKUP_PASSWORD = "Lookup-Pw-1!"
USER_FILTER = "(uid={})"

MAX_FAILURES = 3
"""Wrong passwords after which an account is locked."""
MAX_AGE_DAYS, WARN_DAYS, GRACE_LOGONS = 90, 14, 3

_STATE_AGE_DAYS = {"expired": MAX_AGE_DAYS + 5, "grace": MAX_AGE_DAYS + 5, "warning": MAX_AGE_DAYS - 5}
_LOCKED_FOR_GOOD = "000001010000Z"
_DAY_S = 86400
_PACKAGES = "slapd ldap-utils"


def missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing(_PACKAGES, "slapd", "ldapmodify", "ldapsearch") or files_missing(
        _PACKAGES, "/etc/ldap/schema/core.schema", "/usr/lib/ldap/back_mdb.la"
    )


def user_dn(uid: str) -> str:
    """The distinguished name of an officer's entry."""
    return f"uid={uid},{PEOPLE_DN}"


def group_dn(name: str) -> str:
    return f"cn={name},{GROUPS_DN}"


class Slapd(Server):
    """One directory; stop and start it at will, its data and ports stay."""

    def __init__(self, folder: Path, certificate: ServerCertificate, ca: Path, *, anonymous_read: bool = False) -> None:
        super().__init__(folder, "localhost", scheme="ldap", ports=2)
        self.ca = ca
        self.ldap_port, self.ldaps_port = self.ports
        self._socket = folder / "ldapi"
        self._control_url = f"ldapi://{quote(str(self._socket), safe='')}"
        (folder / "data").mkdir()
        config = folder / "slapd.conf"
        config.write_text(_configuration(folder, certificate, ca, anonymous_read=anonymous_read))
        urls = f"ldap://{LOOPBACK}:{self.ldap_port} ldaps://{LOOPBACK}:{self.ldaps_port} {self._control_url}"
        # "stats": each bind with its name and answer, never a password.
        self.runs(
            *("slapd", "-f", str(config), "-h", urls, "-d", "stats"),
            ready=lambda: self.accepts() and accepts_unix(self._socket),
        )

    @property
    def ldaps_url(self) -> str:
        return f"ldaps://localhost:{self.ldaps_port}"

    @property
    def ldap_url(self) -> str:
        """For StartTLS; without it every bind is refused."""
        return f"ldap://localhost:{self.ldap_port}"

    def bind_count(self, dn: str) -> int:
        """How many simple binds were sent under this name since the start, whatever the answer."""
        return len(re.findall(rf'BIND dn="{re.escape(dn)}" method=128', self.log_text()))

    # What the tests change.

    def lock(self, uid: str) -> None:
        """Lock the account until an administrator opens it."""
        self._replace(uid, "pwdAccountLockedTime", _LOCKED_FOR_GOOD)

    def unlock(self, uid: str) -> None:
        """Open the account and forget its failures."""
        self._replace(uid, "pwdAccountLockedTime")
        self._replace(uid, "pwdFailureTime")

    def must_change(self, uid: str) -> None:
        """Make the officer change the password before anything else."""
        self._replace(uid, "pwdReset", "TRUE")

    def age_password(self, uid: str, days: float) -> None:
        """Make the password ``days`` old; see :data:`MAX_AGE_DAYS` and :data:`WARN_DAYS`."""
        self._replace(uid, "pwdChangedTime", _time_before_now(days))

    def set_password(self, uid: str, password: str = PASSWORD) -> None:
        """Give the officer this password, as an administrator would, with every refused state taken back."""
        self._replace(uid, "userPassword", password)
        self._replace(uid, "pwdReset")
        self.unlock(uid)

    def failures(self, uid: str) -> tuple[str, ...]:
        """The times of the wrong passwords the directory counts against this officer, one for each attempt."""
        return self.attribute(uid, "pwdFailureTime")

    def attribute(self, uid: str, name: str) -> tuple[str, ...]:
        """The values of one attribute of an officer's entry, as the administrator sees them."""
        ldif = self._client("ldapsearch", ["-LLL", "-o", "ldif-wrap=no", "-b", user_dn(uid), "-s", "base", name])
        values = []
        for line in ldif.splitlines():
            label, _, value = line.partition(":")
            if label.lower() != name.lower():
                continue
            encoded = value.startswith(":")
            values.append(base64.b64decode(value[1:]).decode() if encoded else value.strip())
        return tuple(values)

    def add(self, ldif: str) -> None:
        """Add or change entries; the text is LDIF."""
        # "relax" lets the administrator write what the directory otherwise keeps for itself: ids and times.
        self._client("ldapmodify", ["-a", "-e", "relax"], ldif)

    def _replace(self, uid: str, attribute: str, *values: str) -> None:
        lines = [f"dn: {user_dn(uid)}", "changetype: modify", f"replace: {attribute}"]
        self.add("\n".join([*lines, *(f"{attribute}: {value}" for value in values), ""]))

    def _client(self, program: str, options: Sequence[str], text: str = "") -> str:
        done = subprocess.run(
            [program, "-Q", "-Y", "EXTERNAL", "-H", self._control_url, *options],
            input=text,
            capture_output=True,
            text=True,
            timeout=20,
            env=clean_environment(self.folder) | {"LDAPNOINIT": "1"},
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed ({done.returncode}): {done.stderr}\n{self.process.log_tail()}")
        return done.stdout


@contextlib.contextmanager
def running_slapd(
    certificates: Certificates, *, certificate: ServerCertificate | None = None, anonymous_read: bool = False
) -> Iterator[Slapd]:
    """A started and seeded directory, ended and deleted afterwards; ``certificate`` may be one of the bad ones."""
    with running(
        "slapd",
        lambda folder: Slapd(
            folder, certificate or certificates.server, certificates.ca, anonymous_read=anonymous_read
        ),
    ) as directory:
        directory.add(seed())
        yield directory


@contextlib.contextmanager
def running_slapd_pair(certificates: Certificates) -> Iterator[tuple[Slapd, Slapd]]:
    """Two directories with the same entries and ids, for failover."""
    with running_slapd(certificates) as first, running_slapd(certificates) as second:
        yield first, second


def seed() -> str:
    """The whole directory as LDIF: policies, officers in their states, groups in groups."""
    entries = [
        _entry(
            BASE_DN, ("objectClass", "dcObject"), ("objectClass", "organization"), ("o", "Station"), ("dc", "station")
        ),
        *(
            _entry(f"ou={unit},{BASE_DN}", ("objectClass", "organizationalUnit"), ("ou", unit))
            for unit in ("people", "groups", "policies", "services")
        ),
        _policy("default", grace_logons=0),
        _policy("grace", grace_logons=GRACE_LOGONS),
        _entry(
            LOOKUP_DN,
            ("objectClass", "device"),
            ("objectClass", "simpleSecurityObject"),
            ("cn", "lookup"),
            ("userPassword", LOOKUP_PASSWORD),
        ),
        *(_officer(person) for person in PEOPLE),
        # Inner groups first, so that memberOf finds the entry it writes into.
        *(_group(name) for name in GROUPS),
    ]
    return "\n".join(entries)


def _officer(person: Person) -> str:
    given, _, family = person.name.partition(" ")
    lines = [
        ("objectClass", "inetOrgPerson"),
        ("uid", person.uid),
        ("cn", person.name),
        ("givenName", given),
        ("sn", family),
        ("displayName", person.name),
        ("mail", person.mail),
        ("employeeNumber", person.number),
        ("userPassword", PASSWORD),
        ("entryUUID", person.entry_uuid),
    ]
    if person.state == "grace":
        lines.append(("pwdPolicySubentry", f"cn=grace,ou=policies,{BASE_DN}"))
    if person.state in _STATE_AGE_DAYS:
        lines.append(("pwdChangedTime", _time_before_now(_STATE_AGE_DAYS[person.state])))
    if person.state == "locked":
        lines.append(("pwdAccountLockedTime", _LOCKED_FOR_GOOD))
    if person.state == "must change":
        lines.append(("pwdReset", "TRUE"))
    return _entry(user_dn(person.uid), *lines)


def _group(name: str) -> str:
    members = [user_dn(person.uid) for person in PEOPLE if name in person.groups]
    members += [group_dn(inner) for inner, outer in NESTED_GROUPS.items() if name in outer]
    return _entry(
        group_dn(name), ("objectClass", "groupOfNames"), ("cn", name), *(("member", member) for member in members)
    )


def _policy(name: str, *, grace_logons: int) -> str:
    return _entry(
        f"cn={name},ou=policies,{BASE_DN}",
        ("objectClass", "device"),
        ("objectClass", "pwdPolicy"),
        ("cn", name),
        ("pwdAttribute", "userPassword"),
        ("pwdLockout", "TRUE"),
        ("pwdMaxFailure", str(MAX_FAILURES)),
        ("pwdLockoutDuration", "1800"),
        ("pwdFailureCountInterval", "1800"),
        ("pwdMustChange", "TRUE"),
        ("pwdAllowUserChange", "TRUE"),
        ("pwdMinLength", "8"),
        ("pwdCheckQuality", "1"),
        ("pwdInHistory", "3"),
        ("pwdSafeModify", "FALSE"),
        ("pwdMaxAge", str(MAX_AGE_DAYS * _DAY_S)),
        ("pwdExpireWarning", str(WARN_DAYS * _DAY_S)),
        ("pwdGraceAuthNLimit", str(grace_logons)),
    )


def _entry(dn: str, *attributes: tuple[str, str]) -> str:
    return "\n".join([f"dn: {dn}", *(f"{name}: {value}" for name, value in attributes), ""])


def _time_before_now(days: float) -> str:
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)).strftime("%Y%m%d%H%M%SZ")


def _configuration(folder: Path, certificate: ServerCertificate, ca: Path, *, anonymous_read: bool) -> str:
    readers = "*" if anonymous_read else "users"
    administrator = f"gidNumber={os.getgid()}+uidNumber={os.getuid()},cn=peercred,cn=external,cn=auth"
    return f"""\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
moduleload memberof
moduleload refint
pidfile {folder}/slapd.pid
argsfile {folder}/slapd.args
TLSCACertificateFile {ca}
TLSCertificateFile {certificate.certificate}
TLSCertificateKeyFile {certificate.key}
TLSProtocolMin 3.3
security simple_bind=128
localSSF 256
password-hash {{SSHA}}
database mdb
suffix "{BASE_DN}"
rootdn "{administrator}"
directory {folder}/data
maxsize 67108864
dbnosync
index objectClass,uid,cn,mail,employeeNumber,member,memberOf eq
overlay memberof
memberof-refint true
overlay refint
refint_attributes member memberOf
overlay ppolicy
ppolicy_default "cn=default,ou=policies,{BASE_DN}"
ppolicy_use_lockout
ppolicy_hash_cleartext
access to attrs=userPassword by self =xw by anonymous auth by * none
access to * by {readers} read by anonymous auth by * none
"""
