"""What the hub does by itself now and then. A chore opens its own transactions, and costs little where nothing is due.

Some are done by one process of the hub, whichever comes first (``one``); the others look after what each has.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from typing import Final

from sqlalchemy import delete
from starlette.concurrency import run_in_threadpool

from launcher.hub import garbage, polling, tokens
from launcher.hub.audit import checkpoints, old_sittings, retention
from launcher.hub.chores import Chore, one
from launcher.hub.commands import outcomes
from launcher.hub.errors import HubError, StoreAwayError
from launcher.hub.helpdesk import keeping
from launcher.hub.notices import rows as notices
from launcher.hub.officers import granted
from launcher.hub.service import Hub
from launcher.hub.sittings import silent
from launcher.hub.stations import ends, reach
from launcher.hub.stations.tables import enrolment_codes
from launcher.hub.wrong import usual

_log = logging.getLogger("launcher.hub")

DAY_S: Final = 86_400.0
LIVES_AGAIN_S: Final = 1.0
"""A sign of life for which the store was away is tried again so soon."""


def sweep(hub: Hub) -> None:
    """Remove tokens that are over and codes that nobody used; what a used code made stays known for a month."""
    now = hub.clock()
    with hub.store.writing() as connection:
        tokens.sweep(connection, now)
        connection.execute(delete(enrolment_codes).where(enrolment_codes.c.until <= now - 30 * DAY_S))


def give_sign_of_life(hub: Hub) -> None:
    """Say that this process lives, and with it the sockets it has."""
    try:
        with hub.store.writing() as connection:
            reach.beat(connection, hub)
    except StoreAwayError:
        hub.store_away.set()
        raise
    hub.store_away.clear()


def forget_the_dead(hub: Hub) -> None:
    """Let go of the stations of processes that ended without a word."""
    with hub.store.writing() as connection:
        gone = reach.forget_the_dead(connection, hub)
    ends.tell_reach_changed(hub, gone)


def chores(hub: Hub) -> tuple[Chore, ...]:
    """Return all chores; a feature's are added here."""
    beat_s = hub.settings.serve.beat_s
    return (
        Chore("sign-of-life", beat_s, give_sign_of_life, at_stop=_say_end, again_s=LIVES_AGAIN_S),
        Chore("socket-ends", 5.0, ends.keep),
        Chore("forget-the-dead", beat_s, forget_the_dead),
        Chore("poll", polling.EVERY_S, polling.keep),
        one("sweep", 60.0, sweep),
        one("helpdesk", 60.0, keeping.keep),
        one("command-outcomes", 60.0, outcomes.keep),
        one("silent-stations", 3600.0, silent.keep),
        Chore("granted-roles", 1.0, granted.keep),
        Chore("audit-checkpoints", 15.0, checkpoints.keep, at_stop=checkpoints.at_stop),
        one("audit-retention", 3600.0, retention.keep),
        one("old-sittings", 3600.0, old_sittings.keep),
        Chore("notices", 2.0, notices.keep),
        Chore("usual", 60.0, usual.keep),
        Chore("garbage", garbage.EVERY_S, garbage.keep),
    )


async def keep_house(hub: Hub) -> None:
    """Do all chores in their time, until it is cancelled."""
    async with asyncio.TaskGroup() as group:
        for chore in chores(hub):
            group.create_task(_keep(hub, chore))


async def at_stop(hub: Hub) -> None:
    """Do what is to be done before a process ends."""
    for chore in chores(hub):
        if chore.at_stop is not None:
            await run_in_threadpool(attempt, hub, chore.name, chore.at_stop)


async def _keep(hub: Hub, chore: Chore) -> None:
    away = False
    while True:
        pause_s = min(chore.again_s, chore.every_s) if away else chore.every_s
        # Not all processes of a hub at the same moment.
        await asyncio.sleep(pause_s * random.uniform(0.8, 1.0))  # noqa: S311 - nothing depends on it
        away = await run_in_threadpool(attempt, hub, chore.name, chore.keep)


def attempt(hub: Hub, name: str, keep: Callable[[Hub], object]) -> bool:
    """Do a chore; one that fails is tried again in its time, and the others go on. True: the store was away."""
    try:
        keep(hub)
    except StoreAwayError as fault:
        _log.warning("hub-chore-failed: %s: %s", name, fault.reference)
        return True
    except HubError as fault:
        _log.warning("hub-chore-failed: %s: %s", name, fault.reference)
    except Exception:
        _log.exception("hub-chore-failed: %s", name)
    return False


def _say_end(hub: Hub) -> None:
    with hub.store.writing() as connection:
        reach.end(connection, hub)
