"""What is kept of one officer, laid out for a session in an account of its own, and what may come back from there."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.errors import StoreDamagedError, StoreOtherKeyError
from launcher.grants.keeping import credential_store, laid_store
from launcher.grants.key_files import FileKeyStore
from launcher.grants.laid import MOST_SYSTEMS, LaidOut
from launcher.grants.sealed_store import SealedStore
from launcher.grants.store import MemoryStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session.favourites import Favourites

ALICE = OfficerId("https://id.force.example", "alice#1")
BOB = OfficerId("https://id.force.example", "bob")
OWN = Credential("a.adams", Secret("alices own password"))
BOBS = Credential("b.brown", Secret("bobs own password"))


class Place:
    """A station's folder with two officers' credentials, and one of them laid out."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state"
        self.folder = folder / "kept"
        self.station = credential_store("file", self.state)
        asyncio.run(self.station.put(ALICE, "custody", OWN))
        asyncio.run(self.station.put(BOB, "custody", BOBS))
        Favourites(self.state / "favourites").keep(ALICE, frozenset({"custody"}))
        self.laid_out = LaidOut(self.state, "file")
        self.lay(ALICE)

    def lay(self, officer: OfficerId) -> None:
        self.laid_out.lay(officer.issuer, officer.subject, self.folder, os.getuid(), os.getgid())

    def take_back(self) -> tuple[str, ...]:
        return self.laid_out.take_back(self.folder)

    @property
    def sealed(self) -> Path:
        (file,) = (self.folder / "credentials").glob("*/[0-9a-f]*")
        return file

    def snapshot(self) -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in self.state.rglob("*") if file.is_file()}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_the_session_reads_and_writes_its_own_officers_and_all_of_it_is_taken_back(place: Place) -> None:
    async def sitting() -> None:
        store = laid_store(place.folder)
        kept = await store.get(ALICE, "custody")
        assert kept is not None
        assert kept.credential == OWN
        await store.put(ALICE, "warrants", BOBS)
        await store.mark_refused(ALICE, "custody")

    asyncio.run(sitting())
    favourites = Favourites(place.folder / "favourites")
    assert favourites.of(ALICE) == {"custody"}
    favourites.keep(ALICE, frozenset({"warrants"}))
    assert place.take_back() == ()

    async def after() -> None:
        assert await place.station.systems(ALICE) == {"custody", "warrants"}
        kept = await place.station.get(ALICE, "custody")
        assert kept is not None
        assert kept.refused

    asyncio.run(after())
    assert Favourites(place.state / "favourites").of(ALICE) == {"warrants"}


def test_what_the_officer_had_forgotten_is_forgotten(place: Place) -> None:
    asyncio.run(laid_store(place.folder).forget(ALICE, "custody"))
    assert place.take_back() == ()
    assert asyncio.run(place.station.get(ALICE, "custody")) is None
    assert asyncio.run(place.station.get(BOB, "custody")) is not None


def test_nothing_of_another_officer_is_laid_out_and_the_key_opens_nothing_of_theirs(place: Place) -> None:
    own_key = (place.folder / "keys" / "credentials-key.key").read_bytes()
    station_key = (place.state / "keys" / "credentials-key.key").read_bytes()
    assert own_key != station_key
    assert len(list((place.folder / "credentials").iterdir())) == 1
    # The session gets at the station's sealed files after all: with its officer's key they stay shut.
    stolen = SealedStore(place.state / "credentials", FileKeyStore(place.folder / "keys"), one_officer=True)
    with pytest.raises(StoreOtherKeyError):
        asyncio.run(stolen.get(BOB, "custody"))
    bobs = next(file for file in (place.state / "credentials").glob("*/[0-9a-f]*") if file.name != place.sealed.name)
    place.sealed.write_bytes(bobs.read_bytes())
    with pytest.raises(StoreDamagedError):
        asyncio.run(laid_store(place.folder).get(ALICE, "custody"))


def test_an_officer_nothing_is_kept_of_yet_begins_with_nothing(place: Place, tmp_path: Path) -> None:
    new = LaidOut(tmp_path / "new-state", "os")
    new.lay("issuer", "subject", tmp_path / "new", os.getuid(), os.getgid())
    officer = OfficerId("issuer", "subject")
    asyncio.run(laid_store(tmp_path / "new").put(officer, "custody", OWN))
    assert new.take_back(tmp_path / "new") == ()
    kept = asyncio.run(credential_store("file", tmp_path / "new-state").get(officer, "custody"))
    assert kept is not None
    assert kept.credential == OWN


def test_where_nothing_is_to_be_kept_nothing_is_laid_out_but_favourites(tmp_path: Path) -> None:
    laid_out = LaidOut(tmp_path / "state", "off")
    laid_out.lay("issuer", "subject", tmp_path / "kept", os.getuid(), os.getgid())
    assert isinstance(laid_store(tmp_path / "kept"), MemoryStore)
    assert not (tmp_path / "state" / "credentials").exists()
    Favourites(tmp_path / "kept" / "favourites").keep(OfficerId("issuer", "subject"), frozenset({"custody"}))
    assert laid_out.take_back(tmp_path / "kept") == ()
    assert Favourites(tmp_path / "state" / "favourites").of(OfficerId("issuer", "subject")) == {"custody"}


def _too_large(file: Path) -> None:
    file.write_bytes(b"SLC1" + b"x" * (1 << 17))


def _link(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


def _second_name(file: Path) -> None:
    os.link(file, file.with_name(f"{file.name[:-1]}{'0' if file.name[-1] != '0' else '1'}"))


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _other_form(file: Path) -> None:
    file.write_bytes(b"something else entirely")


def _other_name(file: Path) -> None:
    file.rename(file.with_name("keys%2f.."))


def _too_many(file: Path) -> None:
    for number in range(MOST_SYSTEMS):
        (file.parent / f"{number:032x}").write_bytes(b"")


SPOILS = [_too_large, _link, _second_name, _pipe, _folder, _other_form, _other_name, _too_many]


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda one: one.__name__)
def test_what_is_no_sealed_credential_is_not_taken(place: Place, spoil: Callable[[Path], None]) -> None:
    before = place.snapshot()
    spoil(place.sealed)
    refused = place.take_back()
    assert refused
    assert all("alices" not in one for one in refused)
    after = place.snapshot()
    # One under another name is gone for its officer; nothing else of the station's has changed.
    changed = {file for file in before.keys() | after.keys() if before.get(file) != after.get(file)}
    assert len(changed) <= (1 if spoil is _other_name else 0)


@pytest.mark.parametrize("folder", ["credentials", "favourites"])
def test_a_folder_that_leads_elsewhere_is_not_followed(place: Place, folder: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (place.folder / folder).rename(elsewhere)
    (place.folder / folder).symlink_to(elsewhere)
    before = place.snapshot()
    assert place.take_back()
    assert place.snapshot() == before


@pytest.mark.parametrize("content", ["{", '{"a": 1}', "[" * 100_000, json.dumps(["a"] * (MOST_SYSTEMS + 1))])
def test_favourites_that_are_no_list_of_systems_are_not_taken(place: Place, content: str) -> None:
    (place.folder / "favourites" / f"{ALICE.file_name}.json").write_text(content)
    assert place.take_back() == ("favourites: no list of systems",)
    assert Favourites(place.state / "favourites").of(ALICE) == {"custody"}
