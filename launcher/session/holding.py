"""What an officer would lose by an end that is not theirs, told to the station as counts and to them by name.

And what follows from it: the warning before a lock, the notice before an end, and the systems that are opened again
after one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Protocol

from launcher.errors import LauncherError
from launcher.session import commands as c
from launcher.session.parts import Parts
from launcher.session.snapshot import EndSoonView, Snapshot
from launcher.timings.boot_clock import boot_time_s
from launcher.wire import messages as m

EDITED_WITHIN_S = 1.0
"""A page that does not answer keeps nobody from locking; it is not counted then."""


LOOK_S = 1.0
"""How often pages are asked what is typed in them while an end or a lock is announced."""


class Desk(Protocol):
    """What is changed here: the picture, the notices, and the tasks of the session."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    def reopened(self, count: int, not_opened: tuple[str, ...]) -> None:
        """Say how many systems are opened again, and which are not."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...


class Opened(Protocol):
    """The systems the officer opened, as :class:`launcher.session.launches.Launches` has them."""

    @property
    def tabs(self) -> tuple[str, ...]:
        """The systems in the order they were opened."""
        ...

    def running_programs(self) -> tuple[str, ...]:
        """Return the systems whose program runs."""
        ...

    def signed_on_at(self) -> tuple[str, ...]:
        """Return the hosts with terminals that hold the officer for signed on."""
        ...

    def sign_off_s(self) -> float:
        """Return how long signing off at them may take, side by side."""
        ...

    def unsent(self) -> tuple[str, ...]:
        """Return the systems whose 3270 screen holds what was typed and not sent."""
        ...


class Holding:
    """One officer's open systems, as far as an end concerns them. ``open_system`` opens one that may be opened."""

    def __init__(self, desk: Desk, parts: Parts, opened: Opened, open_system: Callable[[str], bool]) -> None:
        self._desk = desk
        self._parts = parts
        self._opened = opened
        self._open = open_system
        self._edited: tuple[str, ...] = ()
        self._told: m.Holds | None = None
        self._signed_on_at = m.SignedOnAt(systems=())
        self._looking: asyncio.Task[None] | None = None
        self._stands = False
        self._again: tuple[str, ...] = ()

    def serve(self, message: object) -> None:
        """Carry out what the station says of what comes, and pass on what shows that somebody is there."""
        match message:
            case m.LockSoon(in_s=in_s):
                self._desk.draw(locks_at=None if in_s is None else boot_time_s() + in_s, unsent=())
                self._keep_looking()
            case m.EndSoon(why=why, in_s=in_s):
                at = boot_time_s() + in_s
                self._desk.draw(ends=EndSoonView(why, at, self._opened.running_programs(), self._edited))
                self._keep_looking()
            case m.Reopen(systems=systems):
                self._again = systems
                self._open_again()
            case c.Playing(on=on):
                self._parts.station.tell(m.Playing(on=on))
            case c.ComeForward():
                self._desk.spawn(self._parts.outside.come_forward())
            case c.Touched():
                self._parts.station.tell(m.Touched())
            case _:
                pass

    def launchpad_stands(self) -> None:
        """Open again what was open, now and from now on: before it, a program's window came over "Logging on"."""
        self._stands = True
        self._open_again()

    def _open_again(self) -> None:
        if not self._stands:
            return
        systems, self._again = self._again, ()
        not_opened = tuple(system for system in systems if not self._open(system))
        if systems:
            self._desk.reopened(len(systems) - len(not_opened), not_opened)

    def changed(self) -> None:
        """Tell what is open now, where that has changed."""
        running = self._opened.running_programs()
        # A tab that is closed holds nothing any more.
        self._edited = tuple(system for system in self._edited if system in self._opened.tabs)
        holds = m.Holds(systems=self._opened.tabs, unsaved=len(self._edited), running=len(running))
        if holds != self._told:
            self._told = holds
            self._parts.station.tell(holds)
        signed_on_at = m.SignedOnAt(systems=self._opened.signed_on_at(), sign_off_s=self._opened.sign_off_s())
        if signed_on_at != self._signed_on_at:
            self._signed_on_at = signed_on_at
            self._parts.station.tell(signed_on_at)
        if self._desk.snapshot.locks_at is not None and self._desk.snapshot.unsent != self._edited:
            self._desk.draw(unsent=self._edited)
        ends = self._desk.snapshot.ends
        if ends is not None and (ends.running, ends.edited) != (running, self._edited):
            self._desk.draw(ends=replace(ends, running=running, edited=self._edited))

    async def look(self) -> tuple[str, ...]:
        """Name the systems whose page holds something that was typed and not sent, and tell how many they are."""
        try:
            async with asyncio.timeout(EDITED_WITHIN_S):
                edited = self._edited = (*await self._parts.surfaces.edited(), *self._opened.unsent())
        except (LauncherError, TimeoutError):
            edited = self._edited  # as it was: a page that has ended or does not answer says nothing
        self.changed()
        return edited

    def _keep_looking(self) -> None:
        """Look as long as something is announced that names what would be lost: it is typed and sent meanwhile."""
        if self._announced and (self._looking is None or self._looking.done()):
            self._looking = self._desk.spawn(self._look_while_announced())

    @property
    def _announced(self) -> bool:
        return self._desk.snapshot.locks_at is not None or self._desk.snapshot.ends is not None

    async def _look_while_announced(self) -> None:
        while self._announced:
            await self.look()
            await asyncio.sleep(LOOK_S)
