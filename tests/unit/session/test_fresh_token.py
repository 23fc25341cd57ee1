"""A page's token is replaced before it ends, by the wall clock."""

from __future__ import annotations

import asyncio

import pytest

from launcher.errors import LauncherError
from launcher.grants.names import TokenName
from launcher.identity.federated import AccessToken
from launcher.secret import Secret
from launcher.session.fresh_token import keep_token_fresh

NAME = TokenName(("https://api.force.example/read",))


class AwayError(LauncherError):
    reference = "test-provider-away"
    retryable = True


class EndedError(LauncherError):
    reference = "test-session-ended"


class Played:
    """A provider, a page and a clock: each pause moves the clock as the test says, and the last one ends the play."""

    def __init__(self, moves: list[float], answers: list[LauncherError | None]) -> None:
        self.now = 1000.0
        self.moves = moves
        self.answers = answers
        self.carried: list[str] = []
        self.made = 0

    def carry_token(self, token: Secret) -> None:
        self.carried.append(token.reveal())

    async def obtain(self, name: TokenName) -> AccessToken:
        assert name == NAME
        fault = self.answers.pop(0) if self.answers else None
        if fault is not None:
            raise fault
        self.made += 1
        return AccessToken(Secret(f"token-{self.made}"), self.now + 3600.0, NAME.scopes, self.now)

    async def pause(self, _: float) -> None:
        if not self.moves:
            raise asyncio.CancelledError
        self.now += self.moves.pop(0)


async def play(played: Played) -> None:
    await keep_token_fresh(played, played.obtain, NAME, now=lambda: played.now, pause=played.pause)


def test_a_token_that_is_not_due_stays() -> None:
    played = Played([10.0] * 50, [])
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(play(played))
    assert played.carried == ["token-1"]


def test_a_token_is_replaced_before_it_ends_also_after_a_sleep_of_the_computer() -> None:
    played = Played([3000.0, 400.0, 7 * 3600.0], [])
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(play(played))
    assert played.carried == ["token-1", "token-2", "token-3"]


def test_a_provider_that_is_away_is_asked_again_and_the_old_token_stays_meanwhile() -> None:
    played = Played([3400.0, 10.0, 10.0], [None, AwayError("away"), AwayError("away")])
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(play(played))
    assert played.carried == ["token-1", "token-2"]


def test_a_session_that_ended_at_the_provider_is_not_asked_again() -> None:
    played = Played([3400.0, 10.0], [None, EndedError("ended")])
    asyncio.run(play(played))
    assert played.carried == ["token-1"]
    assert played.made == 1
