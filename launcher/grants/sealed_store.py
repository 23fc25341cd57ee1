"""Credentials in sealed files: AES-256-GCM, one file for each officer and system, no name in clear anywhere.

A file holds two sealed parts, the system's id (so that the officer's systems can be listed) and the credential. Both
are bound to the officer, the second to the system too: a file put in another's place does not open. An older version
of the same file does; that cannot be told without a counter outside. Each officer's are sealed with a key of that
officer's (:mod:`launcher.grants.officer_keys`), derived from the station's.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from pydantic import BaseModel, ConfigDict, ValidationError

from launcher.grants.credential import Credential
from launcher.grants.errors import KeyStoreLockedError, StoreDamagedError, StoreOtherKeyError
from launcher.grants.key_store import KeyStore
from launcher.grants.officer_keys import OfficerKeys, as_bytes, check_of, key_of, keys_from, new_key
from launcher.grants.one_time import used
from launcher.grants.safe_files import locked, own_folder, read_own, sweep, write_own
from launcher.grants.store import Kept, pending_tried, proposed, refused, renewed, settled
from launcher.identity.officer import OfficerId
from launcher.identity.worker import Worker
from launcher.secret import Secret

KEY_NAME = "credentials-key"
CHECK = "check"
VERSION = 1
ANSWER_S = 10.0

_MAGIC = b"SLC1"
_NONCE, _LENGTH, _TAG, _NAME_ROOM, _ROOM = 12, 2, 16, 128, 512

Result = TypeVar("Result")


class _Sealed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    user_name: str
    password: str
    seed: str | None
    refused: bool
    last_code: int | None
    pending: str | None = None  # written only where there is one: an older version knows no such thing
    pending_refused: bool = False


class SealedStore:
    """The local store: a folder of ours, the key elsewhere.

    ``one_officer``: what is kept here is one officer's, and the key is that officer's own, not the station's.
    """

    def __init__(self, folder: Path, keys: KeyStore, *, one_officer: bool = False) -> None:
        self._folder = folder
        self._key_store = keys
        self._one_officer = one_officer
        self._worker = Worker("credentials")
        self._key: bytes | None = None

    async def get(self, officer: OfficerId, system: str) -> Kept | None:
        """Return what is kept, None if nothing is."""
        return await self._run(lambda: self._get(officer, system))

    async def put(self, officer: OfficerId, system: str, credential: Credential) -> None:
        """Keep the credential in place of what is there; it counts as not refused."""
        await self._run(lambda: self._put(officer, system, lambda before: renewed(before, credential)))

    async def forget(self, officer: OfficerId, system: str) -> None:
        """Delete what is kept; nothing there is no fault."""
        await self._run(lambda: self._forget(officer, system))

    async def systems(self, officer: OfficerId) -> frozenset[str]:
        """Return the systems for which something readable is kept."""
        return await self._run(lambda: self._systems(officer))

    async def mark_refused(self, officer: OfficerId, system: str, *, pending: bool = False) -> None:
        """Note that the system said no; nothing there is no fault."""
        await self._run(lambda: self._change(officer, system, lambda kept: refused(kept, pending=pending)))

    async def propose(self, officer: OfficerId, system: str, current: Credential, new: Secret) -> None:
        """Keep the credential and, beside it, a pending password; both last once this has returned."""
        await self._run(lambda: self._put(officer, system, lambda before: proposed(before, current, new)))

    async def mark_tried(self, officer: OfficerId, system: str, *, tried: bool) -> None:
        """Note that the pending password is about to be given to the system, or was not after all."""
        await self._run(lambda: self._change(officer, system, lambda kept: pending_tried(kept, tried=tried)))

    async def settle(self, officer: OfficerId, system: str, *, changed: bool) -> None:
        """End what is pending: the new password takes the old one's place, or is dropped."""
        await self._run(lambda: self._change(officer, system, lambda kept: settled(kept, changed=changed)))

    async def claim_code(self, officer: OfficerId, system: str, period: int) -> bool:
        """Note that the one-time code of the period is given out; False if it, or a later one, was before."""
        return await self._run(lambda: self._claim_code(officer, system, period))

    async def _run(self, call: Callable[[], Result]) -> Result:
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._worker.run(call)
        except TimeoutError:
            # A locked key store may wait for a prompt that nobody sees.
            raise KeyStoreLockedError("The system's key store does not answer.") from None

    # On the worker from here on.

    def _get(self, officer: OfficerId, system: str) -> Kept | None:
        keys = self._open(officer, make=False)
        return self._read(keys, officer, system) if keys is not None else None

    def _put(self, officer: OfficerId, system: str, made: Callable[[Kept | None], Kept]) -> None:
        keys = self._open(officer, make=True)
        assert keys is not None  # noqa: S101 - it was just made
        with locked(self._folder):
            try:
                before = self._read(keys, officer, system)
            except StoreDamagedError:
                before = None  # what takes its place is the repair
            self._write(keys, officer, system, made(before))

    def _forget(self, officer: OfficerId, system: str) -> None:
        if (keys := self._open(officer, make=False)) is not None:
            with locked(self._folder):
                self._path(keys, officer, system).unlink(missing_ok=True)

    def _systems(self, officer: OfficerId) -> frozenset[str]:
        if (keys := self._open(officer, make=False)) is None:
            return frozenset()
        found = set()
        for path in self._officer_folder(keys, officer).glob("[0-9a-f]*"):
            try:
                found.add(_system_of(keys, officer, read_own(path) or b""))
            except StoreDamagedError:
                continue  # said when the system is opened
        return frozenset(found)

    def _change(self, officer: OfficerId, system: str, change: Callable[[Kept], Kept]) -> None:
        if (keys := self._open(officer, make=False)) is not None:
            with locked(self._folder):
                if kept := self._read(keys, officer, system):
                    self._write(keys, officer, system, change(kept))

    def _claim_code(self, officer: OfficerId, system: str, period: int) -> bool:
        if (keys := self._open(officer, make=False)) is None:
            return True
        with locked(self._folder):
            kept = self._read(keys, officer, system)
            if kept is None:
                return True
            if used(period, kept.last_code):
                return False
            self._write(keys, officer, system, replace(kept, last_code=period))
            return True

    def _open(self, officer: OfficerId, *, make: bool) -> OfficerKeys | None:
        """Return the officer's keys; None where nothing is kept and none shall be made."""
        key = self._key if self._key is not None else open_key(self._folder, self._key_store, make=make)
        if key is None:
            return None
        if make or (self._folder / CHECK).exists():
            self._key = key
        return keys_from(key if self._one_officer else key_of(key, officer))

    def _officer_folder(self, keys: OfficerKeys, officer: OfficerId) -> Path:
        return self._folder / keys.folder(officer)

    def _path(self, keys: OfficerKeys, officer: OfficerId, system: str) -> Path:
        return self._officer_folder(keys, officer) / keys.name("system", officer.issuer, officer.subject, system)

    def _read(self, keys: OfficerKeys, officer: OfficerId, system: str) -> Kept | None:
        content = read_own(self._path(keys, officer, system))
        return None if content is None else _unseal(keys, officer, system, content)

    def _write(self, keys: OfficerKeys, officer: OfficerId, system: str, kept: Kept) -> None:
        folder = self._officer_folder(keys, officer)
        own_folder(folder)
        sweep(folder)
        write_own(self._path(keys, officer, system), _seal(keys, officer, system, kept))


def open_key(folder: Path, key_store: KeyStore, *, make: bool) -> bytes | None:
    """Return the key of what is kept in the folder; None where nothing is and no key shall be made. Blocks.

    Raises :class:`StoreOtherKeyError` where another key was used before, or the key is gone.
    """
    own_folder(folder)
    check = read_own(folder / CHECK)
    kept = key_store.get(KEY_NAME)
    if kept is None:
        if check is not None:
            raise StoreOtherKeyError("The key of what is kept here is gone.")
        if not make:
            return None
        kept = key_store.add(KEY_NAME, new_key())
    key = as_bytes(kept)
    expected = check_of(key).encode()
    if check is None:
        if make:
            with locked(folder):
                write_own(folder / CHECK, expected)
    elif not hmac.compare_digest(check, expected):
        raise StoreOtherKeyError("What is kept here was sealed with another key.")
    return key


def well_formed(untrusted: bytes) -> bool:
    """Say whether a file looks like a sealed credential; whether it opens is its officer's to find out."""
    try:
        name_nonce, name, nonce, body = _parts(untrusted)
    except StoreDamagedError:
        return False
    return len(name_nonce) == len(nonce) == _NONCE and len(name) > _TAG and len(body) > _TAG


def _bound_to(part: str, officer: OfficerId, system: str = "") -> bytes:
    return json.dumps([VERSION, part, officer.issuer, officer.subject, system]).encode()


def _seal(keys: OfficerKeys, officer: OfficerId, system: str, kept: Kept) -> bytes:
    seed = kept.credential.seed
    record = _Sealed(
        user_name=kept.credential.user_name,
        password=kept.credential.password.reveal(),
        seed=None if seed is None else seed.reveal(),
        refused=kept.refused,
        last_code=kept.last_code,
        pending=None if kept.pending is None else kept.pending.reveal(),
        pending_refused=kept.pending_refused,
    )
    left_out = {"pending", "pending_refused"} if kept.pending is None else None
    name_nonce, nonce = secrets.token_bytes(_NONCE), secrets.token_bytes(_NONCE)
    # Filled up with blanks: a file's size says nothing of a password's length.
    name = keys.seal.encrypt(name_nonce, _filled(json.dumps(system), _NAME_ROOM), _bound_to("system", officer))
    content = _filled(record.model_dump_json(exclude=left_out), _ROOM)
    body = keys.seal.encrypt(nonce, content, _bound_to("credential", officer, system))
    return b"".join((_MAGIC, len(name).to_bytes(_LENGTH, "big"), name_nonce, name, nonce, body))


def _filled(text: str, room: int) -> bytes:
    encoded = text.encode()
    return encoded + b" " * (-len(encoded) % room)


def _parts(untrusted: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Split a file into name nonce, name, nonce, credential; what is cut short does not open later on."""
    head = len(_MAGIC) + _LENGTH
    if untrusted[: len(_MAGIC)] != _MAGIC or len(untrusted) < head:
        raise _damaged()
    end = head + _NONCE + int.from_bytes(untrusted[len(_MAGIC) : head], "big")
    return (
        untrusted[head : head + _NONCE],
        untrusted[head + _NONCE : end],
        untrusted[end : end + _NONCE],
        untrusted[end + _NONCE :],
    )


def _system_of(keys: OfficerKeys, officer: OfficerId, untrusted: bytes) -> str:
    name_nonce, name, _, _ = _parts(untrusted)
    return str(json.loads(_decrypted(keys, name_nonce, name, _bound_to("system", officer))))


def _unseal(keys: OfficerKeys, officer: OfficerId, system: str, untrusted: bytes) -> Kept:
    _, _, nonce, body = _parts(untrusted)
    opened = _decrypted(keys, nonce, body, _bound_to("credential", officer, system))
    try:
        record = _Sealed.model_validate_json(opened)
    except ValidationError:
        raise _damaged() from None
    seed = None if record.seed is None else Secret(record.seed)
    pending = None if record.pending is None else Secret(record.pending)
    credential = Credential(record.user_name, Secret(record.password), seed)
    return Kept(credential, record.refused, record.last_code, pending, record.pending_refused)


def _decrypted(keys: OfficerKeys, nonce: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    try:
        return keys.seal.decrypt(nonce, sealed, bound_to)
    except (InvalidTag, ValueError):  # ValueError: a nonce or a text that is too short
        raise _damaged() from None


def _damaged() -> StoreDamagedError:
    return StoreDamagedError("What is kept for this system cannot be opened.")
