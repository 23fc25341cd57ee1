"""Sessions at further providers: made once for all who ask, not tried again where that cannot help, made anew once."""

from __future__ import annotations

import asyncio

import pytest

from launcher.errors import LauncherError
from launcher.grants.errors import ProviderForgotError, ProviderNotSetUpError
from launcher.grants.further import FurtherSessions


class RefusedError(LauncherError):
    reference = "refused-in-this-test"


class AwayError(LauncherError):
    reference = "away-in-this-test"
    retryable = True


class Provider:
    """Signs on, or fails with what stands next in its script."""

    def __init__(self, *script: LauncherError | None) -> None:
        self.script = [*script]
        self.asked = 0

    async def __call__(self) -> None:
        self.asked += 1
        await asyncio.sleep(0)
        fault = self.script.pop(0) if self.script else None
        if fault is not None:
            raise fault


def test_all_who_ask_at_once_share_one_logon() -> None:
    async def play() -> None:
        courts, exhibits = Provider(), Provider()
        sessions = FurtherSessions({"courts": courts, "exhibits": exhibits})
        numbers = await asyncio.gather(*(sessions.pages_sign_on("courts") for _ in range(5)))
        assert set(numbers) == {1}
        assert await sessions.pages_sign_on("exhibits") == 2
        assert await sessions.pages_sign_on("courts") == 1
        assert (courts.asked, exhibits.asked) == (1, 1)

    asyncio.run(play())


def test_a_refusal_is_for_all_and_is_not_tried_again_until_there_is_another_password() -> None:
    async def play() -> None:
        courts = Provider(RefusedError("no"))
        sessions = FurtherSessions({"courts": courts})
        for _ in range(3):
            with pytest.raises(RefusedError):
                await sessions.pages_sign_on("courts")
        assert courts.asked == 1
        sessions.proved_again()
        assert await sessions.pages_sign_on("courts") == 1

    asyncio.run(play())


def test_a_provider_that_is_away_is_asked_again() -> None:
    async def play() -> None:
        sessions = FurtherSessions({"courts": Provider(AwayError("away"))})
        with pytest.raises(AwayError):
            await sessions.pages_sign_on("courts")
        assert await sessions.pages_sign_on("courts") == 1

    asyncio.run(play())


def test_one_that_asks_the_officer_is_left_to_the_systems_own_page() -> None:
    async def play() -> None:
        courts = Provider(ProviderForgotError("asks"))
        sessions = FurtherSessions({"courts": courts})
        assert [await sessions.pages_sign_on("courts") for _ in range(3)] == [0, 0, 0]
        assert courts.asked == 1

    asyncio.run(play())


def test_a_session_that_has_ended_is_made_anew_once_for_all_its_systems() -> None:
    async def play() -> None:
        courts = Provider()
        sessions = FurtherSessions({"courts": courts})
        held = await sessions.pages_sign_on("courts")
        assert all(await asyncio.gather(*(sessions.anew("courts", held) for _ in range(3))))
        assert await sessions.anew("courts", held)  # somebody late: there is a newer one already
        assert courts.asked == 2

    asyncio.run(play())


def test_a_provider_that_the_station_file_does_not_name_is_said() -> None:
    with pytest.raises(ProviderNotSetUpError, match="'courts'"):
        asyncio.run(FurtherSessions().pages_sign_on("courts"))


def test_of_one_that_takes_a_ticket_it_is_asked_before_each_use_whether_the_session_holds() -> None:
    async def play() -> None:
        holds = [True, False]
        tickets = Provider()

        async def look() -> bool:
            return holds.pop(0)

        sessions = FurtherSessions({"tickets": tickets}, {"tickets": look})
        assert (sessions.by_ticket("tickets"), sessions.by_ticket("courts"), sessions.by_ticket("")) == (
            True,
            False,
            False,
        )
        assert sessions.held("tickets") == 0
        assert [await sessions.pages_sign_on("tickets") for _ in range(3)] == [1, 1, 2]
        assert (tickets.asked, sessions.held("tickets")) == (2, 2)
        assert await sessions.anew("tickets", 2)  # its page asked all the same
        assert (tickets.asked, sessions.held("tickets"), holds) == (3, 3, [])

        tickets.script, holds = [RefusedError("not taken")], [False, False]
        with pytest.raises(RefusedError):
            await sessions.pages_sign_on("tickets")
        assert await sessions.pages_sign_on("tickets") == 4  # no ticket is ever one too many

    asyncio.run(play())
