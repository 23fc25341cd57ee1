"""A station of real sessions, each played over a socket; the real supervisor runs in this process."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from launcher.demo.players import Player, Players, listening
from launcher.policy.checked_before import limits_of
from launcher.policy.station_file import load
from launcher.station import (
    AnswersAgain,
    CannotStart,
    RecordKept,
    ScreenShown,
    SessionEnded,
    SpareComplete,
    SpareWarm,
    StationEvent,
    StoppedAnswering,
    Supervisor,
)
from launcher.wire.records import LaunchRecord, SignInRecord, SwitchRecord

WITHIN_S = 180.0
TYPING_S = 3.0
"""From an officer's first key to Enter: nobody types a name and password in less, and the product uses the time."""

_SESSION = Path(__file__).with_name("played_session.py")

_E = TypeVar("_E")
_R = TypeVar("_R", LaunchRecord, SignInRecord, SwitchRecord)


class Officer:
    """A hold on one session: each act is answered once what it led to has settled."""

    def __init__(self, player: Player, session: int) -> None:
        self.player = player
        self.session = session

    async def log_on(self, user_name: str, password: str, *, typing_s: float = 0.0) -> dict[str, object]:
        """Type both, the password ``typing_s`` after the name, and press Enter. Returns what the screen then shows.

        The name is typed only where it does not stand there.
        """
        said = await self.player.ask("log-on", user_name=user_name, secret=password, typing_s=typing_s)
        seen = said["seen"]
        assert isinstance(seen, dict)
        if said["done"]:
            return {"signed_in": seen["officer"]}
        kept = {name: seen[name] for name in ("name", "password_characters")}
        return {"refused": said["why"], "shown": seen["error_shown"], **kept}

    async def open_mine(self) -> None:
        """Press "Open my systems" and wait until nothing moves."""
        await self.player.do("open-my-systems")

    async def open(self, system: str) -> str:
        """Open one system and wait until it has ended one way or another; return which."""
        launches = (await self.player.do("open", system=system))["launches"]
        assert isinstance(launches, dict)
        return str(launches[system]["state"])

    async def log_off(self) -> None:
        """Press Log off, and again where that ends something."""
        await self.player.go("log-off")

    async def type(self, field: str, text: str) -> None:
        """Type over what stands in the sign-in screen's field ``name`` or ``password``; a tab at the end leaves it."""
        await self.player.do("type", field=field, text=text)

    async def look(self) -> dict[str, object]:
        """Return what the screens show now."""
        return await self.player.do("look")

    async def notice(self, what: str) -> dict[str, object]:
        """Wait until the strip was given a notice of this kind."""
        notices = (await self.player.do("await", what=f"notice:{what}"))["notices"]
        assert isinstance(notices, list)
        return next(one for one in notices if one["what"] == what)

    async def copy(self, text: str) -> None:
        """Put a text on the session's clipboard."""
        await self.player.do("copy", text=text)

    async def clipboard_emptied(self) -> None:
        """Wait until the clipboard holds nothing."""
        await self.player.do("await", what="clipboard:")

    async def picture(self, file: Path) -> None:
        """Save what the window shows as a PNG file."""
        await self.player.do("picture", file=str(file))


class PlayedStation:
    """The running station with everything it has said."""

    def __init__(self, station: Path, state: Path, players: Players, homes: Path | None = None) -> None:
        self.players = players
        self.events: list[StationEvent] = []
        self._news = asyncio.Condition()
        self._taken: set[int] = set()
        self._waking: set[asyncio.Task[None]] = set()
        self.supervisor = Supervisor(
            (sys.executable, str(_SESSION), str(players.path), "--station", str(station), "--state", str(state)),
            limits_of(load(station)),
            state,
            self._on_event,
            environ={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            homes_root=homes,
        )

    async def next(self, kind: type[_E]) -> _E:
        """Return the first event of the kind that was not returned before, waiting for it."""
        return await self._next(lambda event: event if isinstance(event, kind) else None)

    async def ended(self, session: int) -> SessionEnded:
        """Wait for the end of this session; on a busy computer a spare may be replaced meanwhile, which ends, too."""
        return await self._next(
            lambda event: event if isinstance(event, SessionEnded) and event.session == session else None
        )

    async def steady(self, session: int) -> None:
        """Wait until a session answers and pass over its silences so far: a busy computer has some while it warms."""

        def answers() -> bool | None:
            silences = [one for one in self.events if isinstance(one, StoppedAnswering) and one.session == session]
            ended = [one for one in self.events if isinstance(one, AnswersAgain) and one.session == session]
            return len(silences) == len(ended) or None

        await self._until(answers)
        kinds = StoppedAnswering | AnswersAgain
        self._taken |= {place for place, event in enumerate(self.events) if isinstance(event, kinds)}

    async def next_record(self, kind: type[_R]) -> _R:
        """Return the first record of the kind that was not returned before, waiting for it."""

        def found(event: StationEvent) -> _R | None:
            return event.record if isinstance(event, RecordKept) and isinstance(event.record, kind) else None

        return await self._next(found)

    def records(self, kind: type[_R]) -> list[_R]:
        """Return all records of the kind so far."""
        return [one.record for one in self.events if isinstance(one, RecordKept) and isinstance(one.record, kind)]

    async def shown(self, *, warm: bool = True) -> Officer:
        """Wait for the next painted sign-in screen and, where ``warm``, for a spare behind it; return who sits there.

        By then neither session has anything left to warm: an officer's own first key comes later than that.
        """
        shown = await self._next(lambda event: event if isinstance(event, ScreenShown) else None)
        if warm:
            await self._until(lambda: self._warm_throughout(shown.session))
        return await self.officer(shown.session)

    def forget(self) -> None:
        """Forget what was said of sessions that have ended: a long run is to hold no more than a short one."""
        ended = {one.session for one in self.events if isinstance(one, SessionEnded)}
        self.events = [one for one in self.events if getattr(one, "session", 0) not in {0, *ended}]
        self._taken = {place for place, event in enumerate(self.events) if not isinstance(event, SpareComplete)}
        self.players.forget_closed()

    async def spare(self) -> None:
        """Wait until a session that was never shown is warm, browser and all."""

        def waits() -> bool | None:
            warm = {one.session for one in self.events if isinstance(one, SpareComplete)}
            gone = {one.session for one in self.events if isinstance(one, ScreenShown | SessionEnded)}
            return bool(warm - gone) or None

        await self._until(waits)

    async def officer(self, session: int) -> Officer:
        """Return who sits at a session."""
        return Officer(await self.players.player(self.pid_of(session)), session)

    def _warm_throughout(self, front: int) -> bool | None:
        """Say whether this session and one that was never shown are warm, browser and all; None: not yet."""
        warm = {one.session for one in self.events if isinstance(one, SpareComplete)}
        seen = {one.session for one in self.events if isinstance(one, ScreenShown)}
        return (front in warm and bool(warm - seen)) or None

    def pid_of(self, session: int) -> int:
        """Return the process of a session that has become warm."""
        return next(one.pid for one in self.events if isinstance(one, SpareWarm) and one.session == session)

    async def end(self) -> None:
        """Take what is still on its way."""
        await asyncio.gather(*self._waking)

    def _on_event(self, event: StationEvent) -> None:
        self.events.append(event)
        task = asyncio.get_running_loop().create_task(self._wake())
        self._waking.add(task)
        task.add_done_callback(self._waking.discard)

    async def _next(self, wanted: Callable[[StationEvent], _E | None]) -> _E:
        def first() -> _E | None:
            for place, event in enumerate(self.events):
                if place not in self._taken and (what := wanted(event)) is not None:
                    self._taken.add(place)
                    return what
            return None

        return await self._until(first)

    async def _until(self, found: Callable[[], _E | None]) -> _E:
        async with asyncio.timeout(WITHIN_S), self._news:
            while (what := found()) is None:
                if any(isinstance(event, CannotStart) for event in self.events):
                    raise RuntimeError("the sessions end before they can be used")
                await self._news.wait()
            return what

    async def _wake(self) -> None:
        async with self._news:
            self._news.notify_all()


@asynccontextmanager
async def played_station(station: Path, state: Path, homes: Path | None = None) -> AsyncIterator[PlayedStation]:
    """Run the station of a station file; it has ended, with all its sessions, when the block is left.

    ``homes``: where the sessions' own folders are made, where that is to be looked at.
    """
    async with listening() as players:
        running = PlayedStation(station, state, players, homes)
        supervising = asyncio.create_task(running.supervisor.run())
        try:
            yield running
        finally:
            if not supervising.done():
                await running.supervisor.stop()
            await supervising
            await running.end()
