"""The servers as pytest fixtures; each test that asks for one is skipped, by name, where it is not installed.

Session-scoped ones are shared: a test that changes their state takes the ``fresh_…`` one instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import (
    apache_cas,
    apache_gssapi,
    apache_oidc,
    basic_apache,
    cas,
    cups,
    django_admin,
    dokuwiki,
    kdc,
    linux3270,
    mellon,
    mocker3270,
    nginx,
    oidc,
    radicale,
    samba,
    simplesaml,
    slapd,
    squid,
    sshd,
    telnetd,
    two_factor,
    xvfb,
)
from tests.servers import certificates as certificates_module
from tests.servers import postgresql as postgresql_module
from tests.servers.apache_cas import Courts
from tests.servers.apache_gssapi import Rosters
from tests.servers.apache_oidc import Warrants
from tests.servers.basic_apache import Records
from tests.servers.card_authority import CardAuthority
from tests.servers.cas import CasServer
from tests.servers.certificates import Certificates
from tests.servers.cups import Cups
from tests.servers.django_admin import DjangoAdmin
from tests.servers.dokuwiki import DokuWiki
from tests.servers.fault_proxy import FaultProxy, silent_server
from tests.servers.kdc import Kdc
from tests.servers.linux3270 import Linux3270
from tests.servers.mellon import Exhibits
from tests.servers.mocker3270 import Mocker3270
from tests.servers.nginx import Armoury
from tests.servers.oidc import OidcProvider
from tests.servers.postgresql import PostgreSql
from tests.servers.radicale import Radicale
from tests.servers.samba import Samba
from tests.servers.simplesaml import SimpleSaml
from tests.servers.slapd import Slapd
from tests.servers.squid import Squid
from tests.servers.sshd import Sshd
from tests.servers.telnetd import Telnetd
from tests.servers.two_factor import TwoFactor
from tests.servers.xvfb import Screen


@pytest.fixture(scope="session")
def certificates() -> Iterator[Certificates]:
    """The run's authorities and server certificates."""
    with certificates_module.certificates() as made:
        yield made


@pytest.fixture(scope="session")
def trusted_ca(certificates: Certificates) -> Path:
    """The PEM file of the authority that the good servers' certificates come from."""
    return certificates.ca


@pytest.fixture(scope="session")
def directory(certificates: Certificates) -> Iterator[Slapd]:
    """A shared OpenLDAP: leave the officers as they are, and lock nobody."""
    with slapd.running_slapd(certificates) as server:
        yield server


@pytest.fixture
def fresh_directory(certificates: Certificates) -> Iterator[Slapd]:
    """An OpenLDAP of the test's own."""
    with slapd.running_slapd(certificates) as server:
        yield server


@pytest.fixture
def directory_pair(certificates: Certificates) -> Iterator[tuple[Slapd, Slapd]]:
    """Two OpenLDAPs with the same entries, for failover."""
    with slapd.running_slapd_pair(certificates) as servers:
        yield servers


@pytest.fixture(scope="session")
def provider(certificates: Certificates) -> Iterator[OidcProvider]:
    """A shared OpenID provider with its usual settings; registering a relying party is fine."""
    with oidc.running_oidc_provider(certificates) as server:
        yield server


@pytest.fixture
def fresh_provider(certificates: Certificates) -> Iterator[OidcProvider]:
    """An OpenID provider of the test's own."""
    with oidc.running_oidc_provider(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def warrants(provider: OidcProvider, certificates: Certificates) -> Iterator[Warrants]:
    """A web system that sends its users to the shared ``provider``."""
    with apache_oidc.running_warrants(provider, certificates) as server:
        yield server


@pytest.fixture(scope="session")
def saml_provider(certificates: Certificates) -> Iterator[SimpleSaml]:
    """A shared SAML provider with accounts of its own."""
    with simplesaml.running_simplesaml(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def exhibits(saml_provider: SimpleSaml, certificates: Certificates) -> Iterator[Exhibits]:
    """A web system that sends its users to the shared ``saml_provider``, by redirect and by POST."""
    with mellon.running_exhibits(saml_provider, certificates) as server:
        yield server


@pytest.fixture(scope="session")
def saml_behind(provider: OidcProvider, certificates: Certificates) -> Iterator[SimpleSaml]:
    """A SAML provider that takes the session of the shared OpenID ``provider`` and has no accounts."""
    with simplesaml.running_simplesaml(certificates, behind=provider) as server:
        yield server


@pytest.fixture(scope="session")
def exhibits_behind(saml_behind: SimpleSaml, certificates: Certificates) -> Iterator[Exhibits]:
    """A web system that sends its users to ``saml_behind``."""
    with mellon.running_exhibits(saml_behind, certificates) as server:
        yield server


@pytest.fixture(scope="session")
def cas_server(certificates: Certificates) -> Iterator[CasServer]:
    """A shared CAS server with accounts of its own."""
    with cas.running_cas(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def courts(cas_server: CasServer, certificates: Certificates) -> Iterator[Courts]:
    """A web system that sends its users to the shared ``cas_server``."""
    with apache_cas.running_courts(cas_server, certificates) as server:
        yield server


@pytest.fixture(scope="session")
def records(certificates: Certificates) -> Iterator[Records]:
    """A web system with basic authentication."""
    with basic_apache.running_records(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def wiki() -> Iterator[DokuWiki]:
    """A web system with a logon form."""
    with dokuwiki.running_dokuwiki() as server:
        yield server


@pytest.fixture(scope="session")
def calendar() -> Iterator[Radicale]:
    """A web system of one page, which signs on without loading another."""
    with radicale.running_radicale() as server:
        yield server


@pytest.fixture(scope="session")
def admin_site() -> Iterator[DjangoAdmin]:
    """Another web system with a logon form, guarded by a token."""
    with django_admin.running_django_admin() as server:
        yield server


@pytest.fixture(scope="session")
def case_office() -> Iterator[TwoFactor]:
    """A web system that asks for a one-time code on a page of its own."""
    with two_factor.running_two_factor() as server:
        yield server


@pytest.fixture(scope="session")
def armoury(certificates: Certificates) -> Iterator[Armoury]:
    """A web system that asks for a client certificate."""
    with nginx.running_armoury(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSql]:
    """A shared PostgreSQL: make a database in it, and leave the server alone."""
    with postgresql_module.running_postgresql(safe=False) as server:
        yield server


@pytest.fixture
def fresh_postgresql() -> Iterator[PostgreSql]:
    """A PostgreSQL of the test's own, for who stops it."""
    with postgresql_module.running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def ssh_host() -> Iterator[Sshd]:
    """A shared Unix host with a login shell and a menu, over SSH."""
    with sshd.running_sshd() as server:
        yield server


@pytest.fixture
def fresh_ssh_host() -> Iterator[Sshd]:
    """A Unix host of the test's own, for who changes a password there."""
    with sshd.running_sshd() as server:
        yield server


@pytest.fixture
def asking_ssh_host() -> Iterator[Sshd]:
    """The same, which asks for passwords, also for a new one before it gives a line."""
    with sshd.running_sshd(questions=True) as server:
        yield server


@pytest.fixture
def realm() -> Iterator[Kdc]:
    """A Kerberos realm of the test's own."""
    with kdc.running_kdc() as server:
        yield server


@pytest.fixture(scope="session")
def shared_realm() -> Iterator[Kdc]:
    """A shared Kerberos realm with the officers of all servers; adding services is fine."""
    with kdc.running_kdc() as server:
        server.add_people()
        yield server


@pytest.fixture(scope="session")
def rosters(shared_realm: Kdc, certificates: Certificates) -> Iterator[Rosters]:
    """A web system that takes the shared realm's tickets."""
    with apache_gssapi.running_rosters(certificates, shared_realm) as server:
        yield server


@pytest.fixture(scope="session")
def active_directory(certificates: Certificates) -> Iterator[Samba]:
    """A shared domain controller of Active Directory: leave its accounts as they are, and lock none but ``to-lock``."""
    with samba.running_samba(certificates) as server:
        yield server


@pytest.fixture(scope="session")
def cards(tmp_path_factory: pytest.TempPathFactory) -> CardAuthority:
    """The authority of officers' cards in the realm ``card_realm``."""
    return CardAuthority(tmp_path_factory.mktemp("cards"), kdc.REALM)


@pytest.fixture(scope="session")
def card_realm(cards: CardAuthority) -> Iterator[Kdc]:
    """A Kerberos realm that takes cards."""
    with kdc.running_kdc(cards) as server:
        server.add_people()
        yield server


@pytest.fixture
def kerberos_host(realm: Kdc) -> Iterator[Sshd]:
    """A Unix host that takes the realm's tickets."""
    with sshd.running_sshd(realm) as server:
        yield server


@pytest.fixture(scope="session")
def telnet_host() -> Iterator[Telnetd]:
    """A shared Unix host with a login shell and a menu, over telnet."""
    with telnetd.running_telnetd() as server:
        yield server


@pytest.fixture
def print_server() -> Iterator[Cups]:
    """A print server of its own with two printers."""
    with cups.running_cups() as server:
        yield server


@pytest.fixture
def fresh_telnet_host() -> Iterator[Telnetd]:
    """A Unix host of the test's own over telnet, for who changes a password there."""
    with telnetd.running_telnetd() as server:
        yield server


@pytest.fixture(scope="session")
def linux_host() -> Iterator[Linux3270]:
    """A real 3270 host with one console, for one caller at a time: leave it at its logon screen."""
    with linux3270.running_linux3270() as host:
        yield host


@pytest.fixture(scope="session")
def mocker_host() -> Iterator[Mocker3270]:
    """A TN3270E host with a logon screen, a menu and forms."""
    with mocker3270.running_mocker3270() as host:
        yield host


@pytest.fixture(scope="session")
def plain_mocker_host() -> Iterator[Mocker3270]:
    """The same host, which knows TN3270 only."""
    with mocker3270.running_mocker3270(tn3270e=False) as host:
        yield host


@pytest.fixture
def screen() -> Iterator[Screen]:
    """An X display in memory; give ``screen.environment`` to the program that is to appear on it."""
    with xvfb.running_xvfb() as display:
        yield display


@pytest.fixture
def silent() -> Iterator[FaultProxy]:
    """A server that accepts connections and never says anything."""
    with silent_server() as server:
        yield server


@pytest.fixture(scope="session")
def proxy(certificates: Certificates) -> Iterator[Squid]:
    """A shared authenticating proxy that alone knows the names behind it."""
    with squid.running_squid(certificates) as running:
        yield running


@pytest.fixture(scope="session")
def behind_proxy(certificates: Certificates) -> Iterator[Records]:
    """A records archive at a name that only the proxy knows."""
    with basic_apache.running_records(certificates, certificate=certificates.wrong_host, host=squid.BEHIND) as records:
        yield records
