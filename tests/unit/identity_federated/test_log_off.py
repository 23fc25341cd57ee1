"""Where the browser is sent so that the provider ends its session, and what proves that it has."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from launcher.identity.federated import FederatedMethod, LogOffRequest
from launcher.identity.federated.errors import AnswerNotOurs, IdTokenRefused
from launcher.identity.federated.log_off import log_off_request
from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret
from tests.servers.certificates import Certificates
from tests.servers.oidc import CLIENT_ID, POST_LOGOUT_URI, REDIRECT_URI, IdTokenFault, OidcProvider
from tests.servers.people import ALICE
from tests.servers.visitor import Visitor
from tests.unit.identity_federated.walk import settings, visit

END = "https://id.force.example/station/session/end"
BACK = "https://localhost/station-launcher/signed-out"
TOKEN = "eyJ.an-id-token.of-the-officer"
FORCE = FederatedSettings(authority="https://id.force.example/station", client_id="force-client")
WITH_BACK = FORCE.model_copy(update={"post_logout_redirect_uri": BACK})


def query(request: LogOffRequest) -> dict[str, list[str]]:
    return parse_qs(urlsplit(request.url.reveal()).query)


def test_it_says_whom_for_whom_and_where_to_come_back() -> None:
    request = log_off_request(END, WITH_BACK, Secret(TOKEN))
    assert query(request) == {
        "client_id": ["force-client"],
        "id_token_hint": [TOKEN],
        "post_logout_redirect_uri": [BACK],
        "state": [request.state],
    }
    assert len(request.state) >= 32
    assert log_off_request(END, WITH_BACK, Secret(TOKEN)).state != request.state
    assert (request.endpoint, request.redirect_prefix) == (END, BACK)
    assert TOKEN not in repr(request)
    assert request.state not in repr(request)


def test_what_is_not_there_is_left_out() -> None:
    assert query(log_off_request(END, FORCE, None)) == {"client_id": ["force-client"]}
    policy = log_off_request(f"{END}?p=b2c_1_sign_in", FORCE, None)
    assert query(policy) == {"p": ["b2c_1_sign_in"], "client_id": ["force-client"]}


@pytest.mark.parametrize(
    ("address", "confirmed"),
    [
        (f"{BACK}?state=ours", True),
        (f"{BACK}?more=1&state=ours", True),
        (BACK, False),
        (f"{BACK}?state=", False),
        (f"{BACK}?state=another", False),
        (f"{BACK}?state=ours&state=another", False),
        (f"{BACK}/deeper?state=ours", False),
        (f"{BACK}#state=ours", False),
        ("https://localhost.evil.example/station-launcher/signed-out?state=ours", False),
        ("http://localhost/station-launcher/signed-out?state=ours", False),
        (f"{BACK}?state=%ff%fe", False),
        ("https://[/", False),
        ("", False),
    ],
)
def test_only_our_address_with_our_state_confirms(address: str, confirmed: bool) -> None:
    assert LogOffRequest(END, Secret(END), BACK, "ours").confirmed_by(address) is confirmed
    assert not LogOffRequest(END, Secret(END)).confirmed_by(address)  # where no address is registered, none is ours


def test_nobody_is_logged_off_who_was_not_signed_on(provider: OidcProvider, certificates: Certificates) -> None:
    async def walk() -> None:
        method = FederatedMethod(settings(provider, certificates.ca))
        assert (method.browser_signed_on, method.log_off()) == (False, None)
        request = await method.begin()
        assert not method.browser_signed_on
        with pytest.raises(AnswerNotOurs):
            await method.complete(f"{REDIRECT_URI}?code=made-up&state=of-another")
        assert not method.browser_signed_on
        session = await method.complete(visit(await method.begin(), certificates.ca))
        assert method.browser_signed_on
        method.logged_off()
        assert not method.browser_signed_on
        said = method.log_off()
        assert said is not None
        assert "id_token_hint" not in said.url.reveal()
        assert request.url
        await session.end()
        method.close()

    asyncio.run(walk())


def test_the_certified_provider_takes_the_hint_and_ends_the_session(
    fresh_provider: OidcProvider, certificates: Certificates
) -> None:
    async def walk() -> None:
        chosen = settings(fresh_provider, certificates.ca, post_logout_redirect_uri=POST_LOGOUT_URI)
        method = FederatedMethod(chosen)
        browser = Visitor(certificates.ca, stop_at=(REDIRECT_URI, POST_LOGOUT_URI))
        session = await method.complete(visit(await method.begin(), certificates.ca, visitor=browser))
        assert fresh_provider.sessions(ALICE) == 1
        assert await session.end()  # the tokens are void: the hint is good all the same
        request = method.log_off()
        assert request is not None
        page = browser.open(request.url.reveal())
        assert "click()" in page.text, "who brings a hint is not asked; this plain browser runs no script"
        back = browser.submit(page, page.form(containing="xsrf"), {"logout": "yes"})
        assert request.confirmed_by(back.url)
        assert fresh_provider.sessions(ALICE) == 0
        # A new authorisation with the old cookie jar asks for the logon.
        following = browser.open((await method.begin()).url)
        assert following.form(containing="password")
        method.close()

    asyncio.run(walk())


def test_a_refused_id_token_is_no_hint(fresh_provider: OidcProvider, certificates: Certificates) -> None:
    async def walk() -> None:
        method = FederatedMethod(settings(fresh_provider, certificates.ca))
        fresh_provider.set_id_token_fault(IdTokenFault({"aud": "another"}))
        with pytest.raises(IdTokenRefused):
            await method.complete(visit(await method.begin(), certificates.ca))
        assert method.browser_signed_on  # the provider let somebody in, whoever it was
        request = method.log_off()
        assert request is not None
        assert query(request) == {"client_id": [CLIENT_ID]}
        method.close()

    asyncio.run(walk())
