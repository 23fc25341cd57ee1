"""The sealed files against whoever gets at the folder."""

from __future__ import annotations

import asyncio
import base64
import os
import stat
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.grants import sealed_store
from launcher.grants.credential import Credential
from launcher.grants.errors import (
    KeyStoreLockedError,
    StoreDamagedError,
    StoreOtherKeyError,
    StoreUnavailableError,
    StoreUnsafeError,
)
from launcher.grants.key_files import FileKeyStore
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import Kept
from launcher.identity.officer import OfficerId
from launcher.secret import Secret

ALICE = OfficerId("https://id.force.example/station", "subject-of-alice")
BOB = OfficerId("https://id.force.example/station", "subject-of-bob")
CANARY = Credential("user-canary-4471", Secret("password-canary-Z9"), Secret("MFRGGZDFMZTWQ2LK"))


def store_in(folder: Path) -> SealedStore:
    return SealedStore(folder / "credentials", FileKeyStore(folder / "keys"))


def sealed_files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "credentials").glob("*/*") if not path.name.startswith("."))


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def walk() -> None:
        await story()

    asyncio.run(walk())


def test_nothing_stands_there_in_clear(tmp_path: Path) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        await store.put(ALICE, "custody-record", CANARY)
        await store.mark_refused(ALICE, "custody-record")

    run(story)
    clear = [b"custody", b"subject-of-alice", b"id.force.example", b"user-canary", b"password-canary", b"MFRGGZDF"]
    clear += [base64.b64encode(word)[:-4] for word in clear if len(word) > 8] + [word.hex().encode() for word in clear]
    for path in tmp_path.rglob("*"):
        for word in clear:
            assert word not in str(path.relative_to(tmp_path)).encode()
            assert not path.is_file() or word not in path.read_bytes()


def test_files_and_folders_are_ours_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run(lambda: store_in(tmp_path).put(ALICE, "custody", CANARY))
    finally:
        os.umask(before)
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_the_size_says_nothing_of_the_password(tmp_path: Path) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        await store.put(ALICE, "a", Credential("u", Secret("p")))
        await store.put(ALICE, "another system", Credential("a.longer.name", Secret("a much longer password" * 5)))

    run(story)
    assert len({path.stat().st_size for path in sealed_files(tmp_path)}) == 1


def test_the_same_is_never_sealed_the_same_way_twice(tmp_path: Path) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        seen = set()
        for _ in range(3):
            await store.put(ALICE, "custody", CANARY)
            seen.add(sealed_files(tmp_path)[0].read_bytes())
        assert len(seen) == 3

    run(story)


def test_another_process_reads_what_was_kept(tmp_path: Path) -> None:
    async def story() -> None:
        await store_in(tmp_path).put(ALICE, "custody", CANARY)
        assert await store_in(tmp_path).get(ALICE, "custody") == Kept(CANARY)

    run(story)


def test_two_stores_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    async def story() -> None:
        stores = [store_in(tmp_path) for _ in range(8)]
        await asyncio.gather(*(store.put(ALICE, f"system-{n}", CANARY) for n, store in enumerate(stores)))
        assert len(await store_in(tmp_path).systems(ALICE)) == 8

    run(story)


def damaged(content: bytes, how: str) -> bytes:
    match how:
        case "a bit":
            return content[:-20] + bytes([content[-20] ^ 1]) + content[-19:]
        case "cut":
            return content[:-1]
        case "cut short":
            return content[:9]
        case "empty":
            return b""
        case "more":
            return content + b"\0"
        case "a length":
            return content[:4] + b"\xff\xff" + content[6:]
        case _:
            return b"something else entirely"


@pytest.mark.parametrize("how", ["a bit", "cut", "cut short", "empty", "more", "a length", "other"])
def test_a_changed_file_is_said_and_a_new_credential_repairs_it(tmp_path: Path, how: str) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        await store.put(ALICE, "warrants", CANARY)
        healthy = set(sealed_files(tmp_path))
        await store.put(ALICE, "custody", CANARY)
        (path,) = set(sealed_files(tmp_path)) - healthy
        path.write_bytes(damaged(path.read_bytes(), how))
        with pytest.raises(StoreDamagedError):
            await store.get(ALICE, "custody")
        assert "warrants" in await store.systems(ALICE)
        assert await store.get(ALICE, "warrants") == Kept(CANARY)
        await store.put(ALICE, "custody", CANARY)
        assert await store.get(ALICE, "custody") == Kept(CANARY)

    run(story)


def test_a_file_in_another_systems_place_does_not_open(tmp_path: Path) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        await store.put(ALICE, "custody", CANARY)
        (custody,) = sealed_files(tmp_path)
        await store.put(ALICE, "warrants", Credential("other", Secret("other")))
        (warrants,) = set(sealed_files(tmp_path)) - {custody}
        warrants.write_bytes(custody.read_bytes())
        with pytest.raises(StoreDamagedError):
            await store.get(ALICE, "warrants")

    run(story)


def test_a_file_in_another_officers_place_does_not_open(tmp_path: Path) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        await store.put(ALICE, "custody", CANARY)
        (hers,) = sealed_files(tmp_path)
        await store.put(BOB, "custody", Credential("bob", Secret("bob")))
        (his,) = set(sealed_files(tmp_path)) - {hers}
        his.write_bytes(hers.read_bytes())
        with pytest.raises(StoreDamagedError):
            await store.get(BOB, "custody")
        assert await store.systems(BOB) == frozenset()

    run(story)


def change_key(folder: Path, text: str | None) -> None:
    (key,) = (folder / "keys").iterdir()
    if text is None:
        key.unlink()
    else:
        key.write_text(text)


@pytest.mark.parametrize("text", [base64.b64encode(bytes(32)).decode(), "", "no key", "AAAA", None])
def test_another_key_is_said_and_nothing_is_overwritten(tmp_path: Path, text: str | None) -> None:
    async def story() -> None:
        await store_in(tmp_path).put(ALICE, "custody", CANARY)
        before = {path: path.read_bytes() for path in sealed_files(tmp_path)}
        change_key(tmp_path, text)
        store = store_in(tmp_path)
        asked: list[Awaitable[object]] = [
            store.get(ALICE, "custody"),
            store.put(ALICE, "custody", CANARY),
            store.systems(ALICE),
            store.forget(ALICE, "custody"),
            store.mark_refused(ALICE, "custody"),
        ]
        for one in asked:
            with pytest.raises(StoreOtherKeyError):
                await one
        assert {path: path.read_bytes() for path in sealed_files(tmp_path)} == before

    run(story)


def make_readable(folder: Path) -> None:
    sealed_files(folder)[0].chmod(0o640)


def make_key_readable(folder: Path) -> None:
    next((folder / "keys").iterdir()).chmod(0o604)


def open_folder(folder: Path) -> None:
    (folder / "credentials").chmod(0o755)


def link_elsewhere(folder: Path) -> None:
    path = sealed_files(folder)[0]
    elsewhere = folder / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def link_folder(folder: Path) -> None:
    (folder / "credentials").rename(folder / "moved")
    (folder / "credentials").symlink_to(folder / "moved")


def make_a_folder(folder: Path) -> None:
    path = sealed_files(folder)[0]
    path.unlink()
    path.mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (make_readable, StoreUnsafeError),
        (make_key_readable, StoreUnsafeError),
        (open_folder, StoreUnsafeError),
        (link_elsewhere, StoreUnsafeError),
        (link_folder, StoreUnsafeError),
        (make_a_folder, (StoreUnsafeError, StoreUnavailableError)),
    ],
)
def test_what_others_could_reach_or_place_is_not_used(
    tmp_path: Path, spoil: Callable[[Path], None], refusal: type[LauncherError]
) -> None:
    async def story() -> None:
        await store_in(tmp_path).put(ALICE, "custody", CANARY)
        spoil(tmp_path)
        with pytest.raises(refusal):
            await store_in(tmp_path).get(ALICE, "custody")

    run(story)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: a file must be given to another account")
def test_a_file_of_another_account_is_not_used(tmp_path: Path) -> None:
    async def story() -> None:
        await store_in(tmp_path).put(ALICE, "custody", CANARY)
        os.chown(sealed_files(tmp_path)[0], 65534, -1)
        with pytest.raises(StoreUnsafeError):
            await store_in(tmp_path).get(ALICE, "custody")

    run(story)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("in the way")

    async def story() -> None:
        with pytest.raises((StoreUnavailableError, StoreUnsafeError)):
            await store_in(tmp_path).put(ALICE, "custody", CANARY)

    run(story)


def test_what_a_killed_writer_left_is_swept_and_never_read(tmp_path: Path) -> None:
    async def story() -> None:
        store = store_in(tmp_path)
        await store.put(ALICE, "custody", CANARY)
        left = sealed_files(tmp_path)[0].with_name(".new-0123")
        left.write_bytes(b"half of it")
        assert await store.systems(ALICE) == {"custody"}
        await store.put(ALICE, "custody", CANARY)
        assert not left.exists()

    run(story)


class SilentKeyStore:
    """A key store that waits for a prompt nobody answers."""

    def __init__(self) -> None:
        self.answered = threading.Event()

    def get(self, name: str) -> Secret | None:
        self.answered.wait()
        return None

    def put(self, name: str, secret: Secret) -> None:
        self.answered.wait()

    def add(self, name: str, secret: Secret) -> Secret:
        self.answered.wait()
        return secret

    def remove(self, name: str) -> bool:
        self.answered.wait()
        return False


def test_a_key_store_that_does_not_answer_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_store, "ANSWER_S", 0.05)
    keys = SilentKeyStore()

    async def story() -> None:
        store = SealedStore(tmp_path / "credentials", keys)
        with pytest.raises(KeyStoreLockedError):
            await store.get(ALICE, "custody")

    run(story)
    keys.answered.set()
