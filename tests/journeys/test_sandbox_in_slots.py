"""The station as it runs on a computer that was made one: root's, each session in a slot account, the sandbox on.

It runs in a mount namespace of its own, with a book of accounts and a /run of its own: the computer's stay as they are.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from launcher.residue.tree import descendants
from launcher.station.slot_cleaning import processes_of
from launcher.station.slots import SLOT_GROUP, Slot, slot_name
from tests.journeys.played import DemoPlace, demo_place, started_station
from tests.journeys.test_sandbox import MOUNTS, PLACE, PYTHON, shut_in, skip_where_impossible
from tests.servers import root

pytestmark = [pytest.mark.needs("browser-engine"), pytest.mark.needs("root"), pytest.mark.timeout(150)]

SYSTEM = "missing-persons"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that other accounts may pass through."""
    with tempfile.TemporaryDirectory(prefix="slots-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


def test_an_officer_works_in_a_slot_with_what_is_kept_of_them_and_the_sandbox_on(folder: Path) -> None:
    skip_where_impossible()
    slots = root.unused_slots(4)

    async def journey() -> None:
        async with demo_place(folder, only=(SYSTEM,)) as place:
            _open(place)
            python = _python(folder, slots)
            env = {**os.environ, "PYTHONPATH": os.pathsep.join(MOUNTS)}
            async with started_station(place, python, env, slots=[slot.uid for slot in slots]) as station:
                supervisor = int(str((await station.next("StationStarted"))["pid"]))
                signed_in = await station.next("OfficerSignedIn")
                await station.opened(SYSTEM)
                # Filled with the officer's own password of this system, which the station keeps.
                assert station.outcomes() == {SYSTEM: ("ready", None)}
                pid = int(str((await station.next("SessionStarted", session=signed_in["session"]))["pid"]))
                uid = _uid(pid)
                assert uid in [slot.uid for slot in slots]
                assert {_uid(row.pid) for row in descendants(pid) if not row.zombie} == {uid}
                shut_in(pid, supervisor, uid)
                station.log_off()
                ended = await station.next("SessionEnded", session=signed_in["session"])
                assert ended["remained"] == []
                assert processes_of(uid) == []
                residue = (await station.next("ResidueChecked", session=signed_in["session"]))["residue"]
                assert isinstance(residue, dict)
                assert any(f"({uid})" in one for one in residue["scanned"])
                assert (residue["unscanned"], residue["found"]) == ([], [])
                # Killed, it comes back, and shows a screen when nothing is left of what was there.
                before = {row.pid for slot in slots for row in processes_of(slot.uid)}
                assert before
                said = len(station.events)
                os.kill(supervisor, signal.SIGKILL)
                assert (await station.next("StationStarted"))["pid"] != supervisor
                while not any(event["event"] == "ScreenShown" for event in station.events[said:]):
                    await station.next("ScreenShown")
                assert not before & _living(slots)

    asyncio.run(journey())
    assert not _living(slots)


def _living(slots: Sequence[Slot]) -> set[int]:
    """Who runs in these accounts; what a killed station has left dead is for the computer's first process to take."""
    return {row.pid for slot in slots for row in processes_of(slot.uid) if not row.zombie}


def _open(place: DemoPlace) -> None:
    """Let everybody read the station file, its catalogue and its certificates, as in /etc."""
    for one in (place.station.parent, *place.station.parent.rglob("*")):
        one.chmod(0o755 if one.is_dir() else 0o644)
    authority = place.addresses.ca_file
    authority.chmod(0o644)
    for above in authority.parents:
        if above == place.station.parents[1]:
            break
        above.chmod(0o711)


def _python(folder: Path, slots: Sequence[Slot]) -> tuple[str, ...]:
    """Return root's interpreter, where the slots stand in the book of accounts and nothing else has changed."""
    people, groups = Path("/etc/passwd").read_text(), Path("/etc/group").read_text()
    lines = [
        f"{slot_name(number)}:x:{slot.uid}:{slot.group}::/nonexistent:/usr/sbin/nologin\n"
        for number, slot in enumerate(slots, 1)
    ]
    (folder / "passwd").write_text(people + "".join(lines))
    (folder / "group").write_text(f"{groups}{SLOT_GROUP}:x:{slots[0].group}:\n")
    steps = ["mount -t tmpfs none /run", f"mount -t tmpfs none {PLACE}"]
    for name in ("passwd", "group"):
        (folder / name).chmod(0o644)
        steps.append(shlex.join(("mount", "--bind", str(folder / name), f"/etc/{name}")))
    for here, there in MOUNTS.items():
        steps += [f"mkdir {here}", shlex.join(("mount", "--bind", there, here))]
    return ("unshare", "-m", "sh", "-c", " && ".join((*steps, f'exec {PYTHON} "$@"')), "-")


def _uid(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("\nUid:\t")[2].split()[0])
