"""What a session holds of credentials and codes; refusals that are never tried twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.errors import CredentialMissing, CredentialRefused, OneTimeSeedMissing, StoreDamagedError
from launcher.grants.held import Grants
from launcher.grants.key_files import FileKeyStore
from launcher.grants.names import CredentialName
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import Kept, MemoryStore
from launcher.secret import Secret
from tests.unit.grants.held_bench import ALICE, BY_SIGN_IN, CUSTODY, NEWER, OWN, SIGN_IN, WARRANTS, Provider, run
from tests.unit.grants.test_one_time import SEED, Clock
from tests.unit.grants.test_sealed_store import sealed_files


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
        await first_sitting.code_is_free(wants_code, SEED, said.append)
        first = await first_sitting.code(wants_code)
        assert said == []
        next_sitting = Grants(ALICE, store, now=clock, sleep=clock.sleep)
        await next_sitting.code_is_free(CUSTODY, SEED, said.append)
        second = await next_sitting.code(CUSTODY)
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
