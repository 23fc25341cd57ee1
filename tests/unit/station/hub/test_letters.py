"""Letters on a screen: once the hub has them, renewed before they end, other ones after a lock, none once unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from launcher.station.hub.letters import Letters
from launcher.station.places import Sessions
from launcher.wire import messages
from tests.unit.station.lock_table import state


class Screens:
    """Where each session stands, and what it was told."""

    def __init__(self, before: str) -> None:
        self.now: Sessions = state(before)
        self.told: list[tuple[int, messages.ToSession]] = []
        self.changes = 0
        self.hub: Letters | None = None  # it knows all at once
        self._news = asyncio.Event()

    def letters(self, life_s: float, renewed_s: float) -> Letters:
        return Letters(
            lambda: self.now,
            lambda session: f"s{session}",
            self._send,
            self._changed,
            life_s=life_s,
            renewed_s=renewed_s,
        )

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(30.0):
            while not true():
                self._news.clear()
                await self._news.wait()

    def _send(self, session: int, message: messages.ToSession) -> None:
        self.told.append((session, message))
        self._news.set()

    def _changed(self) -> None:
        self.changes += 1
        if self.hub is not None:
            self.hub.known(tuple(one.letters for one in self.hub.all()))

    @property
    def shown(self) -> list[str]:
        """The letters that sessions were told, in order."""
        return [one.letters for _, one in self.told if isinstance(one, messages.LettersHere)]


def test_letters_are_renewed_and_the_old_ones_are_understood_still() -> None:
    async def journey() -> None:
        screens = Screens("1:painted* 2:warm")
        letters = screens.hub = screens.letters(60.05, 60.0)
        letters.asked(1, on=True)
        letters.asked(1, on=True)  # asked for already
        await screens.until(lambda: len(screens.told) == 2)
        held = letters.all()
        assert [one.letters for one in held] == screens.shown
        assert {one.sitting for one in held} == {"s1"}
        letters.asked(1, on=False)
        assert letters.all() == ()
        letters.forget(1)
        assert screens.changes == 3

    asyncio.run(journey())


def test_a_screen_shows_letters_once_the_hub_has_them() -> None:
    async def journey() -> None:
        screens = Screens("1:painted* 2:warm")
        letters = screens.letters(60.0, 1.0)
        letters.asked(1, on=True)
        (held,) = letters.all()
        letters.known(())
        letters.known(("BKDMRT",))
        assert screens.shown == []
        for _ in range(2):  # a report says them again, and they are shown already
            letters.known((held.letters, "BKDMRT"))
            assert screens.shown == [held.letters]
        screens.now = state("1:locked* 2:warm")
        letters.look()
        # Those that stand there name an officer who has gone: they go at once, the others come once the hub has them.
        assert screens.shown == [held.letters, ""]
        letters.known((held.letters,))
        (other,) = letters.all()
        letters.known((other.letters,))
        assert screens.shown == [held.letters, "", other.letters]
        letters.asked(1, on=False)
        letters.known((other.letters,))
        assert len(screens.shown) == 3

    asyncio.run(journey())


def test_who_locks_has_others_and_what_is_over_is_no_more() -> None:
    async def journey() -> None:
        screens = Screens("1:painted* 2:warm")
        letters = screens.letters(60.0, 1.0)
        letters.asked(1, on=True)
        (before,) = letters.all()
        letters.look()
        assert letters.all() == (before,)
        screens.now = state("1:locked* 2:warm")
        letters.look()
        (after,) = letters.all()
        assert (before.sitting, after.sitting) == ("s1", None)
        assert before.letters != after.letters
        screens.now = state("1:painted* 2:warm")
        letters.look()
        assert [one.sitting for one in letters.all()] == ["s1"]
        letters.forget(1)

    asyncio.run(journey())


def test_letters_whose_time_is_over_are_not_reported() -> None:
    async def journey() -> None:
        letters = Screens("1:painted").letters(-1.0, -1000.0)
        letters.asked(1, on=True)
        assert letters.all() == ()
        letters.forget(1)

    asyncio.run(journey())
