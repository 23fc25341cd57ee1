"""A new password that a host may or may not have: neither it nor the old one is lost, each is tried once at most."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.errors import CredentialRefused, StoreUnsafeError
from launcher.grants.held import Grants
from launcher.grants.key_files import FileKeyStore
from launcher.grants.names import CredentialName
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import CredentialStore, Kept, MemoryStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

ALICE = OfficerId("local", "8f1c")
RECORDS = CredentialName("records", "store")
OLD = Credential("aokafor", Secret("old-password"))
NEW = Credential("aokafor", Secret("new-password"))


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def walk() -> None:
        await story()

    asyncio.run(walk())


async def cut_off(store: CredentialStore) -> Grants:
    """Return the grants of the sitting after one that ended between the giving and the answer."""
    await store.put(ALICE, "records", OLD)
    before = Grants(ALICE, store)
    await before.propose("records", await before.credential(RECORDS), NEW.password)
    return Grants(ALICE, store)


def test_the_new_one_is_tried_first_and_takes_the_old_ones_place_when_it_works() -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = await cut_off(store)
        tried = await grants.credential(RECORDS)
        assert tried == NEW
        assert NEW.password in grants.secrets()
        assert await grants.remember("records", tried)
        assert await store.get(ALICE, "records") == Kept(NEW)
        assert not await grants.remember("records", tried)
        assert await grants.credential(RECORDS) == NEW

    run(story)


def test_a_refused_new_one_is_not_tried_again_and_dropped_once_the_old_one_has_worked() -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = await cut_off(store)
        await grants.refuse(RECORDS, await grants.credential(RECORDS))
        for asker in (Grants(ALICE, store), grants):
            assert await asker.credential(RECORDS) == OLD
        assert await grants.remember("records", OLD)
        assert await store.get(ALICE, "records") == Kept(OLD)

    run(story)


def test_a_new_one_that_was_being_tried_when_we_were_ended_is_not_tried_again() -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = await cut_off(store)
        for _ in range(2):  # for one launch it stays the one
            assert await grants.credential(RECORDS) == NEW
        assert await Grants(ALICE, store).credential(RECORDS) == OLD

    run(story)


@pytest.mark.parametrize("given", [True, False])
def test_a_new_one_without_an_answer_is_tried_again_only_if_the_system_was_not_given_it(given: bool) -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = await cut_off(store)
        assert await grants.credential(RECORDS) == NEW
        await grants.undecided("records", given=given)
        await grants.undecided("records", given=False)
        assert await grants.credential(RECORDS) == (OLD if given else NEW)
        assert await grants.remember("records", NEW)  # finished by hand, it was right after all
        assert await store.get(ALICE, "records") == Kept(NEW)

    run(story)


def test_where_both_are_refused_the_officer_is_asked_and_what_they_give_counts() -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = await cut_off(store)
        for expected in (NEW, OLD):
            tried = await grants.credential(RECORDS)
            assert tried == expected
            await grants.refuse(RECORDS, tried)
        for asker in (grants, Grants(ALICE, store)):
            with pytest.raises(CredentialRefused):
                await asker.credential(RECORDS)
        third = Credential("aokafor", Secret("third-password"))
        grants.give("records", third)
        assert await grants.remember("records", await grants.credential(RECORDS))
        assert await store.get(ALICE, "records") == Kept(third)

    run(story)


def test_a_refused_new_one_that_is_typed_again_is_not_tried_again_and_again() -> None:
    async def story() -> None:
        grants = await cut_off(MemoryStore())
        for expected in (NEW, OLD):
            assert await grants.credential(RECORDS) == expected
            await grants.refuse(RECORDS, expected)
        grants.give("records", NEW)
        await grants.refuse(RECORDS, await grants.credential(RECORDS))
        with pytest.raises(CredentialRefused):
            await grants.credential(RECORDS)

    run(story)


def test_the_seed_of_codes_stays_and_what_was_changed_by_hand_is_said_so() -> None:
    async def story() -> None:
        store = MemoryStore()
        seeded = Credential("aokafor", Secret("older"), Secret("JBSWY3DPEHPK3PXP"))
        await store.put(ALICE, "records", seeded)
        grants = Grants(ALICE, store)
        grants.give("records", OLD)
        await grants.propose("records", await grants.credential(RECORDS), NEW.password)
        await grants.settle("records", changed=True)
        assert await store.get(ALICE, "records") == Kept(Credential("aokafor", NEW.password, seeded.seed))
        await grants.changed_by_hand(RECORDS, NEW)
        with pytest.raises(CredentialRefused, match="You have changed the password there"):
            await grants.credential(RECORDS)
        grants.give("records", OLD)
        await grants.refuse(RECORDS, OLD)
        with pytest.raises(CredentialRefused, match="did not accept"):
            await grants.credential(RECORDS)

    run(story)


@pytest.mark.parametrize("changed", [True, False])
def test_what_the_host_says_settles_it_also_for_one_that_was_only_given(changed: bool) -> None:
    async def story() -> None:
        store = MemoryStore()
        grants = Grants(ALICE, store)
        grants.give("records", OLD)
        await grants.propose("records", await grants.credential(RECORDS), NEW.password)
        assert await store.get(ALICE, "records") == Kept(OLD, pending=NEW.password)
        await grants.settle("records", changed=changed)
        expected = NEW if changed else OLD
        assert await store.get(ALICE, "records") == Kept(expected)
        assert await grants.credential(RECORDS) == expected

    run(story)


def test_what_cannot_be_kept_is_said_before_a_host_is_given_anything(tmp_path: Path) -> None:
    async def story() -> None:
        folder = tmp_path / "credentials"
        store = SealedStore(folder, FileKeyStore(tmp_path / "keys"))
        await store.put(ALICE, "records", OLD)
        grants = Grants(ALICE, store)
        current = await grants.credential(RECORDS)
        (own,) = (one for one in folder.iterdir() if one.is_dir())
        own.chmod(0o777)
        with pytest.raises(LauncherError) as said:
            await grants.propose("records", current, NEW.password)
        assert isinstance(said.value, StoreUnsafeError)
        own.chmod(0o700)
        assert await store.get(ALICE, "records") == Kept(OLD)
        assert await grants.credential(RECORDS) == OLD

    run(story)
