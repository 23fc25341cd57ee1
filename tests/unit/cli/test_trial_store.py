"""The store of a trial: another store, but for the one system whose name and password were typed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from launcher.bootstrap.trial_store import TrialStore
from launcher.grants.credential import Credential
from launcher.grants.store import CredentialStore, Kept, MemoryStore
from launcher.secret import Secret
from tests.contract.grants.store_contract import ALICE, FIRST, NEW, SECOND, CredentialStoreContract, run

TYPED = Credential("typed", Secret("typed-password"))


class TestOtherSystems(CredentialStoreContract):
    """All but the one that is tried."""

    @pytest.fixture
    def make(self) -> Callable[[], CredentialStore]:
        return lambda: TrialStore(MemoryStore(), "tried", TYPED)


def test_what_was_typed_stands_in_the_place_of_what_is_kept_which_stays() -> None:
    async def story() -> None:
        kept = MemoryStore()
        await kept.put(ALICE, "tried", SECOND)
        store = TrialStore(kept, "tried", TYPED)
        found = await store.get(ALICE, "tried")
        # The device that makes the codes is the same.
        assert found == Kept(Credential(TYPED.user_name, TYPED.password, SECOND.seed))
        await store.mark_refused(ALICE, "tried")
        assert await store.get(ALICE, "tried") == Kept(found.credential, refused=True)
        await store.put(ALICE, "tried", FIRST)
        await store.propose(ALICE, "tried", FIRST, NEW)
        await store.mark_tried(ALICE, "tried", tried=True)
        await store.settle(ALICE, "tried", changed=True)
        assert await store.get(ALICE, "tried") == Kept(Credential(FIRST.user_name, NEW))
        assert await kept.get(ALICE, "tried") == Kept(SECOND)

    run(story())


def test_a_code_of_the_kept_seed_is_used_for_the_station_too() -> None:
    async def story() -> None:
        kept = MemoryStore()
        await kept.put(ALICE, "tried", SECOND)
        store = TrialStore(kept, "tried", TYPED)
        await store.get(ALICE, "tried")
        assert await store.claim_code(ALICE, "tried", 7)
        assert not await kept.claim_code(ALICE, "tried", 7)

    run(story())
