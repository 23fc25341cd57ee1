"""The demo's servers, all on loopback, each system an origin of its own; one process, apart from the station's.

The estate is the other side: like a force's real servers it knows what officers type. A residue check looks at the
station's processes and files, never at this process.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from starlette.applications import Starlette

from launcher.demo.content import PROGRAMS, SYSTEMS, TERMINALS, DemoSystem
from launcher.demo.people import DemoOfficer
from launcher.demo.provider import ClientEntry, Provider
from launcher.demo.service_tickets import ServiceTickets
from launcher.demo.systems.api_page import api_page_system
from launcher.demo.systems.basic import basic_system
from launcher.demo.systems.briefing import BriefingSystem
from launcher.demo.systems.cas import cas_system
from launcher.demo.systems.certificate import certificate_system
from launcher.demo.systems.endpoint import endpoint_system
from launcher.demo.systems.federated import Client, federated_system
from launcher.demo.systems.form import form_system
from launcher.demo.terminals.host_accounts import HostAccount, HostAccounts
from launcher.demo.terminals.ssh_server import SshHost
from launcher.demo.terminals.tn3270_server import Tn3270Host
from launcher.secret import Secret

LAUNCHER = ClientEntry(
    "station-launcher",
    "https://localhost/station-launcher/callback",
    post_logout_redirect_uri="https://localhost/station-launcher/logged-off",
)
VEHICLES_API = "https://vehicles.force.example"
PROVIDER_PATH = "/force"
OFFICERS_CA = "officers-ca.pem"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything listens: what the station file and the catalogue are written from."""

    ca_file: Path
    issuer: str
    systems: dict[str, str]  # id to origin, web systems only
    accounts: dict[str, Path]  # id to the file of a program's accounts
    terminals: dict[str, tuple[str, int]]  # id to host and port
    known_hosts: Path


class _Server(uvicorn.Server):
    """Uvicorn's, which leaves signals alone: of several in one process each takes them from the one before, and what
    they give back in the end is another's that has ended. Ctrl C then ended nothing any more.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Estate:
    """All servers of the demo. ``folder`` takes certificates and the programs' accounts (hashed)."""

    def __init__(self, folder: Path, officers: tuple[DemoOfficer, ...], delay_s: float = 0.0) -> None:
        self._folder = folder
        self._officers = officers
        self._delay_s = delay_s
        names = ("provider", *(one.id for one in SYSTEMS if one not in PROGRAMS))
        self._sockets = {name: _listen() for name in names}
        self._servers: list[_Server] = []
        self.apps: dict[str, Starlette] = {}  # once it runs; with "sessions" in the state of those that have some
        ports = {name: sock.getsockname()[1] for name, sock in self._sockets.items()}
        self.addresses = Addresses(
            ca_file=folder / "ca.pem",
            issuer=f"https://localhost:{ports['provider']}{PROVIDER_PATH}",
            systems={one.id: f"https://{host_of(one)}:{ports[one.id]}" for one in SYSTEMS if _is_web(one)},
            accounts={one.id: folder / f"{one.id}.accounts.json" for one in PROGRAMS},
            terminals={one.id: (host_of(one), ports[one.id]) for one in TERMINALS},
            known_hosts=folder / "known_hosts",
        )
        self.accounts = {one.id: self._host_accounts(one.id, expires=one.how == "3270") for one in TERMINALS}
        """Of the hosts with terminals: who may sign on, and who is signed on where."""
        self._officers_authority = trustme.CA(organization_name="Demo force, officers")

    def certificate_of(self, officer: DemoOfficer, password: Secret) -> bytes:
        """Return a certificate of the officer's with its key, a PKCS#12 file sealed with the password."""
        issued = self._officers_authority.issue_cert(officer.mail, common_name=officer.user_name)
        key = load_pem_private_key(issued.private_key_pem.bytes(), None)
        assert isinstance(key, EllipticCurvePrivateKey)  # noqa: S101 - what trustme makes
        certificate = x509.load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
        sealed = BestAvailableEncryption(password.reveal().encode())
        return pkcs12.serialize_key_and_certificates(officer.user_name.encode(), key, certificate, None, sealed)

    def left_signed_on(self) -> tuple[str, ...]:
        """Return the names of the hosts with terminals at which somebody is signed on, with their line."""
        return tuple(
            f"{system.name}, line {line}" for system in TERMINALS for line in self.accounts[system.id].signed_on
        )

    async def run(self, stop: asyncio.Event, ready: asyncio.Event) -> None:
        """Serve until ``stop``; ``ready`` is set once all servers take connections."""
        key, chain = self._write_certificates()
        self._write_accounts()
        apps = self.apps = self._apps()
        shown = {one.id for one in SYSTEMS if one.how == "certificate"}
        self._servers = [
            _Server(
                uvicorn.Config(
                    app,
                    log_level="warning",
                    lifespan="off",
                    ssl_keyfile=key,
                    ssl_certfile=chain,
                    ssl_cert_reqs=ssl.CERT_REQUIRED if name in shown else ssl.CERT_NONE,
                    ssl_ca_certs=str(self._folder / OFFICERS_CA) if name in shown else None,
                )
            )
            for name, app in apps.items()
        ]
        async with asyncio.TaskGroup() as serving:
            for name, server in zip(apps, self._servers, strict=True):
                serving.create_task(server.serve(sockets=[self._sockets[name]]))
            for one in TERMINALS:
                serving.create_task(self._serve_terminals(one, key, chain, stop))
            while not all(server.started for server in self._servers):  # noqa: ASYNC110 - uvicorn has a flag, no event
                await asyncio.sleep(0.01)
            ready.set()
            await stop.wait()
            for server in self._servers:
                server.should_exit = True
                server.force_exit = True

    async def _serve_terminals(self, system: DemoSystem, key: str, chain: str, stop: asyncio.Event) -> None:
        accounts, listener = self.accounts[system.id], self._sockets[system.id]
        if system.how == "3270":
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(chain, key)
            await Tn3270Host(accounts, self._delay_s).serve(listener, context, stop)
            return
        host = SshHost(accounts, self._delay_s)
        self.addresses.known_hosts.write_text(host.known_hosts(*self.addresses.terminals[system.id]), encoding="utf-8")
        await host.serve(listener, stop)

    def _host_accounts(self, system: str, *, expires: bool) -> HostAccounts:
        """Return the officers' accounts; where passwords expire, the second officer's has, and a notice is due."""
        accounts = {}
        for number, officer in enumerate(self._officers):
            account, due = officer.accounts[system], expires and number == 1
            accounts[account.user_name] = HostAccount(account.password, expired=due, notice=due)
        return HostAccounts(accounts)

    def _apps(self) -> dict[str, Starlette]:
        where = self.addresses
        clients = {
            one.id: ClientEntry(one.id, where.systems[one.id] + "/callback", secrets.token_urlsafe(24))
            for one in SYSTEMS
            if one.how == "federated"
        }
        self.provider = provider = Provider(
            where.issuer,
            PROVIDER_PATH,
            self._officers,
            {LAUNCHER.client_id: LAUNCHER, **clients},
            audiences=(VEHICLES_API,),
            tickets=ServiceTickets(
                frozenset(where.systems[one.id] + "/callback" for one in SYSTEMS if one.how == "cas")
            ),
        )
        keys = provider.public_keys
        apps = {"provider": provider.app(self._delay_s)}
        for one in SYSTEMS:
            match one.how:
                case "federated":
                    entry = clients[one.id]
                    apps[one.id] = federated_system(
                        one.name, one.hue, one.table,
                        issuer=where.issuer,
                        client=Client(entry.client_id, entry.client_secret, entry.redirect_uri),
                        keys=keys, ca_file=str(where.ca_file), delay_s=self._delay_s,
                    )  # fmt: skip
                case "form" | "one-time code" | "two pages":
                    apps[one.id] = form_system(
                        one.id, one.name, one.hue, one.table, self._officers,
                        two_pages=one.how == "two pages", delay_s=self._delay_s,
                    )  # fmt: skip
                case "cas":
                    apps[one.id] = cas_system(
                        one.name, one.hue, one.table,
                        server=where.issuer + "/cas", service=where.systems[one.id] + "/callback",
                        ca_file=str(where.ca_file), delay_s=self._delay_s,
                    )  # fmt: skip
                case "endpoint":
                    apps[one.id] = endpoint_system(
                        one.id, one.name, one.hue, one.table, self._officers, delay_s=self._delay_s
                    )
                case "pages":
                    apps[one.id] = BriefingSystem(one.id, one.name, one.hue, one.table, self._officers).app(
                        self._delay_s
                    )
                case "certificate":
                    apps[one.id] = certificate_system(one.name, one.hue, one.table, delay_s=self._delay_s)
                case "basic":
                    apps[one.id] = basic_system(
                        one.id, one.name, one.hue, one.table, self._officers, delay_s=self._delay_s
                    )
                case "token":
                    apps[one.id] = api_page_system(
                        one.name, one.hue, one.table,
                        issuer=where.issuer, audience=VEHICLES_API, keys=keys, delay_s=self._delay_s,
                    )  # fmt: skip
                case _:
                    continue
        return apps

    def _write_certificates(self) -> tuple[str, str]:
        authority = trustme.CA(organization_name="Station Launcher demo")
        names = sorted({"localhost", *(host_of(one) for one in SYSTEMS)})
        certificate = authority.issue_cert(*names)
        self._officers_authority.cert_pem.write_to_path(self._folder / OFFICERS_CA)
        authority.cert_pem.write_to_path(self.addresses.ca_file)
        key, chain = self._folder / "server.key", self._folder / "server.pem"
        key.touch(mode=0o600)
        certificate.private_key_pem.write_to_path(key)
        chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
        return str(key), str(chain)

    def _write_accounts(self) -> None:
        for system, file in self.addresses.accounts.items():
            accounts = {}
            for officer in self._officers:
                account, salt = officer.accounts[system], secrets.token_bytes(16)
                digest = hashlib.scrypt(account.password.encode(), salt=salt, n=2**12, r=8, p=1)
                accounts[account.user_name] = {"salt": salt.hex(), "hash": digest.hex()}
            file.write_text(json.dumps(accounts))


def host_of(system: DemoSystem) -> str:
    """Return the host name of a system: names under localhost are the loopback's (RFC 6761, 6.3)."""
    return f"{system.id}.localhost"


def _is_web(system: DemoSystem) -> bool:
    return system not in PROGRAMS and system not in TERMINALS


def _listen() -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen(128)
    return sock
