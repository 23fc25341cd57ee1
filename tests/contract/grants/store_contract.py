"""What every store of credentials does; an implementation inherits the class and makes itself."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from launcher.grants.credential import Credential
from launcher.grants.store import CredentialStore, Kept
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

ALICE = OfficerId("https://id.force.example/station", "8f1c")
BOB = OfficerId("https://id.force.example/station", "77aa")
ALICE_ELSEWHERE = OfficerId("ldap:dc=force", "8f1c")
FIRST = Credential("aokafor", Secret("first-password"))
NEW = Secret("new-password")
SECOND = Credential("a.okafor", Secret("second-password"), Secret("JBSWY3DPEHPK3PXP"))


def run(story: Awaitable[None]) -> None:
    """Run a story."""

    async def walk() -> None:
        await story

    asyncio.run(walk())


class CredentialStoreContract(ABC):
    """Inherited by the tests of each store; ``make`` is a fixture that gives a function for an empty one."""

    @abstractmethod
    def make(self, *given: object) -> Callable[[], CredentialStore]:
        """Give a function that makes an empty store."""

    def test_nothing_is_kept_at_first(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            assert await store.get(ALICE, "custody") is None
            assert await store.systems(ALICE) == frozenset()

        run(story())

    def test_what_is_put_is_kept(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", FIRST)
            await store.put(ALICE, "warrants", SECOND)
            assert await store.get(ALICE, "custody") == Kept(FIRST)
            assert await store.get(ALICE, "warrants") == Kept(SECOND)
            assert await store.systems(ALICE) == {"custody", "warrants"}

        run(story())

    def test_the_last_put_counts(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", FIRST)
            await store.put(ALICE, "custody", SECOND)
            assert await store.get(ALICE, "custody") == Kept(SECOND)
            assert await store.systems(ALICE) == {"custody"}

        run(story())

    def test_each_officer_has_their_own(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", FIRST)
            for other in (BOB, ALICE_ELSEWHERE):
                assert await store.get(other, "custody") is None
                assert await store.systems(other) == frozenset()
                await store.forget(other, "custody")
                await store.mark_refused(other, "custody")
            assert await store.get(ALICE, "custody") == Kept(FIRST)

        run(story())

    def test_forgotten_is_gone(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", FIRST)
            await store.put(ALICE, "warrants", FIRST)
            await store.forget(ALICE, "custody")
            await store.forget(ALICE, "custody")
            await store.forget(ALICE, "never there")
            assert await store.get(ALICE, "custody") is None
            assert await store.systems(ALICE) == {"warrants"}

        run(story())

    def test_a_refusal_is_noted_until_a_new_one_is_put(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.mark_refused(ALICE, "custody")
            assert await store.get(ALICE, "custody") is None
            await store.put(ALICE, "custody", FIRST)
            await store.mark_refused(ALICE, "custody")
            await store.mark_refused(ALICE, "custody")
            assert await store.get(ALICE, "custody") == Kept(FIRST, refused=True)
            await store.put(ALICE, "custody", SECOND)
            assert await store.get(ALICE, "custody") == Kept(SECOND)

        run(story())

    @pytest.mark.parametrize("kept_before", [None, FIRST, Credential("aokafor", Secret("older"))])
    @pytest.mark.parametrize("changed", [True, False])
    def test_a_pending_password_stands_beside_the_old_until_it_is_settled(
        self, make: Callable[[], CredentialStore], kept_before: Credential | None, changed: bool
    ) -> None:
        async def story() -> None:
            store = make()
            if kept_before is not None:
                await store.put(ALICE, "custody", kept_before)
                await store.mark_refused(ALICE, "custody")
            await store.propose(ALICE, "custody", FIRST, NEW)
            kept = await store.get(ALICE, "custody")
            assert kept == Kept(FIRST, pending=NEW)
            assert kept.with_pending == Credential("aokafor", NEW)
            assert await store.systems(ALICE) == {"custody"}
            await store.settle(ALICE, "custody", changed=changed)
            assert await store.get(ALICE, "custody") == Kept(Credential("aokafor", NEW) if changed else FIRST)
            await store.settle(ALICE, "custody", changed=not changed)
            assert await store.get(ALICE, "custody") == Kept(Credential("aokafor", NEW) if changed else FIRST)

        run(story())

    def test_each_of_old_and_pending_is_refused_on_its_own(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.settle(ALICE, "custody", changed=True)
            await store.mark_refused(ALICE, "custody", pending=True)
            await store.mark_tried(ALICE, "custody", tried=True)
            assert await store.get(ALICE, "custody") is None
            await store.put(ALICE, "custody", FIRST)
            await store.mark_refused(ALICE, "custody", pending=True)
            assert await store.get(ALICE, "custody") == Kept(FIRST)
            await store.propose(ALICE, "custody", FIRST, NEW)
            await store.mark_refused(ALICE, "custody", pending=True)
            kept = await store.get(ALICE, "custody")
            assert kept == Kept(FIRST, pending=NEW, pending_refused=True)
            assert kept.with_pending is None
            await store.mark_tried(ALICE, "custody", tried=False)
            assert await store.get(ALICE, "custody") == Kept(FIRST, pending=NEW)
            await store.mark_tried(ALICE, "custody", tried=True)
            assert await store.get(ALICE, "custody") == kept
            await store.mark_refused(ALICE, "custody")
            assert await store.get(ALICE, "custody") == Kept(FIRST, True, pending=NEW, pending_refused=True)
            await store.put(ALICE, "custody", SECOND)
            assert await store.get(ALICE, "custody") == Kept(SECOND)

        run(story())

    def test_a_changed_password_leaves_the_codes_used(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", SECOND)
            assert await store.claim_code(ALICE, "custody", 100)
            await store.propose(ALICE, "custody", SECOND, NEW)
            assert not await store.claim_code(ALICE, "custody", 100)
            await store.settle(ALICE, "custody", changed=True)
            assert not await store.claim_code(ALICE, "custody", 100)

        run(story())

    def test_a_code_is_given_out_once(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", SECOND)
            assert await store.claim_code(ALICE, "custody", 100)
            assert not await store.claim_code(ALICE, "custody", 100)
            assert not await store.claim_code(ALICE, "custody", 99)
            assert await store.claim_code(ALICE, "custody", 101)
            assert await store.claim_code(ALICE, "nothing kept", 101)

        run(story())

    def test_of_many_who_claim_a_code_at_once_one_gets_it(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", SECOND)
            claims = await asyncio.gather(*(store.claim_code(ALICE, "custody", 100) for _ in range(50)))
            assert sum(claims) == 1

        run(story())

    def test_a_new_password_leaves_the_codes_of_the_same_seed_used(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", SECOND)
            assert await store.claim_code(ALICE, "custody", 100)
            await store.put(ALICE, "custody", Credential("new", Secret("new"), SECOND.seed))
            assert not await store.claim_code(ALICE, "custody", 100)
            await store.put(ALICE, "custody", Credential("new", Secret("new"), Secret("MFRGGZDFMZTWQ2LK")))
            assert await store.claim_code(ALICE, "custody", 100)

        run(story())

    def test_a_period_noted_by_a_clock_far_ahead_holds_nothing_up(self, make: Callable[[], CredentialStore]) -> None:
        async def story() -> None:
            store = make()
            await store.put(ALICE, "custody", SECOND)
            assert await store.claim_code(ALICE, "custody", 1_000_000)
            assert await store.claim_code(ALICE, "custody", 100)

        run(story())

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(
        system=st.text(min_size=1, max_size=300),
        user_name=st.text(max_size=300),
        password=st.text(max_size=2000),
        seed=st.none() | st.text(max_size=200),
    )
    def test_any_text_comes_back_as_it_was(
        self, make: Callable[[], CredentialStore], system: str, user_name: str, password: str, seed: str | None
    ) -> None:
        credential = Credential(user_name, Secret(password), None if seed is None else Secret(seed))

        async def story() -> None:
            store = make()
            await store.put(ALICE, system, credential)
            assert await store.get(ALICE, system) == Kept(credential)
            assert system in await store.systems(ALICE)
            await store.forget(ALICE, system)

        run(story())
