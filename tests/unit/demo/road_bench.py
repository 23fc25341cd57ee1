"""Roads to the provider's session over tabs of one kind, and whether the provider holds one."""

from __future__ import annotations

import asyncio

from launcher.identity.federated import FederatedMethod
from launcher.identity.officer import Officer, OfficerId
from launcher.identity.proof import Accepted
from launcher.policy.federation_settings import FederatedSettings
from launcher.secret import Secret
from launcher.session.provider import ProviderRoad
from tests.unit.demo.conftest import Served
from tests.unit.demo.visiting import VisitorDriver, VisitorSurfaces

WITHIN_S = 20.0
"""For a log-off that does not come; nothing here waits so long."""


def accepted(served: Served, number: int = 0, password: str = "") -> Accepted:
    one = served.officers[number]
    officer = Officer(OfficerId("local", one.subject), one.user_name, one.user_name, one.display_name, frozenset())
    return Accepted(officer, "local", Secret(password or one.password))


class Road:
    """A road over tabs of one kind."""

    def __init__(self, served: Served, settings: FederatedSettings, driver: type[VisitorDriver]) -> None:
        self.surfaces = VisitorSurfaces(served.addresses.ca_file, driver)
        self.road = ProviderRoad(FederatedMethod(settings), settings, self.surfaces)

    async def over(self, confirmed: bool = True, within_s: float = WITHIN_S) -> None:
        assert await self.road.end(within_s) is confirmed
        assert self.road.session is None
        assert self.surfaces.open == {}, "the page is closed whatever happened"
        assert asyncio.all_tasks() == {asyncio.current_task()}


def at_provider(served: Served, here: Road) -> bool:
    """Say whether the provider holds a session for what this browser has in its jar."""
    return any(cookie.value in served.sessions("provider").by_key for cookie in here.surfaces.cookies)


class NeverBack(VisitorDriver):
    """A page that leads nowhere, at once and not after a minute."""

    async def callback(self, prefix: str, within_s: float) -> str | None:
        await self.first_of([], 0.0)
        await self.asks()
        return None
