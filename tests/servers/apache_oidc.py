"""The warrants register: Apache with mod_auth_openidc, a web system that sends its users to the OpenID provider.

Everything below ``/warrants/`` is for signed-on officers. An officer who is signed on at the provider sees it at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests.servers.apache import Apache, modules_missing
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.oidc import OidcProvider, RelyingParty
from tests.servers.server import running

READY = "main#ready"
"""Only on the protected page."""
REMOTE_USER = "#user"
SIGN_OUT = "a#sign-out"
SIGNED_OUT = "main#signed-out"

_CLIENT_SECRET = "warrants-secret-of-the-tests"


def missing() -> str | None:
    """What is not installed, if anything; the provider is asked for separately."""
    return modules_missing("apache2 libapache2-mod-auth-openidc", "auth_openidc")


class Warrants(Apache):
    """The register at ``https://warrants.localhost:<port>/warrants/``."""

    def __init__(
        self,
        folder: Path,
        provider: OidcProvider,
        certificate: ServerCertificate,
        ca: Path,
        *,
        host: str = "warrants.localhost",
        client_id: str = "warrants",
    ) -> None:
        super().__init__(folder, host, certificate)
        self.url = f"{self.origin}/warrants/"
        callback = f"{self.origin}/warrants/callback"
        signed_out = f"{self.origin}/signed-out.html"
        self.sign_out_url = f"{callback}?logout={quote(signed_out, safe='')}"
        self.party = RelyingParty(client_id, _CLIENT_SECRET, (callback,), (signed_out,))
        self.write_page(
            "warrants/index.shtml",
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Warrants</title><main id="ready">'
            '<h1>Warrants</h1><p>Signed on as <b id="user"><!--#echo var="REMOTE_USER" --></b></p>'
            f'<a id="sign-out" href="{self.sign_out_url}">Sign out</a></main></html>\n',
        )
        self.write_page(
            "signed-out.html",
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Signed out</title>'
            '<main id="signed-out">You are signed out.</main></html>\n',
        )
        self.configure(
            f"""\
OIDCProviderMetadataURL {provider.discovery_url}
OIDCClientID {client_id}
OIDCClientSecret {_CLIENT_SECRET}
OIDCRedirectURI {callback}
OIDCCryptoPassphrase only-for-tests
OIDCScope "openid profile email"
OIDCRemoteUserClaim preferred_username
OIDCPKCEMethod S256
OIDCCABundlePath {ca}
OIDCSSLValidateServer On
<Location /warrants/>
  AuthType openid-connect
  Require valid-user
</Location>
""",
            modules=["auth_openidc"],
        )


@contextlib.contextmanager
def running_warrants(
    provider: OidcProvider, certificates: Certificates, *, host: str = "warrants.localhost", client_id: str = "warrants"
) -> Iterator[Warrants]:
    """The started register, known to the provider; ended and deleted afterwards."""
    with running(
        "warrants",
        lambda folder: Warrants(folder, provider, certificates.server, certificates.ca, host=host, client_id=client_id),
    ) as warrants:
        provider.register(warrants.party)
        yield warrants
