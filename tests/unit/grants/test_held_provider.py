"""What a session holds of the provider: one session for all who want a token, and when another one is obtained."""

from __future__ import annotations

import asyncio

import pytest

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.errors import ProviderForgotError, ProviderNotSetUpError
from launcher.grants.held import Grants
from launcher.grants.store import MemoryStore
from launcher.identity.federated.errors import OtherOfficer, ProviderSessionEnded, ProviderUnreachableError
from launcher.secret import Secret
from tests.unit.grants.held_bench import ALICE, NEWER, SIGN_IN, WARRANTS, Provider, run


def test_ten_who_want_a_token_sign_on_to_the_provider_once() -> None:
    async def story() -> None:
        provider = Provider()
        grants = Grants(ALICE, MemoryStore(), provider=provider.obtain)
        tokens = await asyncio.gather(*(grants.token(WARRANTS) for _ in range(10)))
        assert tokens == [Secret("token 1")] * 10
        assert (provider.obtained, provider.asked) == (1, 1)
        assert (await grants.access_token(WARRANTS)).expires_at == 3600
        assert await grants.end()
        assert provider.ended == 1
        assert grants.secrets() == ()

    run(story)


def test_a_refusal_of_the_provider_is_never_tried_twice() -> None:
    async def story() -> None:
        provider = Provider()
        provider.fault = OtherOfficer("not yours")
        grants = Grants(ALICE, MemoryStore(), provider=provider.obtain)
        for _ in range(3):
            with pytest.raises(OtherOfficer):
                await grants.token(WARRANTS)
        assert provider.obtained == 1

    run(story)


def test_a_provider_that_was_away_is_asked_again() -> None:
    async def story() -> None:
        provider = Provider()
        provider.fault = ProviderUnreachableError("away")
        grants = Grants(ALICE, MemoryStore(), provider=provider.obtain)
        with pytest.raises(ProviderUnreachableError):
            await grants.token(WARRANTS)
        provider.fault = None
        assert await grants.token(WARRANTS)
        assert provider.obtained == 2

    run(story)


def test_a_session_that_ended_is_obtained_anew_by_whoever_tries_again() -> None:
    async def story() -> None:
        provider = Provider()
        grants = Grants(ALICE, MemoryStore(), provider=provider.obtain)
        provider.token_fault = ProviderSessionEnded("ended")
        with pytest.raises(ProviderSessionEnded):
            await grants.token(WARRANTS)
        provider.token_fault = None
        assert await grants.token(WARRANTS)
        assert provider.obtained == 2

    run(story)


def test_a_launch_that_is_cancelled_leaves_the_others_their_provider() -> None:
    async def story() -> None:
        provider = Provider()
        grants = Grants(ALICE, MemoryStore(), provider=provider.obtain)
        first, second = (asyncio.create_task(grants.token(WARRANTS)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == Secret("token 1")
        assert provider.obtained == 1

    run(story)


def test_without_a_provider_a_token_is_refused_by_reference() -> None:
    async def story() -> None:
        with pytest.raises(ProviderNotSetUpError):
            await Grants(ALICE, MemoryStore()).token(WARRANTS)

    run(story)


def test_a_provider_that_asks_again_is_signed_on_to_anew_once_for_all() -> None:
    async def story() -> None:
        sources = [Provider(), Provider(), Provider()]
        made: list[Provider] = []

        async def obtain() -> Provider:
            made.append(sources[len(made)])
            await asyncio.sleep(0)
            return made[-1]

        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN, provider=obtain)
        assert grants.signs_on_unseen
        first = await grants.provider()
        again = await asyncio.gather(*(grants.provider_anew(first) for _ in range(3)))
        assert again == [sources[1]] * 3
        assert await grants.provider_anew(first) is sources[1]
        assert await grants.provider() is sources[1]
        assert not Grants(ALICE, MemoryStore(), provider=obtain).signs_on_unseen
        assert not Grants(ALICE, MemoryStore(), sign_in=SIGN_IN).signs_on_unseen

    run(story)


def test_a_provider_that_refused_is_tried_with_another_password_only() -> None:
    async def story() -> None:
        answers: list[LauncherError | Provider] = [OtherOfficer("another one"), Provider()]

        async def obtain() -> Provider:
            answer = answers.pop(0)
            if isinstance(answer, LauncherError):
                raise answer
            return answer

        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN, provider=obtain)
        for _ in range(2):
            with pytest.raises(OtherOfficer):
                await grants.provider()
            grants.proved_again(SIGN_IN)
        before = grants.signs_on_unseen
        grants.proved_again(NEWER)
        assert (before, grants.signs_on_unseen) == (False, True)
        await grants.provider()
        assert answers == []

    run(story)


def test_a_renewal_asks_for_what_was_asked_for_and_makes_only_an_ended_session_anew() -> None:
    async def story() -> None:
        sources = [Provider(), Provider()]
        made: list[Provider] = []

        async def obtain() -> Provider:
            made.append(sources[len(made)])
            return made[-1]

        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN, provider=obtain)
        await grants.token(WARRANTS)
        await grants.renew()
        assert made == sources[:1]
        sources[0].token_fault = ProviderUnreachableError("away for a moment")
        await grants.renew()
        assert made == sources[:1]
        sources[0].token_fault = ProviderSessionEnded("ended")
        await grants.renew()
        assert made == sources
        assert await grants.token(WARRANTS)
        sources[1].token_fault = ProviderSessionEnded("ended again")
        made.clear()
        sources[0].token_fault = ProviderSessionEnded("and the next one too")
        await grants.renew()  # tried once more, and not for ever
        assert len(made) <= 2

    run(story)


def test_a_renewal_without_a_provider_is_none() -> None:
    async def story() -> None:
        await Grants(ALICE, MemoryStore(), sign_in=SIGN_IN).renew()

    run(story)


def test_who_needs_the_provider_waits_for_the_fresh_proof_and_goes_on_with_what_it_made() -> None:
    async def story() -> None:
        made: list[Provider] = []
        proof, looked = asyncio.Event(), asyncio.Event()

        async def obtain() -> Provider:
            made.append(Provider())
            return made[-1]

        async def moved() -> bool:
            looked.set()
            await proof.wait()
            return True

        grants = Grants(ALICE, MemoryStore(), provider=obtain)
        await grants.token(WARRANTS)
        renewing = asyncio.create_task(grants.renew(moved))
        await looked.wait()
        needs = asyncio.create_task(grants.provider())
        await asyncio.sleep(0)
        assert not needs.done()
        proof.set()
        assert await needs is made[1]
        await renewing
        assert len(made) == 2

    run(story)


def test_a_browser_that_the_provider_forgot_is_asked_for_again_and_a_page_asks_itself() -> None:
    async def story() -> None:
        known = False

        async def obtain() -> Provider:
            if not known:
                raise ProviderForgotError("not known")
            return Provider()

        grants = Grants(ALICE, MemoryStore(), provider=obtain)
        with pytest.raises(ProviderForgotError):
            await grants.token(WARRANTS)
        await grants.pages_sign_on()  # the page that is opened now asks the officer
        known = True
        assert await grants.token(WARRANTS)

    run(story)


@pytest.mark.parametrize("sign_in", [SIGN_IN, None])
def test_a_fresh_proof_without_a_password_clears_only_what_no_password_was_refused_for(
    sign_in: Credential | None,
) -> None:
    async def story() -> None:
        asked = 0

        async def obtain() -> Provider:
            nonlocal asked
            asked += 1
            raise ProviderNotSetUpError("not this way")

        grants = Grants(ALICE, MemoryStore(), sign_in=sign_in, provider=obtain)
        for _ in range(2):
            with pytest.raises(ProviderNotSetUpError):
                await grants.provider()
        assert asked == 1
        grants.proved_again(None)
        with pytest.raises(ProviderNotSetUpError):
            await grants.provider()
        assert asked == (2 if sign_in is None else 1)

    run(story)
