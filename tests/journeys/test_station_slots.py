"""Sessions in slot accounts, started by the station itself: what they are given, what they cannot reach, what stays."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.grants.credential import Credential
from launcher.grants.keeping import credential_store
from launcher.grants.laid import LaidOut
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from launcher.session.favourites import Favourites
from launcher.station import ResidueChecked, SessionEnded
from launcher.station.events import NoSlotFree, RecordKept, SpareComplete
from launcher.station.slot_cleaning import processes_of
from launcher.station.slot_keeping import SlotAccounts
from tests.journeys.station_bench import Hands, station
from tests.servers import root
from tests.unit.station.slot_bench import few_places

pytestmark = pytest.mark.needs("root")

OFFICER = OfficerId("https://id.force.example", "4471")
PASSWORD = "password-of-the-search-account"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other accounts may pass through, as they may on a computer that was made a station."""
    if root.session_python() is None:
        pytest.skip("needs root: this checkout cannot be read by another account")
    with tempfile.TemporaryDirectory(prefix="slots-", dir="/run") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


def accounts(place: Path, count: int) -> SlotAccounts:
    return SlotAccounts(
        root.unused_slots(count),
        LaidOut(place / "state", "file"),
        lambda: Secret(PASSWORD),
        root=place / "homes",
        open_to_all=few_places,
    )


async def tried(hands: Hands, code: str) -> str:
    hands.order("try", code=code)
    return str((await hands.said("tried"))["tried"])


def test_a_session_in_a_slot_has_what_it_needs_and_nothing_of_it_stays(place: Path) -> None:
    state = place / "state"
    slots = accounts(place, 4)
    uids = {slot.uid for slot in slots.slots}
    left = Path("/var/tmp") / f"left-by-{slots.slots[0].uid}"

    async def journey() -> None:
        store = credential_store("file", state)
        await store.put(OFFICER, "custody", Credential("a.adams", Secret("alices own password")))
        async with station(place, "searches", slots=slots) as here:
            _, first = await here.shown_session()
            await here.next(SpareComplete)
            uid = int(await tried(first, "os.getuid()"))
            assert uid in uids
            # The station's folder: what names nobody can be read, nothing else.
            first.order("record")
            await here.next(RecordKept)
            here.supervisor._kept.spool.flush()
            spool = f"SpoolReader(Path({str(here.supervisor.spool_path)!r}))"
            assert await tried(first, f"len({spool}.newest(after=0.0, limit=9))") == "1"
            for what in (f"os.listdir({str(state)!r})", f"os.listdir({str(state / 'keys')!r})"):
                assert await tried(first, what) == "PermissionError"
            for what in ("station.log", "timings.db", "credentials/check"):
                assert await tried(first, f"open({str(state / what)!r}, 'a')") == "PermissionError"
            assert await tried(first, f"open({str(state / 'station.log')!r})") == "PermissionError"
            assert await tried(first, "os.read(int(os.environ['STATION_LAUNCHER_SEARCH']), 99).decode()") == PASSWORD
            # What is kept of the officer, once somebody is proved.
            first.order("wants-kept", issuer=OFFICER.issuer, subject=OFFICER.subject)
            folder = str((await first.said("kept"))["kept"])
            favourites = f"{folder}/favourites/{OFFICER.file_name}.json"
            assert await tried(first, f"len(list(Path({folder!r}).glob('credentials/*/*')))") == "1"
            assert await tried(first, f"Path({favourites!r}).write_text({json.dumps(['custody'])!r})") == "11"
            assert await tried(first, f"Path({str(left)!r}).write_text('x')") == "1"
            await first.do("start-escaping-program", path=f"/dev/shm/escaped-{uid}")
            await first.do("hold-secrets", leave_in=f"/dev/shm/left-{uid}")
            assert processes_of(uid)
            await first.do("log-off")
            # The same officer again, at the next screen: what the session before changed is there.
            _, second = await here.shown_session()
            second.order("wants-kept", issuer=OFFICER.issuer, subject=OFFICER.subject)
            again = f"{(await second.said('kept'))['kept']}/favourites/{OFFICER.file_name}.json"
            assert await tried(second, f"Path({again!r}).read_text()") == '["custody"]'
            assert await tried(second, f"Path({favourites!r}).read_text()") in ("PermissionError", "FileNotFoundError")
            ended = await here.next(SessionEnded)
            assert ended.remained == ()
            assert processes_of(uid) == []
            residue = (await here.next(ResidueChecked)).residue
            assert residue.found == ()
            assert any(f"({uid})" in one for one in residue.scanned)
        assert Favourites(state / "favourites").of(OFFICER) == {"custody"}

    asyncio.run(journey())
    assert not left.exists()
    assert not any(processes_of(uid) for uid in uids)
    assert [one.name for one in (place / "homes").iterdir()] == [".slots"]


def test_a_session_waits_for_a_slot_and_it_is_said(place: Path) -> None:
    async def journey() -> None:
        async with station(place, slots=accounts(place, 1)) as here:
            shown, first = await here.shown_session()
            waits = await here.next(NoSlotFree)
            assert waits.error.reference == "no-slot-free"
            assert waits.session != shown.session
            first.order("log-off")
            after, _ = await here.shown_session()
            assert after.session == waits.session

    asyncio.run(journey())


def test_a_session_cannot_ask_for_what_is_kept_before_it_is_shown(place: Path) -> None:
    async def journey() -> None:
        async with station(place, slots=accounts(place, 3)) as here:
            _, first = await here.shown_session()
            spare = await here.hands_on((await here.spare()).pid)
            if spare is first:
                spare = await here.hands_on((await here.spare()).pid)
            spare.order("wants-kept", issuer=OFFICER.issuer, subject=OFFICER.subject)
            folder = await tried(spare, "os.environ['STATION_LAUNCHER_KEPT']")
            first.order("wants-kept", issuer=OFFICER.issuer, subject=OFFICER.subject)
            await first.said("kept")
            assert await tried(spare, f"os.path.exists({folder!r})") == "False"

    asyncio.run(journey())
