"""The station meets a fault of the computer's or its own: it is said, and the terminal goes on."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from launcher.secret import Secret
from launcher.station import OfficerSignedIn, SessionEnded
from launcher.station.events import NoSlotFree
from launcher.station.processes import PosixProcesses, SessionProcess, Swept
from launcher.station.slot_keeping import SlotAccounts
from tests.journeys.station_bench import station
from tests.servers import root
from tests.unit.station.slot_bench import few_places


class CannotEnd(PosixProcesses):
    """What a computer that is out of processes and threads does."""

    async def end(self, session: SessionProcess, sessions: Collection[SessionProcess]) -> Swept:
        raise RuntimeError("can't start new thread")


def test_a_session_whose_end_meets_a_fault_is_gone_all_the_same_and_the_station_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.lodging.native_processes", CannotEnd)
    monkeypatch.setattr("launcher.station.sittings.NOTHING_LOST_NOTICE_S", 0.2)

    async def journey() -> None:
        async with station(tmp_path) as here:
            first, hands = await here.shown_session()
            await here.spare()
            await hands.do("sign-in")
            here.supervisor.reset()
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.remained) == (first.session, ("fault: RuntimeError",))
            second, _ = await here.shown_session()
            assert second.session != first.session
            assert len(list(here.homes.iterdir())) == 1
        assert not list(here.homes.iterdir())

    asyncio.run(journey())


class CannotStart(PosixProcesses):
    """Cannot start the third session at its first try, and not for what was thought of."""

    starts = 0

    def start(self, argv: Sequence[str], env: Mapping[str, str], token: str, fds: Sequence[int]) -> SessionProcess:
        self.starts += 1
        if self.starts == 3:
            raise RuntimeError("can't start new thread")
        return super().start(argv, env, token, fds)


def test_a_spare_that_cannot_be_started_is_not_the_end_of_the_session_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.station.lodging.native_processes", CannotStart)

    async def journey() -> None:
        async with station(tmp_path) as here:
            _, first = await here.shown_session()
            await here.spare()
            await here.spare()
            first.order("replace", why="name-changed", name="")
            second, hands = await here.shown_session()  # what it says of this starts the third
            await hands.do("sign-in")
            assert (await here.next(OfficerSignedIn)).session == second.session
            assert (await here.spare()).session > second.session
            assert (await here.next(SessionEnded)).session < second.session
            assert second.session in {one.session for one in here.supervisor._seats.values()}

    asyncio.run(journey())


class CannotTakeBack:
    """What is kept of officers, where the station's file cannot be read any more."""

    def lay(self, issuer: str, subject: str, folder: Path, owner: int, group: int) -> None:
        folder.mkdir()

    def take_back(self, folder: Path) -> tuple[str, ...]:
        raise ValueError("the file is broken")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that other accounts may pass through."""
    if root.session_python() is None:
        pytest.skip("needs root: this checkout cannot be read by another account")
    with tempfile.TemporaryDirectory(prefix="slots-", dir="/run") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.needs("root")
def test_a_slot_that_could_not_be_cleared_for_a_fault_is_kept_back_and_looked_at_again(place: Path) -> None:
    faulty = False

    def places() -> tuple[Path, ...]:
        if faulty:
            raise UnicodeError("a name that is none")
        return few_places()

    slots = SlotAccounts(
        root.unused_slots(2), CannotTakeBack(), lambda: Secret("none"), root=place / "homes", open_to_all=places
    )

    async def journey() -> None:
        nonlocal faulty
        async with station(place, slots=slots) as here:
            first, hands = await here.shown_session()
            for _ in range(2):
                await here.spare()
            hands.order("wants-kept", issuer="https://id.force.example", subject="4471")
            await hands.said("kept")
            faulty = True
            hands.order("log-off")
            ended = await here.next(SessionEnded)
            assert (ended.session, ended.remained) == (first.session, ("fault: UnicodeError",))
            second, _ = await here.shown_session()
            assert second.session != first.session
            await here.next(NoSlotFree)
            faulty = False
            await here.spare()  # in the slot that was kept back
            faulty = True
        assert [one.name for one in (place / "homes").iterdir()] == [".slots"]

    asyncio.run(journey())
