"""How these tests sign in: the method against the real provider, and a plain visitor on its login page."""

from __future__ import annotations

from pathlib import Path

from launcher.identity.federated import AuthorizationRequest, FederatedMethod, FederatedSession
from launcher.policy.federation_settings import FederatedSettings
from tests.servers.oidc import CLIENT_ID, REDIRECT_URI, OidcProvider
from tests.servers.people import ALICE, PASSWORD, Person
from tests.servers.visitor import Visitor

READ_WARRANTS = ("https://warrants.station.test/read",)
READ_CUSTODY = ("https://custody.station.test/read",)


def settings(provider: OidcProvider, ca: Path | None, **changed: object) -> FederatedSettings:
    """The station file's section for the test provider."""
    return FederatedSettings.model_validate(
        {
            "authority": provider.issuer,
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT_URI,
            "scopes": ("openid", *READ_WARRANTS),
            "ca_file": ca,
            "number_claim": "number",
            **changed,
        }
    )


def visit(request: AuthorizationRequest, ca: Path, person: Person = ALICE, visitor: Visitor | None = None) -> str:
    """Fill in the provider's login page, if it shows one, and return the address of the callback."""
    visitor = visitor or Visitor(ca, stop_at=(request.redirect_prefix,))
    page = visitor.open(request.url)
    if not page.url.startswith(request.redirect_prefix):
        form = page.form(containing="password")
        page = visitor.submit(page, form, {"username": person.uid, "password": PASSWORD})
    assert page.url.startswith(request.redirect_prefix), page.text
    return page.url


async def sign_in(method: FederatedMethod, ca: Path, person: Person = ALICE) -> FederatedSession:
    """Sign in as the person would."""
    return await method.complete(visit(await method.begin(), ca, person))
