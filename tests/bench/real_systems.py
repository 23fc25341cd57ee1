"""Real web systems of kinds that the demo lacks: by ticket, by a SAML and a CAS provider, in an installed browser.

Each is an entry of a station, and a logon that automation does in a browser of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.grants.keeping import key_store
from launcher.secret import Secret
from tests.bench.driven_chromium import DrivenChromium
from tests.bench.estates import Files, directory_station
from tests.servers import apache_cas, apache_gssapi, cas, dokuwiki, kdc, mellon, simplesaml, slapd
from tests.servers.certificates import certificates
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import ALICE, PASSWORD
from tests.servers.slapd import BASE_DN, LOOKUP_DN, LOOKUP_PASSWORD

TICKETS_TO = apache_gssapi.HOST


@dataclass(frozen=True, slots=True)
class Form:
    """A logon page, and what shows that its logon has failed and has not."""

    user_name: str
    password: str
    submit: str
    failure: str
    ready: str


SAML = Form(simplesaml.USERNAME, simplesaml.PASSWORD_FIELD, simplesaml.SUBMIT, simplesaml.FAILURE, simplesaml.READY)
CAS = Form(cas.USERNAME, cas.PASSWORD_FIELD, cas.SUBMIT, cas.FAILURE, cas.READY)
WIKI = Form(dokuwiki.USERNAME, dokuwiki.PASSWORD_FIELD, dokuwiki.SUBMIT, dokuwiki.FAILURE, dokuwiki.READY)


@dataclass(frozen=True, slots=True)
class RealSystem:
    """One system: ``form`` is what a browser meets that nobody has signed on, none where a ticket is taken."""

    id: str
    what: str
    url: str
    ready: str
    entry: str
    form: Form | None = None
    managed: bool = False

    async def sign_on(self, chromium: DrivenChromium, realm: Kdc) -> None:
        """Open it and sign on to it, until its work is seen."""
        if self.form is None:
            realm.ticket(ALICE.uid)
        await chromium.open(self.url)
        if self.form is not None:
            await chromium.fill(self.form.user_name, ALICE.uid)
            await chromium.fill(self.form.password, PASSWORD)
            await chromium.press(self.form.submit)
        await chromium.seen(self.ready)


@dataclass(frozen=True, slots=True)
class RealEstate:
    """The running servers and the station's files; ``ticket`` is what a browser's environment says of tickets."""

    files: Files
    systems: tuple[RealSystem, ...]
    realm: Kdc
    ticket: Mapping[str, str]


@contextmanager
def real_estate(folder: Path) -> Iterator[RealEstate]:
    """Start the servers, and write a station for them."""
    with ExitStack() as stack:
        made = stack.enter_context(certificates())
        directory = stack.enter_context(slapd.running_slapd(made))
        realm = stack.enter_context(kdc.running_kdc())
        realm.add_people()
        rosters = stack.enter_context(apache_gssapi.running_rosters(made, realm))
        saml = stack.enter_context(simplesaml.running_simplesaml(made))
        exhibits = stack.enter_context(mellon.running_exhibits(saml, made))
        cas_server = stack.enter_context(cas.running_cas(made))
        courts = stack.enter_context(apache_cas.running_courts(cas_server, made))
        wiki = stack.enter_context(dokuwiki.running_dokuwiki())
        systems = (
            _by_ticket("rosters", rosters.url),
            _by_ticket("rosters-managed", rosters.url, managed=True),
            _federated("exhibits", "SAML", exhibits.by_redirect, "exhibits", SAML),
            _federated("courts", "CAS", courts.url, "courts", CAS),
            _by_form("wiki", wiki.url),
            _by_form("wiki-managed", wiki.url, managed=True),
        )
        files = directory_station(
            folder,
            server=directory.ldaps_url,
            ca_file=made.ca,
            base=BASE_DN,
            read_account=LOOKUP_DN,
            more=f"""\
[kerberos]
realm = "{REALM}"
config = "{realm.config}"
hosts = ["{TICKETS_TO}"]

[web]
hosts = ["*.localhost"]
private_ca_file = "{made.ca}"

{_provider("exhibits", saml.logon_url, SAML)}
{_provider("courts", cas_server.logon_url, CAS)}
""",
            entries={one.id: one.entry for one in systems},
        )
        keys = key_store("file", files.state)
        assert keys is not None
        keys.put("directory-search", Secret(LOOKUP_PASSWORD))
        cache = realm.ticket(ALICE.uid)
        yield RealEstate(files, systems, realm, {"KRB5_CONFIG": str(realm.config), "KRB5CCNAME": f"FILE:{cache}"})


def _by_ticket(system: str, url: str, *, managed: bool = False) -> RealSystem:
    entry = _entry(system, url, "kerberos", apache_gssapi.READY, managed=managed)
    return RealSystem(system, "kerberos: mod_auth_gssapi", url, apache_gssapi.READY, entry, managed=managed)


def _federated(system: str, kind: str, url: str, provider: str, form: Form) -> RealSystem:
    assert mellon.READY == "main#ready" == apache_cas.READY
    entry = _entry(system, url, "federated", mellon.READY, f'provider = "{provider}"')
    return RealSystem(system, f"federated, {kind}: with its provider's logon", url, mellon.READY, entry, form)


def _by_form(system: str, url: str, *, managed: bool = False) -> RealSystem:
    entry = _entry(system, url, "form", WIKI.ready, 'credential = "sign-in"', managed=managed)
    entry += "".join(f"[[step]]\n{one}\n" for one in _steps(WIKI, "\n"))
    entry += f"[[marker]]\nmeans = \"failed\"\nselector = '{WIKI.failure}'\n"
    return RealSystem(system, "form: DokuWiki", url, WIKI.ready, entry, WIKI, managed)


def _entry(system: str, url: str, sign_on: str, ready: str, more: str = "", *, managed: bool = False) -> str:
    browser = 'browser = "managed"' if managed else ""
    return f"""\
name = "{system}"
kind = "web"
[web]
url = "{url}"
sign_on = "{sign_on}"
{more}
{browser}
[[marker]]
means = "ready"
selector = '{ready}'
"""


def _provider(name: str, url: str, form: Form) -> str:
    steps = ", ".join(f"{{ {one} }}" for one in _steps(form, ", "))
    return f"""\
[[provider]]
name = "{name}"
label = "{name}"
url = "{url}"
[provider.logon]
steps = [{steps}]
markers = [{{ means = "ready", selector = '{form.ready}' }}, {{ means = "failed", selector = '{form.failure}' }}]
"""


def _steps(form: Form, apart: str) -> list[str]:
    return [
        apart.join(('do = "fill"', f"field = '{form.user_name}'", 'value = "{username}"')),
        apart.join(('do = "fill"', f"field = '{form.password}'", 'value = "{password}"')),
        apart.join(('do = "press"', f"control = '{form.submit}'")),
    ]
