"""Tokens over time: refreshed before they expire, kept while the provider is away, ended when it says so."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from launcher.identity.federated import AccessToken, FederatedMethod, FederatedSession
from launcher.identity.federated.errors import (
    ProviderSessionEnded,
    ProviderUnreachableError,
    TokenRefused,
)
from launcher.secret import Secret
from tests.servers.certificates import Certificates
from tests.servers.oidc import CLIENT_ID, OidcProvider, running_oidc_provider
from tests.servers.people import ALICE
from tests.servers.visitor import Visitor
from tests.unit.identity_federated.walk import READ_CUSTODY, READ_WARRANTS, settings, sign_in


class Clock:
    """The wall clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead_s


def run(
    certificates: Certificates,
    story: Callable[[OidcProvider, FederatedSession, Clock], Awaitable[None]],
    ttl_s: int = 3600,
) -> None:
    """Tell the story to an officer who has signed in."""

    async def walk() -> None:
        clock = Clock()
        with running_oidc_provider(certificates, access_token_ttl_s=ttl_s) as provider:
            method = FederatedMethod(settings(provider, certificates.ca), clock)
            session = await sign_in(method, certificates.ca)
            try:
                await story(provider, session, clock)
            finally:
                await session.end()
                method.close()

    asyncio.run(walk())


@pytest.mark.parametrize(
    ("life_s", "age_s", "due"),
    [
        (3600, 0, False),
        (3600, 3299, False),
        (3600, 3300, True),
        (3600, 4000, True),
        (100, 79, False),
        (100, 80, True),
        (3600, -1, True),  # the clock was set back
        (0, 0, True),
    ],
)
def test_when_a_token_is_due(life_s: float, age_s: float, due: bool) -> None:
    assert AccessToken(Secret("a"), 1000 + life_s, (), 1000).due(1000 + age_s) is due


def test_a_token_is_refreshed_before_it_expires_by_the_wall_clock(certificates: Certificates) -> None:
    async def story(_: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        first = await session.token(READ_WARRANTS)
        clock.ahead_s = 3200
        assert await session.token(READ_WARRANTS) is first
        clock.ahead_s = 3310  # a suspended computer wakes up
        second = await session.token(READ_WARRANTS)
        assert second.value != first.value
        assert second.expires_at > first.expires_at
        assert await session.token(READ_WARRANTS) is second

    run(certificates, story)


def test_short_tokens_are_kept_for_most_of_their_life(certificates: Certificates) -> None:
    async def story(_: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        first = await session.token(READ_WARRANTS)
        assert await session.token(READ_WARRANTS) is first
        clock.ahead_s = 90
        assert (await session.token(READ_WARRANTS)).value != first.value

    run(certificates, story, ttl_s=100)


def test_many_who_ask_at_once_get_one_token_and_rotation_survives_it(certificates: Certificates) -> None:
    """This provider rotates refresh tokens and ends the session when one comes twice."""

    async def story(_: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        for ahead_s in (0, 3590, 7200):
            clock.ahead_s = ahead_s
            got = await asyncio.gather(*(session.token(scopes) for scopes in (READ_WARRANTS, READ_CUSTODY) * 10))
            assert len({token.value for token in got}) == 2

    run(certificates, story)


def test_an_asker_who_leaves_takes_nothing_from_the_others(certificates: Certificates) -> None:
    async def story(_: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        first, second, third = (asyncio.create_task(session.token(READ_CUSTODY)) for _ in range(3))
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        token = await third
        assert token.scopes == READ_CUSTODY
        assert await session.token(READ_CUSTODY) is token

    run(certificates, story)


def test_a_revoked_session_is_said_to_have_ended(certificates: Certificates) -> None:
    async def story(provider: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        token = await session.token(READ_WARRANTS)
        provider.revoke_tokens(ALICE)
        assert await session.token(READ_WARRANTS) is token  # what is held counts until it is due
        with pytest.raises(ProviderSessionEnded):
            await session.token(READ_CUSTODY)
        clock.ahead_s = 3400
        with pytest.raises(ProviderSessionEnded):
            await session.token(READ_WARRANTS)

    run(certificates, story)


def test_a_token_that_is_not_given_is_not_the_sessions_end(certificates: Certificates) -> None:
    async def story(_: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        with pytest.raises(TokenRefused) as refused:
            await session.token(("https://warrants.station.test/invented",))
        assert refused.value.detail.startswith("invalid_")
        assert (await session.token(READ_CUSTODY)).value

    run(certificates, story)


def test_a_provider_that_is_away_is_said_and_a_held_token_used_until_its_end(certificates: Certificates) -> None:
    async def story(provider: OidcProvider, session: FederatedSession, clock: Clock) -> None:
        token = await session.token(READ_WARRANTS)
        provider.stop()
        with pytest.raises(ProviderUnreachableError):
            await session.token(READ_CUSTODY)
        clock.ahead_s = 3400
        assert await session.token(READ_WARRANTS) is token
        clock.ahead_s = 3595
        with pytest.raises(ProviderUnreachableError):
            await session.token(READ_WARRANTS)
        assert not await session.end()  # nobody there to confirm it
        assert session.secrets() == ()

    run(certificates, story)


def test_the_end_voids_the_refresh_token_at_the_provider(certificates: Certificates) -> None:
    async def story(provider: OidcProvider, session: FederatedSession, _: Clock) -> None:
        held = [secret.reveal() for secret in session.secrets()]
        assert await session.end()
        visitor = Visitor(certificates.ca)
        for token in held:
            form = {"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": token}
            page = visitor.open(f"{provider.issuer}/token", form)
            assert (page.status, "invalid_grant" in page.text) == (400, True)

    run(certificates, story)
