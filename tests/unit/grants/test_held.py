"""What a session holds: credentials, codes, tokens; refusals that are never tried twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.errors import (
    CredentialMissing,
    CredentialRefused,
    OneTimeSeedMissing,
    ProviderForgotError,
    ProviderNotSetUpError,
    StoreDamagedError,
)
from launcher.grants.held import Grants
from launcher.grants.key_files import FileKeyStore
from launcher.grants.names import CredentialName, TokenName
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import Kept, MemoryStore
from launcher.identity.federated import AccessToken
from launcher.identity.federated.errors import OtherOfficer, ProviderSessionEnded, ProviderUnreachableError
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from tests.unit.grants.test_one_time import SEED, Clock
from tests.unit.grants.test_sealed_store import sealed_files

ALICE = OfficerId("https://id.force.example/station", "8f1c")
CUSTODY = CredentialName("custody", "store")
BY_SIGN_IN = CredentialName("custody", "sign-in")
OWN = Credential("aokafor", Secret("own-password"))
NEWER = Credential("aokafor", Secret("newer-password"))
SIGN_IN = Credential("alice", Secret("sign-in-password"))
WARRANTS = TokenName(("https://warrants.station.test/read",))


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def walk() -> None:
        await story()

    asyncio.run(walk())


def test_what_will_be_asked_for_is_known_without_a_secret() -> None:
    async def story() -> None:
        store = MemoryStore()
        reports = CredentialName("reports", "store")
        grants = Grants(ALICE, store, sign_in=SIGN_IN)
        asked = (CUSTODY, reports, CredentialName("records", "sign-in"))
        assert await grants.unknown(asked) == {"custody", "reports"}
        await store.put(ALICE, "custody", OWN)
        grants.give("reports", OWN)
        assert await grants.unknown(asked) == frozenset()
        await grants.refuse(CUSTODY, OWN)
        assert await grants.unknown(asked) == {"custody"}
        await store.put(ALICE, "records", OWN)
        by_provider = Grants(ALICE, store)  # no password of the sign-in: it is the officer's own for the system
        assert await by_provider.unknown(asked) == {"reports"}
        await store.forget(ALICE, "records")
        assert await by_provider.unknown(asked) == {"reports", "records"}
        await grants.refuse(CredentialName("records", "sign-in"), SIGN_IN)
        assert await grants.unknown(asked) == {"custody", "records"}
        assert await grants.unknown(()) == frozenset()

    run(story)


def test_an_unknown_credential_is_asked_for_and_kept_once_it_worked() -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = Grants(ALICE, store)
        with pytest.raises(CredentialMissing):
            await grants.credential(CUSTODY)
        grants.give("custody", OWN)
        assert await grants.credential(CUSTODY) == OWN
        assert await store.get(ALICE, "custody") is None  # it has not worked yet
        assert await grants.remember("custody")
        assert not await grants.remember("custody")
        assert await store.get(ALICE, "custody") == Kept(OWN)
        assert await Grants(ALICE, store).credential(CUSTODY) == OWN

    run(story)


def test_a_refused_credential_is_not_tried_twice_here_or_at_the_next_sitting() -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.put(ALICE, "custody", OWN)
        grants = Grants(ALICE, store)
        tried = await grants.credential(CUSTODY)
        await grants.refuse(CUSTODY, tried)
        for asker in (grants, Grants(ALICE, store)):
            with pytest.raises(CredentialRefused):
                await asker.credential(CUSTODY)
        grants.give("custody", NEWER)
        assert await grants.credential(CUSTODY) == NEWER
        await grants.remember("custody")
        assert await Grants(ALICE, store).credential(CUSTODY) == NEWER

    run(story)


def test_a_given_credential_that_is_refused_is_asked_for_again_and_never_kept() -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = Grants(ALICE, store)
        grants.give("custody", OWN)
        await grants.refuse(CUSTODY, await grants.credential(CUSTODY))
        with pytest.raises(CredentialRefused):
            await grants.credential(CUSTODY)
        assert not await grants.remember("custody")
        assert await store.get(ALICE, "custody") is None

    run(story)


def test_a_late_refusal_of_the_old_one_leaves_the_new_one() -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.put(ALICE, "custody", OWN)
        grants = Grants(ALICE, store)
        tried = await grants.credential(CUSTODY)
        grants.give("custody", NEWER)
        await grants.refuse(CUSTODY, tried)
        assert await grants.credential(CUSTODY) == NEWER

    run(story)


def test_the_sign_ins_password_is_one_of_the_grants() -> None:
    async def story() -> None:
        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN)
        grants.give("custody", OWN)
        assert await grants.credential(BY_SIGN_IN) == SIGN_IN
        await grants.refuse(BY_SIGN_IN)
        with pytest.raises(CredentialRefused):
            await grants.credential(BY_SIGN_IN)
        assert await grants.credential(CredentialName("warrants", "sign-in")) == SIGN_IN  # that one takes it
        assert await grants.credential(CUSTODY) == OWN
        with pytest.raises(CredentialMissing):  # signed in at the provider: there is no password
            await Grants(ALICE, MemoryStore()).credential(BY_SIGN_IN)

    run(story)


def test_codes_come_once_also_across_sittings() -> None:
    async def story() -> None:
        clock, store, said = Clock(1_790_000_005), MemoryStore(), list[float]()
        await store.put(ALICE, "custody", Credential("a", Secret("p"), SEED))
        wants_code = CredentialName("custody", "sign-in", otp=True)
        first_sitting = Grants(ALICE, store, sign_in=SIGN_IN, now=clock, sleep=clock.sleep)
        assert (await first_sitting.credential(wants_code)).seed == SEED
        first = await first_sitting.code(wants_code, said.append)
        assert said == []
        next_sitting = Grants(ALICE, store, now=clock, sleep=clock.sleep)
        second = await next_sitting.code(CUSTODY, said.append)
        assert first != second
        assert len(said) == 1
        assert 0 < said[0] <= 30

    run(story)


def test_without_a_seed_the_officer_types_the_code() -> None:
    async def story() -> None:
        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN)
        grants.give("warrants", OWN)
        for name in (CredentialName("custody", "sign-in", otp=True), CredentialName("warrants", "store", otp=True)):
            with pytest.raises(OneTimeSeedMissing):
                await grants.code(name)

    run(story)


def test_a_new_password_keeps_the_seed() -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.put(ALICE, "custody", Credential("a", Secret("old"), SEED))
        grants = Grants(ALICE, store)
        grants.give("custody", NEWER)
        await grants.remember("custody")
        kept = await store.get(ALICE, "custody")
        assert kept is not None
        assert (kept.credential.password, kept.credential.seed) == (NEWER.password, SEED)

    run(story)


def test_a_damaged_file_is_said_and_replaced_by_what_the_officer_gives(tmp_path: Path) -> None:
    async def story() -> None:
        store = SealedStore(tmp_path / "credentials", FileKeyStore(tmp_path / "keys"))
        await store.put(ALICE, "custody", OWN)
        (path,) = sealed_files(tmp_path)
        path.write_bytes(b"damaged")
        grants = Grants(ALICE, store)
        with pytest.raises(CredentialMissing):
            await grants.credential(CUSTODY)
        assert isinstance(grants.store_fault, StoreDamagedError)
        grants.give("custody", NEWER)
        assert await grants.credential(CUSTODY) == NEWER
        await grants.remember("custody")
        assert await Grants(ALICE, store).credential(CUSTODY) == NEWER

    run(story)


def test_a_store_that_is_out_of_order_keeps_no_system_shut(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("in the way")

    async def story() -> None:
        clock = Clock(1_790_000_005)
        store = SealedStore(tmp_path / "credentials", FileKeyStore(tmp_path / "keys"))
        grants = Grants(ALICE, store, now=clock, sleep=clock.sleep)
        with pytest.raises(CredentialMissing):
            await grants.credential(CUSTODY)
        given = Credential("a", Secret("p"), SEED)
        grants.give("custody", given)
        assert await grants.code(CUSTODY)
        assert not await grants.remember("custody")
        assert grants.store_fault is not None
        assert await grants.credential(CUSTODY) == given  # for this sitting
        await grants.refuse(CUSTODY, given)
        with pytest.raises(CredentialRefused):
            await grants.credential(CUSTODY)

    run(story)


class Provider:
    """A session at a provider that counts, and fails when it is told to."""

    def __init__(self) -> None:
        self.obtained = 0
        self.asked = 0
        self.ended = 0
        self.fault: LauncherError | None = None
        self.token_fault: LauncherError | None = None

    async def obtain(self) -> Provider:
        self.obtained += 1
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return self

    async def token(self, scopes: tuple[str, ...]) -> AccessToken:
        self.asked += 1
        await asyncio.sleep(0)
        if self.token_fault is not None:
            raise self.token_fault
        return AccessToken(Secret(f"token {self.asked}"), 3600.0, scopes, 0.0)

    async def end(self) -> bool:
        self.ended += 1
        return True

    def secrets(self) -> tuple[Secret, ...]:
        return (Secret("refresh-token"),)


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


def test_what_is_held_can_be_searched_for_and_is_never_shown() -> None:
    async def story() -> None:
        provider = Provider()
        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN, provider=provider.obtain)
        grants.give("custody", Credential("a", OWN.password, SEED))
        await grants.token(WARRANTS)
        assert set(grants.secrets()) == {OWN.password, SEED, SIGN_IN.password, Secret("refresh-token")}
        for secret in grants.secrets():
            assert secret.reveal() not in repr((SIGN_IN, await grants.credential(CUSTODY), grants))
        await grants.end()
        assert grants.secrets() == ()

    run(story)


def test_a_fresh_proof_clears_what_was_refused_only_with_another_password() -> None:
    async def story() -> None:
        grants = Grants(ALICE, MemoryStore(), sign_in=SIGN_IN)
        await grants.refuse(BY_SIGN_IN, SIGN_IN)
        for proof in (None, SIGN_IN, Credential("FORCE\\alice", SIGN_IN.password)):
            grants.proved_again(proof)
            with pytest.raises(CredentialRefused):
                await grants.credential(BY_SIGN_IN)
        grants.proved_again(NEWER)
        assert await grants.credential(BY_SIGN_IN) == NEWER
        await grants.refuse(BY_SIGN_IN, SIGN_IN)  # said of the older one by a system that took its time
        assert await grants.credential(BY_SIGN_IN) == NEWER
        await grants.refuse(BY_SIGN_IN, NEWER)
        with pytest.raises(CredentialRefused):
            await grants.credential(BY_SIGN_IN)

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


def test_a_renewal_without_a_provider_is_none() -> None:
    async def story() -> None:
        await Grants(ALICE, MemoryStore(), sign_in=SIGN_IN).renew()

    run(story)
