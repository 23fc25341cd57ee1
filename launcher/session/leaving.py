"""The end of a session: what an exit cannot undo is undone first, in the order that loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from launcher.errors import LauncherError
from launcher.session.faults import log_fault
from launcher.session.parts import Parts
from launcher.session.provider_roads import ProviderRoads
from launcher.session.sitting import Sitting
from launcher.wire import messages as m

SIGN_OFF_BY = 0.8
"""The share of the time a session has to end by which its sign-offs are over; the rest is for ending processes."""


async def leave(
    parts: Parts,
    sitting: Sitting | None,
    roads: ProviderRoads,
    left_signed_on: Callable[[str], None],
    *,
    locked: bool,
) -> None:
    """Undo what an exit cannot undo, then end every process below this one.

    ``locked``: the officer's programs are stopped. They are killed as they are: woken to be asked, they would read
    what was typed for somebody else meanwhile.
    """
    tell = parts.station.tell
    clock, within_s = asyncio.get_running_loop().time, parts.settings.limits.end_within_s
    sign_off_by = clock() + SIGN_OFF_BY * within_s
    if parts.residue_check and sitting is not None:
        with suppress(LauncherError):
            tell(await sitting.canaries())
    tell(m.LeavingPhase(phase="stop_apps"))
    if sitting is not None:
        await sitting.end_programs(at_once=locked)
    tell(m.LeavingPhase(phase="stop_apps", ended=True))
    tell(m.LeavingPhase(phase="sign_off"))
    # Whatever one of them meets, the other is waited for, and all that comes after is still ended.
    left_s = sign_off_by - clock()
    sign_offs = (
        _sign_off_sitting(sitting, left_s),
        _sign_off_providers(roads, left_signed_on, left_s),
        _sign_off_terminals(sitting, max(left_s, parts.settings.limits.sign_off_within_s)),
    )
    for fault in await asyncio.gather(*sign_offs, return_exceptions=True):
        if isinstance(fault, Exception):
            log_fault("a sign-off failed", fault)
    tell(m.LeavingPhase(phase="sign_off", ended=True))
    with suppress(LauncherError):
        await parts.surfaces.release()
    if sitting is not None:
        await sitting.end_tickets()
    await parts.end_below(within_s)


async def _sign_off_sitting(sitting: Sitting | None, within_s: float) -> None:
    if sitting is not None:
        await sitting.sign_off(within_s)


async def _sign_off_terminals(sitting: Sitting | None, within_s: float) -> None:
    if sitting is not None:
        await sitting.end_terminals(within_s)


async def _sign_off_providers(roads: ProviderRoads, left_signed_on: Callable[[str], None], within_s: float) -> None:
    for label in await roads.end(within_s):
        left_signed_on(label)
