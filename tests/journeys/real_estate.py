"""A station for real servers that nobody here wrote, made of a station file and catalogue files alone.

Every server is of the test's own: the journeys count what it was asked. Their folders are left out where the station
searches for what an officer left: what a system keeps of its callers is the system's own.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.demo.programs import records_console
from launcher.grants.client_certificate import from_pkcs12
from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store, key_store
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from tests.servers import django_admin, dokuwiki, nginx, oidc
from tests.servers.apache_oidc import READY as WARRANTS_READY
from tests.servers.apache_oidc import Warrants, running_warrants
from tests.servers.basic_apache import READY as RECORDS_READY
from tests.servers.basic_apache import Records, running_records
from tests.servers.certificates import Certificates, certificates
from tests.servers.django_admin import DjangoAdmin, running_django_admin
from tests.servers.dokuwiki import DokuWiki, running_dokuwiki
from tests.servers.nginx import Armoury, running_armoury
from tests.servers.oidc import CLIENT_ID, REDIRECT_URI, OidcProvider, running_oidc_provider
from tests.servers.people import ALICE, PASSWORD
from tests.servers.slapd import BASE_DN, LOOKUP_DN, LOOKUP_PASSWORD, Slapd, running_slapd

ROOT = Path(__file__).resolve().parents[2]
OFFICER = OfficerId(f"ldap:{BASE_DN}", ALICE.entry_uuid)
SYSTEMS = (
    *("warrants", "station-wiki", "custody-admin", "records-archive", "case-file"),
    *("briefing-board", "exhibit-store"),
)


@dataclass(frozen=True, slots=True)
class Estate:
    """The running servers, and the station's files."""

    station: Path
    state: Path
    servers: Path
    directory: Slapd
    provider: OidcProvider
    warrants: Warrants
    wiki: DokuWiki
    admin: DjangoAdmin
    records: Records
    store: Armoury

    def keep(self, system: str, user_name: str, password: str) -> None:
        """Put the officer's own name and password for a system into the sealed store, as an earlier sitting would."""
        self._put(system, Credential(user_name, Secret(password)))

    def keep_certificate(self) -> None:
        """Put a certificate of the officer's there, as it is after it has worked."""
        sealed = self.store.issue(ALICE.name).pkcs12(PASSWORD)
        self._put("certificate:officer", from_pkcs12(sealed, Secret(PASSWORD)).kept_as())

    def _put(self, name: str, credential: Credential) -> None:
        asyncio.run(credential_store("file", self.state).put(OFFICER, name, credential))


@contextmanager
def running_estate(folder: Path) -> Iterator[Estate]:
    """Start every server and write the station's files into ``folder``."""
    with ExitStack() as stack:
        servers = stack.enter_context(_servers_apart())
        made = stack.enter_context(certificates())
        directory = stack.enter_context(running_slapd(made))
        provider = stack.enter_context(running_oidc_provider(made))
        estate = Estate(
            station=folder / "station.toml",
            state=folder / "state",
            servers=servers,
            directory=directory,
            provider=provider,
            warrants=stack.enter_context(running_warrants(provider, made)),
            wiki=stack.enter_context(running_dokuwiki()),
            admin=stack.enter_context(running_django_admin()),
            records=stack.enter_context(running_records(made)),
            store=stack.enter_context(running_armoury(made)),
        )
        _write(estate, made)
        yield estate


@contextmanager
def _servers_apart() -> Iterator[Path]:
    """Let the servers' folders be made in one that the station is told to leave out: they know what officers type."""
    before = tempfile.tempdir
    apart = Path(tempfile.mkdtemp(prefix="estate-"))
    apart.chmod(0o711)  # Apache serves its pages as another account where root starts it
    tempfile.tempdir = str(apart)
    try:
        yield apart
    finally:
        tempfile.tempdir = before
        shutil.rmtree(apart, ignore_errors=True)


def _write(estate: Estate, made: Certificates) -> None:
    estate.state.mkdir(mode=0o700)
    keys = key_store("file", estate.state)
    assert keys is not None
    keys.put("directory-search", Secret(LOOKUP_PASSWORD))
    estate.station.write_text(_station(estate, made))
    catalogue = estate.station.parent / "catalogue"
    catalogue.mkdir()
    accounts = estate.station.parent / "accounts.json"
    accounts.write_text(_accounts())
    for system, text in _entries(estate, accounts).items():
        (catalogue / f"{system}.toml").write_text(text)


def _station(estate: Estate, made: Certificates) -> str:
    return f"""\
[station]
terminal = "FD-02"
place = "Front desk"
helpdesk = "ext. 4100"
fullscreen = false

[sign_in]
methods = ["directory", "federated"]

[directory]
servers = ["{estate.directory.ldaps_url}"]
ca_file = "{made.ca}"
base = "{BASE_DN}"
search_as = "{LOOKUP_DN}"

[federated]
authority = "{estate.provider.issuer}"
client_id = "{CLIENT_ID}"
redirect_uri = "{REDIRECT_URI}"
scopes = ["openid", "profile", "offline_access"]
ca_file = "{made.ca}"
number_claim = "number"

[federated.logon]
steps = [
    {{ do = "fill", field = "{oidc.USERNAME}", value = "{{username}}" }},
    {{ do = "fill", field = "{oidc.PASSWORD_FIELD}", value = "{{password}}" }},
    {{ do = "press", control = "{oidc.SUBMIT}" }},
]
markers = [{{ means = "failed", selector = "{oidc.FAILURE}" }}]

[web]
hosts = ["*.localhost"]
private_ca_file = "{made.ca}"

[programs]
executables = ["{sys.executable}"]

[credentials]
keep = "file"
"""


def _entries(estate: Estate, accounts: Path) -> dict[str, str]:
    return {
        "warrants": _page("Warrants Register", estate.warrants.url, "federated", WARRANTS_READY, groups=["custody"]),
        "station-wiki": _page("Station Wiki", estate.wiki.url, "form", dokuwiki.READY, credential="store")
        + _form(dokuwiki.USERNAME, dokuwiki.PASSWORD_FIELD, dokuwiki.SUBMIT, dokuwiki.FAILURE),
        "custody-admin": _page("Custody Admin", estate.admin.url, "form", django_admin.READY, credential="sign-in")
        + _form(django_admin.USERNAME, django_admin.PASSWORD_FIELD, django_admin.SUBMIT, django_admin.FAILURE),
        "records-archive": _page("Records Archive", estate.records.url, "basic", RECORDS_READY, credential="sign-in"),
        "briefing-board": _page("Briefing Board", _board(estate), "endpoint", dokuwiki.READY, credential="store")
        + _endpoint(_board(estate)),
        "exhibit-store": _page("Exhibit Store", estate.store.url, "certificate", nginx.READY),
        "case-file": _program("Case File", accounts),
        "armoury": _page("Armoury", f"{estate.admin.origin}/armoury", "none", "main", groups=["firearms"]),
    }


def _page(
    name: str, url: str, sign_on: str, ready: str, *, credential: str = "", groups: list[str] | None = None
) -> str:
    own = f'credential = "{credential}"\n' if credential else ""
    return f"""\
name = "{name}"
kind = "web"
groups = {json.dumps(groups or ["all-staff"])}

[web]
url = "{url}"
sign_on = "{sign_on}"
{own}
[[marker]]
means = "ready"
selector = "{ready}"
"""


def _form(user_name: str, password: str, submit: str, failure: str) -> str:
    return f"""
[[step]]
do = "fill"
field = '{user_name}'
value = "{{username}}"

[[step]]
do = "fill"
field = '{password}'
value = "{{password}}"

[[step]]
do = "press"
control = '{submit}'

[[marker]]
means = "failed"
selector = "{failure}"
"""


def _board(estate: Estate) -> str:
    """The wiki once more under another name: a browser would take who is signed on to the one for signed on to both."""
    return estate.wiki.url.replace("wiki.localhost", "board.localhost")


def _endpoint(url: str) -> str:
    return f"""
[web.endpoint]
url = "{url}?id=start"
fields = {{ do = "login", u = "{{username}}", p = "{{password}}" }}
ready_status = [302]
"""


def _program(name: str, accounts: Path) -> str:
    argv = [sys.executable, records_console.__file__, "--title", name, "--accounts", str(accounts)]
    return f"""\
name = "{name}"
kind = "program"

[program]
argv = {json.dumps(argv)}
give = "stdin"
credential = "sign-in"
lines = ["{{username}}", "{{password}}"]

[[marker]]
means = "ready"
text = "READY:"

[[marker]]
means = "failed"
text = "REFUSED:"
"""


def _accounts() -> str:
    salt = b"salt of the tests"
    digest = hashlib.scrypt(PASSWORD.encode(), salt=salt, n=2**12, r=8, p=1)
    return json.dumps({ALICE.uid: {"salt": salt.hex(), "hash": digest.hex()}})
