"""The sign-in against a real provider: the good way, the callback's errors, a bad certificate, nobody there."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from launcher.errors import LauncherError, SettingsError
from launcher.identity.federated import FederatedMethod
from launcher.identity.federated import errors as answers
from launcher.identity.officer import Officer, OfficerId
from tests.servers.certificates import Certificates
from tests.servers.fault_proxy import FaultProxy
from tests.servers.oidc import CLIENT_ID, REDIRECT_URI, IdTokenFault, OidcProvider, running_oidc_provider
from tests.servers.people import ALICE, BOB, Person
from tests.servers.visitor import Visitor
from tests.unit.identity_federated.walk import READ_CUSTODY, READ_WARRANTS, settings, sign_in, visit


def test_an_officer_signs_in_and_gets_tokens_silently(provider: OidcProvider, certificates: Certificates) -> None:
    async def walk() -> None:
        scopes = ("openid", "email", *READ_WARRANTS)
        method = FederatedMethod(settings(provider, certificates.ca, scopes=scopes))
        await method.prepare()
        session = await sign_in(method, certificates.ca)
        first = await session.token(READ_WARRANTS)
        second = await session.token(READ_CUSTODY)

        assert session.officer == Officer(
            OfficerId(provider.issuer, ALICE.sub),
            ALICE.mail,
            ALICE.number,
            ALICE.name,
            ALICE.all_groups,
            ALICE.mail,
        )
        assert session.accepted.method == "federated"
        assert session.accepted.password is None
        assert first.value != second.value
        assert await session.token(READ_CUSTODY) is second
        held = {secret.reveal() for secret in session.secrets()}
        assert {first.value.reveal(), second.value.reveal()} < held
        for token in held:
            assert token not in repr((session, first, second, method))
        assert await session.end()
        assert session.secrets() == ()
        with pytest.raises(answers.ProviderSessionEnded):
            await session.token(READ_WARRANTS)
        assert await session.end()
        method.close()

    asyncio.run(walk())


def test_no_log_holds_a_token_or_a_code(
    provider: OidcProvider, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def walk() -> None:
        method = FederatedMethod(settings(provider, certificates.ca))
        callback = visit(await method.begin(), certificates.ca)
        session = await method.complete(callback)
        await session.token(READ_CUSTODY)
        secrets = [secret.reveal() for secret in session.secrets()] + parse_qs(urlsplit(callback).query)["code"]
        await session.end()
        method.close()
        assert "POST /station/token" in caplog.text  # the libraries did log
        for secret in secrets:
            assert secret not in caplog.text

    asyncio.run(walk())


def test_the_request_is_a_code_flow_with_s256_state_and_nonce(
    provider: OidcProvider, certificates: Certificates
) -> None:
    async def walk() -> None:
        method = FederatedMethod(settings(provider, certificates.ca))
        request = await method.begin()
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        again = await method.begin()
        method.close()

        assert request.redirect_prefix == REDIRECT_URI
        assert asked["response_type"] == "code"
        assert asked["response_mode"] == "query"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID
        assert "login_hint" not in asked
        assert "prompt" not in asked
        assert {"openid", *READ_WARRANTS} <= set(asked["scope"].split())
        other = parse_qs(urlsplit(again.url).query)
        assert other["state"][0] != asked["state"]
        assert other["nonce"][0] != asked["nonce"]
        assert other["code_challenge"][0] != asked["code_challenge"]

    asyncio.run(walk())


def in_the_directory(person: Person) -> Officer:
    return Officer(OfficerId("ldap", person.entry_uuid), person.uid, person.number, person.name, person.all_groups)


def test_a_second_sign_in_in_the_same_browser_asks_nothing(provider: OidcProvider, certificates: Certificates) -> None:
    """The provider's session is in the browser: a hidden page is signed on without a form."""

    async def walk() -> None:
        visitor = Visitor(certificates.ca, stop_at=(REDIRECT_URI,))
        for _ in range(2):
            method = FederatedMethod(settings(provider, certificates.ca))
            before = provider.attempts(BOB.uid).right
            session = await method.complete(visit(await method.begin(), certificates.ca, BOB, visitor))
            after = provider.attempts(BOB.uid).right
            await session.must_be_of(in_the_directory(BOB))
            assert session.secrets()
            with pytest.raises(answers.OtherOfficer):
                await session.must_be_of(in_the_directory(ALICE))
            assert session.secrets() == ()
            method.close()
        assert after == before

    asyncio.run(walk())


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"error": "access_denied", "code": None}, answers.SignInCancelled),
        ({"error": "server_error", "code": None}, answers.ProviderUnreachableError),
        ({"error": "invalid_scope", "code": None}, answers.ProviderRefused),
        ({"error": "<b>x", "code": None}, answers.ProviderRefused),
        ({"state": "another"}, answers.AnswerNotOurs),
        ({"state": "ünïcode"}, answers.AnswerNotOurs),
        ({"state": None}, answers.AnswerNotOurs),
        ({"iss": "https://another.example"}, answers.AnswerNotOurs),
        ({"code": None}, answers.AnswerNotOurs),
        ({"code": "invented"}, answers.ProviderRefused),
    ],
)
def test_a_callback_that_is_not_the_answer_is_refused(
    provider: OidcProvider,
    certificates: Certificates,
    changed: dict[str, str | None],
    refusal: type[LauncherError],
) -> None:
    async def walk() -> None:
        method = FederatedMethod(settings(provider, certificates.ca))
        request = await method.begin()
        state = parse_qs(urlsplit(request.url).query)["state"][0]
        answer = {"code": "a-code", "state": state, "iss": provider.issuer} | changed
        query = urlencode({name: value for name, value in answer.items() if value is not None})
        with pytest.raises(refusal) as refused:
            await method.complete(f"{REDIRECT_URI}?{query}")
        assert "<" not in refused.value.detail
        with pytest.raises(answers.AnswerNotOurs):  # an answer counts once
            await method.complete(f"{REDIRECT_URI}?{query}")
        method.close()

    asyncio.run(walk())


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost/station-launcher/callback-and-more?code=a&state={state}",
        "https://localhost:444/station-launcher/callback?code=a&state={state}",
        "http://localhost/station-launcher/callback?code=a&state={state}",
        "https://localhost/station-launcher/callback?code=a&state={state}&state={state}",
        "https://[/station-launcher/callback",
    ],
)
def test_a_callback_at_another_address_is_refused(
    provider: OidcProvider, certificates: Certificates, address: str
) -> None:
    async def walk() -> None:
        method = FederatedMethod(settings(provider, certificates.ca))
        state = parse_qs(urlsplit((await method.begin()).url).query)["state"][0]
        with pytest.raises(answers.AnswerNotOurs):
            await method.complete(address.format(state=state))
        method.close()

    asyncio.run(walk())


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (IdTokenFault({"aud": "another"}), answers.IdTokenWrongAudience),
        (IdTokenFault({"iss": "https://localhost/another"}), answers.IdTokenWrongIssuer),
        (IdTokenFault({"nonce": "another"}), answers.IdTokenWrongNonce),
        (IdTokenFault({"exp": 1}), answers.IdTokenExpired),
        (IdTokenFault({"iat": 4102444800}), answers.IdTokenNotYetValid),
        (IdTokenFault({"sub": ""}), answers.IdTokenIncomplete),
        (IdTokenFault(signature="none"), answers.IdTokenWrongAlgorithm),
        (IdTokenFault(signature="hmac"), answers.IdTokenWrongAlgorithm),
        (IdTokenFault(signature="other key"), answers.IdTokenWrongSignature),
        (IdTokenFault(header={"kid": "another"}), answers.IdTokenUnknownKey),
        (IdTokenFault(header={"typ": "at+jwt"}), answers.IdTokenWrongType),
        (IdTokenFault(header={"typ": "logout+jwt"}), answers.IdTokenWrongType),
        (IdTokenFault(header={"alg": "RS512"}), answers.IdTokenWrongAlgorithm),
        (IdTokenFault(header={"crit": ["exp"]}), answers.IdTokenWrongType),
        (IdTokenFault({"aud": ["station-launcher", "another"]}), answers.IdTokenWrongAudience),
        (IdTokenFault({"azp": "another"}), answers.IdTokenWrongAudience),
        (IdTokenFault({"nbf": 4102444800}), answers.IdTokenNotYetValid),
    ],
)
def test_a_wrong_id_token_signs_nobody_in(
    provider: OidcProvider, certificates: Certificates, fault: IdTokenFault, refusal: type[LauncherError]
) -> None:
    async def walk() -> None:
        method = FederatedMethod(settings(provider, certificates.ca))
        callback = visit(await method.begin(), certificates.ca)
        provider.set_id_token_fault(fault)
        try:
            with pytest.raises(refusal):
                await method.complete(callback)
        finally:
            provider.set_id_token_fault(None)
        method.close()

    asyncio.run(walk())


def refused_at_start(fresh: OidcProvider, certificates: Certificates, **changed: object) -> LauncherError:
    async def walk() -> LauncherError:
        method = FederatedMethod(settings(fresh, certificates.ca, **changed))
        try:
            with pytest.raises(LauncherError) as refused:
                await method.begin()
        finally:
            method.close()
        return refused.value

    return asyncio.run(walk())


@pytest.mark.parametrize("which", ["untrusted", "expired", "wrong_host"])
def test_a_bad_certificate_is_refused(certificates: Certificates, which: str) -> None:
    with running_oidc_provider(certificates, certificate=getattr(certificates, which)) as fresh:
        refused = refused_at_start(fresh, certificates)

    assert isinstance(refused, answers.ProviderCertificateError)
    assert refused.detail


def test_the_environment_chooses_no_trust(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates.other_ca))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.other_ca))
    with running_oidc_provider(certificates, certificate=certificates.untrusted) as fresh:
        assert isinstance(refused_at_start(fresh, certificates), answers.ProviderCertificateError)


def test_nobody_there_is_said(certificates: Certificates) -> None:
    with running_oidc_provider(certificates) as fresh:
        fresh.stop()
        refused = refused_at_start(fresh, certificates)

        assert isinstance(refused, answers.ProviderUnreachableError)
        assert refused.retryable


def test_another_name_for_the_provider_is_refused(provider: OidcProvider, certificates: Certificates) -> None:
    """The same server answers at 127.0.0.1, and calls itself localhost."""
    other = provider.issuer.replace("localhost", "127.0.0.1")

    assert isinstance(refused_at_start(provider, certificates, authority=other), answers.ProviderAnswerError)


def test_an_address_that_leads_elsewhere_is_said(provider: OidcProvider, certificates: Certificates) -> None:
    wrong = provider.issuer + "/not"

    assert isinstance(refused_at_start(provider, certificates, authority=wrong), answers.ProviderAnswerError)


def test_a_missing_ca_file_is_the_station_files_fault(provider: OidcProvider, certificates: Certificates) -> None:
    missing = certificates.folder / "none.pem"

    assert isinstance(refused_at_start(provider, certificates, ca_file=missing), SettingsError)


def test_a_provider_below_localhost_is_this_computer(certificates: Certificates) -> None:
    """Browsers know that (RFC 6761); so must the road of the tokens."""

    async def walk() -> None:
        with running_oidc_provider(certificates, host="id.localhost") as fresh:
            method = FederatedMethod(settings(fresh, certificates.ca))
            session = await sign_in(method, certificates.ca)
            assert session.officer.id.issuer.startswith("https://id.localhost:")
            await session.end()
            method.close()

    asyncio.run(walk())


def test_a_silent_provider_can_be_left(silent: FaultProxy, provider: OidcProvider, certificates: Certificates) -> None:
    async def walk() -> None:
        authority = f"https://localhost:{silent.port}/station"
        method = FederatedMethod(settings(provider, certificates.ca, authority=authority))
        asking = asyncio.create_task(method.begin())
        while not silent.connections:  # noqa: ASYNC110 - the server is a thread that has no event for it
            await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        method.close()

    asyncio.run(walk())
