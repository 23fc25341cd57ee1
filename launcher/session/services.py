"""Whether what a log-on needs answers, for the screen on which nobody has logged on yet.

It is asked by connecting and nothing more: no name, no password, no bind that a directory would count.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.request import getproxies

from launcher.errors import LauncherError
from launcher.policy.settings import Settings
from launcher.relay.road import way_out
from launcher.session.reach import reach
from launcher.session.snapshot import Health, ServiceView

AGAIN_S = 30.0
"""A third more or less at random: the stations of a force must not all ask at once."""

WITHIN_S = 2.0
SLOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Service:
    """What a method of logging on needs: one of ``servers`` (addresses, in the order they are used)."""

    view: ServiceView
    servers: tuple[str, ...]


def services_of(settings: Settings) -> tuple[Service, ...]:
    """Return what the station's methods need, in the order of the methods; what is on this computer is none."""
    found = []
    for method in settings.sign_in.methods:
        if method == "directory" and settings.directory is not None:
            found.append(Service(ServiceView("directory"), settings.directory.servers))
        # Behind a proxy that the policy does not name the provider's own host need not be reachable from here.
        asked = way_out() is not None or not getproxies().get("https")
        if method == "federated" and settings.federated is not None and asked:
            from launcher.identity.federated.discovery import authority_url  # late: loads the provider's client

            view = ServiceView("federated", settings.federated.label)
            found.append(Service(view, (authority_url(settings.federated),)))
    return tuple(found)


async def watch(services: tuple[Service, ...], changed: Callable[[tuple[ServiceView, ...]], None]) -> None:
    """Say how the services are, at once and whenever it has changed, until cancelled."""
    if not services:
        return
    shown = tuple(service.view for service in services)
    while True:
        found = await asyncio.gather(*map(_ask, services))
        now = tuple(seen(view, health, time.time()) for view, health in zip(shown, found, strict=True))
        if now != shown:
            shown = now
            changed(now)
        await asyncio.sleep(AGAIN_S * random.uniform(2 / 3, 4 / 3))  # noqa: S311 - spreads load, protects nothing


def seen(before: ServiceView, health: Health, at: float) -> ServiceView:
    """Return the service as it is now; ``at`` (seconds of the wall clock) is kept where a change was seen."""
    if before.health == health:
        return before
    return replace(before, health=health, since=0.0 if before.health == "unknown" else at)


async def _ask(service: Service) -> Health:
    clock = asyncio.get_running_loop().time
    for nth, server in enumerate(service.servers):
        begun = clock()
        try:
            await reach(server, WITHIN_S)
        except LauncherError:  # it, or the road there
            continue
        # One that stands in for a silent one costs every log-on the wait for that.
        return "degraded" if nth or clock() - begun > SLOW_S else "ready"
    return "offline"
