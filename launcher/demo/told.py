"""What a station tells whoever started it with ``--events``: all of it, to be waited for by kind and fields."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final, TypeVar

from launcher.errors import LauncherError

WITHIN_S: Final = 60.0
SEARCH_WITHIN_S: Final = 300.0
"""A residue check reads every file that the account may have written, one check after the other."""

LINE_BYTES: Final = 8 * 1024 * 1024

Event = Mapping[str, object]
_T = TypeVar("_T")


class NotToldError(LauncherError):
    """The station did not say in time what was waited for."""

    reference = "demo-not-told"
    hint = "Run it again with nothing else running; if it stays so, look at the station's log named above."
    retryable = True


class Told:
    """The events so far. :meth:`next` hands each out once, :meth:`all` looks at them without taking them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._taken: set[int] = set()
        self._ended = False
        self._news = asyncio.Condition()

    async def read(self, stream: asyncio.StreamReader | None) -> None:
        """Take what the station says until it says no more."""
        async for event in lines(stream):
            async with self._news:
                self.events.append(event)
                self._news.notify_all()
        async with self._news:
            self._ended = True
            self._news.notify_all()

    async def next(self, kind: str, **fields: object) -> Event:
        """Return the first event of the kind with these fields that was not returned before, waiting for it.

        Raises :class:`NotToldError` where it does not come, or cannot come any more.
        """

        def first() -> Event | None:
            for place, event in enumerate(self.events):
                if place not in self._taken and _is(event, kind, fields):
                    self._taken.add(place)
                    return event
            return None

        within_s = SEARCH_WITHIN_S if kind == "ResidueChecked" else WITHIN_S
        return await self.until(first, f"{kind} {fields or ''}".strip(), within_s)

    async def until(self, found: Callable[[], _T | None], what: str, within_s: float = WITHIN_S) -> _T:
        """Wait until ``found`` finds something in what was told; ``what`` says it in words."""
        try:
            async with asyncio.timeout(within_s), self._news:
                while (there := found()) is None:
                    if self._ended or self.all("CannotStart"):
                        raise NotToldError(f"The station or its sessions ended before it said {what}.")
                    await self._news.wait()
                return there
        except TimeoutError:
            raise NotToldError(f"The station did not say {what} within {within_s:.0f} s.") from None

    async def record(self, kind: str, **fields: object) -> Event:
        """Return the first record of the kind with these fields that was not returned before, waiting for it."""

        def first() -> Event | None:
            for place, event in enumerate(self.events):
                kept = event.get("record")
                if place not in self._taken and isinstance(kept, dict) and _has(kept, kind=kind, **fields):
                    self._taken.add(place)
                    return kept
            return None

        return await self.until(first, f"a record of a {kind}")

    async def spare(self) -> None:
        """Wait until a session that was never shown has nothing left to warm: the next screen is there at once."""

        def waits() -> bool | None:
            warm = {event["session"] for event in self.all("SpareComplete")}
            gone = {event["session"] for kind in ("ScreenShown", "SessionEnded", "Covered") for event in self.all(kind)}
            return bool(warm - gone) or None

        await self.until(waits, "that the next screen is warm")

    def all(self, kind: str, **fields: object) -> list[Event]:
        """Return all events of the kind with these fields so far."""
        return [event for event in self.events if _is(event, kind, fields)]

    async def pid_of(self, session: object) -> int:
        """Return the process of a session, waiting for its start."""

        def started() -> int | None:
            return next((int(str(one["pid"])) for one in self.all("SessionStarted", session=session)), None)

        return await self.until(started, f"that session {session} was started")


def _is(event: Event, kind: str, fields: Mapping[str, object]) -> bool:
    return event["event"] == kind and _has(event, **fields)


def _has(event: Event, **fields: object) -> bool:
    return all(event.get(name) == one for name, one in fields.items())


async def lines(stream: asyncio.StreamReader | None) -> AsyncIterator[Event]:
    """Yield the station's events; a line that is none is passed over."""
    while stream is not None and (untrusted_line := await stream.readline()):
        try:
            untrusted = json.loads(untrusted_line)
        except ValueError:
            continue
        if isinstance(untrusted, dict) and "event" in untrusted:
            yield untrusted
