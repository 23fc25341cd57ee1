"""The exhibits register: Apache with mod_auth_mellon, a web system that sends its users to the SAML provider.

Two doors to the same kind of page. ``/exhibits/`` asks the provider by a redirect, ``/property/`` by a form that posts
itself; both are answered by a form that the provider's page posts. ``/lent/`` has the provider ask for a consent first.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from tests.servers.apache import Apache, modules_missing
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.saml_keys import signing_pair
from tests.servers.server import running
from tests.servers.simplesaml import SamlParty, SimpleSaml

READY = "main#ready"
REMOTE_USER = "#user"

_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


def missing() -> str | None:
    """What is not installed, if anything; the provider is asked for separately."""
    return modules_missing("apache2 libapache2-mod-auth-mellon", "auth_mellon")


class Exhibits(Apache):
    """The register at ``https://exhibits.localhost:<port>/``."""

    def __init__(
        self,
        folder: Path,
        provider: SimpleSaml,
        certificate: ServerCertificate,
        *,
        host: str = "exhibits.localhost",
    ) -> None:
        super().__init__(folder, host, certificate)
        self.by_redirect, self.by_post, self.asking = (
            f"{self.origin}/{door}/" for door in ("exhibits", "property", "lent")
        )
        self.provider_origin = provider.origin
        self.signed_off_url = f"{self.origin}/signed-off.html"
        self._pair = signing_pair(folder, "register")
        self.parties = tuple(self._party(door) for door in ("exhibits", "property", "lent"))
        self.write_page("signed-off.html", "<!doctype html><title>Off</title><main id='signed-off'>Off.</main>\n")
        self.configure(
            "".join(
                self._location(door, provider, posts=door == "property") for door in ("exhibits", "property", "lent")
            ),
            modules=["auth_mellon"],
        )

    def answer_at(self, door: str) -> str:
        """Where the provider's answer is posted."""
        return f"{self.origin}/{door}/mellon/postResponse"

    def sign_out_url(self, door: str) -> str:
        """The address that signs off here and at the provider."""
        return f"{self.origin}/{door}/mellon/logout?ReturnTo={quote(self.signed_off_url, safe='')}"

    def _party(self, door: str) -> SamlParty:
        return SamlParty(
            f"{self.origin}/{door}/mellon/metadata",
            self.answer_at(door),
            f"{self.origin}/{door}/mellon/logout",
            self._pair,
            asks=door == "lent",
        )

    def _location(self, door: str, provider: SimpleSaml, *, posts: bool) -> str:
        party = self._party(door)
        ours, theirs = self.folder / f"{door}.xml", self.folder / f"{door}-provider.xml"
        ours.write_text(f"""<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{party.entity}">
  <SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"
      protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
      <X509Data><X509Certificate>{self._pair.certificate_text}</X509Certificate></X509Data>
    </KeyInfo></KeyDescriptor>
    <SingleLogoutService Binding="{_REDIRECT}" Location="{party.log_off_at}"/>
    <AssertionConsumerService Binding="{_POST}" Location="{party.answer_at}" index="0" isDefault="true"/>
  </SPSSODescriptor>
</EntityDescriptor>
""")
        theirs.write_text(provider.metadata(posts=posts))
        for file in (ours, theirs):
            file.chmod(0o644)
        self.write_page(
            f"{door}/index.shtml",
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{door}</title><main id="ready">'
            f'<h1>{door}</h1><p>Signed on as <b id="user"><!--#echo var="REMOTE_USER" --></b></p>'
            f'<a id="sign-out" href="{self.sign_out_url(door)}">Sign out</a></main></html>\n',
        )
        return f"""\
<Location /{door}/>
  MellonEndpointPath /{door}/mellon
  MellonSPPrivateKeyFile {self._pair.key}
  MellonSPCertFile {self._pair.certificate}
  MellonSPMetadataFile {ours}
  MellonIdPMetadataFile {theirs}
  MellonSignatureMethod rsa-sha256
  MellonVariable {door}
  MellonSecureCookie On
  MellonUser uid
  MellonRedirectDomains *
  MellonEnable auth
  AuthType Mellon
  Require valid-user
</Location>
"""


@contextlib.contextmanager
def running_exhibits(
    provider: SimpleSaml, certificates: Certificates, *, host: str = "exhibits.localhost"
) -> Iterator[Exhibits]:
    """The started register, known to the provider; ended and deleted afterwards."""
    with running("exhibits", lambda folder: Exhibits(folder, provider, certificates.server, host=host)) as exhibits:
        for party in exhibits.parties:
            provider.register(party)
        yield exhibits
