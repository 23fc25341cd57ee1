"""An analyst before their panel, with a hub on paper behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

from launcher.session.helpdesk import commands as c
from launcher.session.helpdesk.panel import Helpdesk
from launcher.session.helpdesk.view import HelpdeskView
from tests.unit.session.helpdesk.paper_desk import WITHIN_S, PaperDesk
from tests.unit.session.helpdesk.paper_force import ALICE, sample
from tests.unit.session.helpdesk.paper_hub import PaperHub


class Analyst:
    """A panel, its hub and its desk."""

    def __init__(self, desk: PaperDesk, hub: PaperHub) -> None:
        self.desk, self.hub = desk, hub
        self.panel = Helpdesk(desk)
        self.panel.roles({"officer", "helpdesk"}, False, hub)

    def send(self, *commands: c.HelpdeskCommand) -> None:
        for command in commands:
            assert self.panel.serve(command)

    async def opens_a_case(self) -> None:
        self.send(c.HelpdeskOpenCase("Caller cannot open custody"))
        await self.desk.until(lambda now: now.looking.case is not None)

    async def shows(self, officer: str) -> HelpdeskView:
        await self.opens_a_case()
        self.send(c.HelpdeskLook(True), c.HelpdeskShow(officer))
        return await self.desk.until(lambda now: now.page.page is not None)

    async def asks(self, what: str, times: int) -> None:
        async with asyncio.timeout(WITHIN_S):
            while len(self.asked(what)) < times:
                self.hub.was_asked.clear()
                await self.hub.was_asked.wait()

    def asked(self, what: str) -> list[tuple[str, ...]]:
        return [one for one in self.hub.asked if one[0] == what]


@asynccontextmanager
async def analyst(hub: PaperHub | None = None) -> AsyncIterator[Analyst]:
    async with asyncio.TaskGroup() as tasks:
        here = Analyst(PaperDesk(tasks), hub or sample())
        yield here
        here.panel.end()


def played(play: Callable[[Analyst], Coroutine[None, None, None]], hub: PaperHub | None = None) -> None:
    async def run() -> None:
        async with analyst(hub) as here:
            await play(here)

    asyncio.run(run())


def act(kind: str, key: str = "key-1", **more: object) -> c.HelpdeskAct:
    fields = {"officer": ALICE, "reason": "Screen does not answer", "sitting": "sitting-a"} | more
    return c.HelpdeskAct(key=key, kind=kind, **fields)  # type: ignore[arg-type]
