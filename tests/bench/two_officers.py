"""A station of real sessions that two officers share, for the benchmarks: who sits where, and what it took."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher.demo.hand_over import after_proof_ms
from launcher.demo.players import Player
from launcher.station import HandedOver, ScreenShown, SessionLocked, SessionResumed
from launcher.wire.records import SignInRecord
from tests.bench.estates import Files, Person, shared_station
from tests.bench.played_station import Officer, PlayedStation, played_station

PIN = "904417"
A, B = Person("4471", "bench-amber-551-Q!"), Person("2210", "bench-birch-208-Q!")


@dataclass(slots=True)
class Terminal:
    """The running station and whoever sits in front of it."""

    station: PlayedStation
    session: int
    officer: Officer

    async def log_on(self, person: Person) -> float:
        """Log on at the screen in front; return ms from the proof to the launchpad that responds."""
        said = await self.officer.log_on(person.number, person.password)
        if said.get("signed_in") != person.number:
            raise RuntimeError(f"not logged on: {said}")
        return await signed_in_ms(self.station)

    async def set_pin(self) -> None:
        """Set the PIN of this sitting."""
        await self.officer.player.do("set-pin", secret=PIN)

    async def lock(self) -> None:
        """Press the key, with the next screen warm."""
        await self.station.spare()
        await self.officer.player.do("lock")
        await self.station.next(SessionLocked)

    async def back_by_pin(self) -> float:
        """Come back by PIN; return ms from the proof to the painted work."""
        await self.officer.player.do("pin", secret=PIN)
        return (await self.station.next(SessionResumed)).ms

    async def back_by_proof(self, person: Person) -> float:
        """Come back by name and password; return ms from the proof to the painted work."""
        await self.officer.player.do("want-proof")
        over, _ = await self.over()
        await over.go("unlock", secret=person.password)
        return (await self.station.next(SessionResumed)).ms

    async def over(self) -> tuple[Player, int]:
        """Wait for the screen over the locked session."""
        shown = await self.station.next(ScreenShown)
        return (await self.station.officer(shown.session)).player, shown.session

    async def taken_over(self, person: Person) -> float:
        """Let another officer take the locked terminal over, where there is no grace.

        Returns ms from their proof to their launchpad.
        """
        newcomer, session = await self.over()  # without a grace it stands there at once
        await newcomer.do("take-over")
        seen = await newcomer.do("log-on", user_name=person.number, secret=person.password)
        if seen["officer"] != person.number:
            raise RuntimeError(f"not taken over: {seen}")
        await self.station.next(HandedOver)
        self.session, self.officer = session, Officer(newcomer, session)
        return await signed_in_ms(self.station)

    async def log_off(self) -> None:
        """Log off; whoever comes next sits at the next screen."""
        await self.officer.log_off()
        await self.sit_down()

    async def sit_down(self) -> None:
        """Sit down at the next plain sign-in screen."""
        shown = await self.station.next(ScreenShown)
        self.session, self.officer = shown.session, await self.station.officer(shown.session)


async def signed_in_ms(station: PlayedStation) -> float:
    """Return ms from the proof to the launchpad, of the next sign-in that came to one."""
    while (record := await station.next_record(SignInRecord)).outcome != "signed-in":
        pass
    return after_proof_ms(record.model_dump(mode="json"))


@asynccontextmanager
async def shared_terminal(folder: Path, *, lock: str, systems: int = 10) -> AsyncIterator[Terminal]:
    """Run a station that both officers may use, and sit down at its first screen; ``lock`` is its section's lines."""
    files: Files = shared_station(folder, (A, B), systems=systems, lock=lock)
    homes = folder / "homes"
    homes.mkdir()
    async with played_station(files.station, files.state, homes) as station:
        shown = await station.next(ScreenShown)
        yield Terminal(station, shown.session, await station.officer(shown.session))
