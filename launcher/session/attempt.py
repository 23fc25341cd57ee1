"""One proof at a time: from what was submitted to an officer who is accepted, and on to their launchpad."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from launcher.identity.officer import Officer
from launcher.identity.proof import Accepted
from launcher.session import commands as c
from launcher.session.provider_roads import HOME, ProviderRoads
from launcher.session.sign_in import SignIn
from launcher.session.states import Answered, Event, Proved


class Desk(Protocol):
    """What is changed here: the state, and the tasks of the session."""

    def step(self, event: Event) -> None:
        """Take the state machine's step, and do what comes of it."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...


class Attempts:
    """The attempts of one sign-in screen. ``admit`` passes whoever may come in, ``proved`` takes what was accepted.

    ``ended`` is called after each.
    """

    def __init__(
        self,
        desk: Desk,
        sign_in: SignIn,
        roads: ProviderRoads,
        admit: Callable[[Officer, ProviderRoads], Awaitable[None]],
        proved: Callable[[Accepted], None],
        ended: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._sign_in = sign_in
        self._roads = roads
        self._admit = admit
        self._proved = proved
        self._ended = ended
        self._task: asyncio.Task[None] | None = None
        self._prepared = False
        self.lock_after = False
        """Whether the lock key was pressed since something was submitted: it locks as soon as they are logged on."""

    def prepare(self) -> None:
        """Let the methods get ready while the officer types, once."""
        if not self._prepared:
            self._prepared = True
            self._desk.spawn(self._sign_in.prepare())
            if (road := self._roads.current) is not None:
                self._desk.spawn(road.prepare())

    def prove(self, submitted: object) -> None:
        """Begin to prove what was submitted; without a name and password, on the provider's page."""
        self.lock_after = False
        self._begin(self._prove(submitted, self._task))

    def enter(self, work: Coroutine[None, None, None]) -> None:
        """Begin what follows a proof; a fault of it is said on the card."""
        self._begin(self._or_say(work))

    def cancel(self) -> bool:
        """Cancel the attempt under way, and say so; False where there is none."""
        if self._task is None or self._task.done():
            return False
        self._task.cancel()
        self._sign_in.cancelled()
        return True

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        self._task = self._desk.spawn(work)
        self._task.add_done_callback(lambda _: self._ended())

    async def _prove(self, submitted: object, before: asyncio.Task[None] | None) -> None:
        try:
            if before is not None:
                await asyncio.wait({before})  # one that was cancelled still closes the provider's page
            await self._roads.drop()
            accepted = await self._accepted(submitted)
            if accepted is not None:
                await self._admit(accepted.officer, self._roads)
        except Exception as fault:
            self._sign_in.failed(fault)
            accepted = None
        if accepted is None:
            self._desk.step(Answered())
        else:
            self._proved(accepted)
            self._desk.step(Proved(accepted.officer.number))

    async def _accepted(self, submitted: object) -> Accepted | None:
        match submitted:
            case c.SubmitPassword(method=method, user_name=name, password=password):
                if (road := self._roads.take(HOME)) is not None:
                    await road.ahead()
                return await self._sign_in.by_password(method, name.strip(), password)
            case c.ChangePassword(user_name=name, current=current, new=new):
                return await self._sign_in.with_new_password(name.strip(), current, new)
            case c.StartProvider(method=method):
                return await self._sign_in.by_provider(method)
            case _:
                return None

    async def _or_say(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as fault:
            self._sign_in.failed(fault)
            self._desk.step(Answered())
