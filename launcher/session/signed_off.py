"""Whether an open page has signed the officer off: what it shows decides, and nothing is guessed.

An entry may say itself what its system shows then. Without that a page counts as signed off where what proves that it
is ready has gone, it shows none of the entry's other markers either, and it asks for the logon. Such a page is also
what follows the officer's own log-off in the system: it counts only as long as they have pressed nothing on the page
since they looked at it, or where they come back to it from a lock and this is the first page they are led to.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from launcher.connectors.plan import LaunchPlan, WebTarget
from launcher.errors import LauncherError
from launcher.recipes.pages import Page as RecipePage
from launcher.recipes.steps import AnyStep, Fill, Place, Press
from launcher.sign_on.driver import Seen
from launcher.sign_on.methods import provider_prompts

RECENT_S = 10.0
"""How long an act of the officer is recent: what a page shows later has come by itself."""

LOOK_S = 0.5
STAYS_S = 0.5
"""A page that is only passed through on the way does not stay."""

Shows = Literal["ready", "signed-off", "other"]


class Page(Protocol):
    """The page, as far as it matters here."""

    async def first_of(self, places: Sequence[Place], within_s: float) -> Seen | None:
        """Return the first place seen, or None at the deadline."""
        ...

    def last_seen(self) -> str:
        """Say what is in front now: host, path and title."""
        ...

    def officer_acts(self) -> int:
        """Count the officer's own key presses and clicks so far."""
        ...


@dataclass(frozen=True, slots=True)
class Signs:
    """What a system shows. ``ended``: each says that it has signed the officer off; ``asks``: all of a group together
    are its logon; ``other``: what else its entry knows, each of which is no logon page.
    """

    ended: tuple[Place, ...]
    ready: tuple[Place, ...]
    other: tuple[Place, ...]
    asks: tuple[tuple[Place, ...], ...]

    @property
    def told(self) -> bool:
        """Say whether the system itself tells, so that the officer's own log-off is not taken for it."""
        return bool(self.ended)


def signs_of(plan: LaunchPlan) -> Signs | None:
    """Return what a system shows once it has signed the officer off; None where that cannot be known."""
    if not isinstance(plan.target, WebTarget):
        return None
    ended = _places(plan, "signed-off")
    ready = _places(plan, "ready")
    other = tuple(marker.place for marker in plan.markers if marker.means not in ("signed-off", "ready"))
    if ended:
        return Signs(ended, ready, other, ())
    if not ready:
        return None  # that it has gone is half of the proof
    match plan.sign_on:
        case "form":
            logons = [_logon(page) for page in plan.pages if _asks(page)] or [_first_page(plan.recipe.steps)]
            fields = [tuple(_on(origin, one) for one in logon) for origin in plan.target.origins for logon in logons]
            asks = tuple(group for group in fields if group)
        case "federated":
            asks = tuple((place,) for place in provider_prompts(plan.provider))
        case _:
            asks = ()
    return Signs((), ready, other, asks) if asks else None


async def shows(page: Page, signs: Signs) -> Shows:
    """Look once. Raises what the driver raises."""
    places = (*signs.ended, *signs.ready, *signs.other)
    seen = await page.first_of(places, 0.0)
    if seen is not None:
        if seen.index < len(signs.ended):
            return "signed-off"
        return "ready" if seen.index < len(signs.ended) + len(signs.ready) else "other"
    for group in signs.asks:
        for place in group:
            if await page.first_of([place], 0.0) is None:
                break
        else:
            return "signed-off"
    return "other"


async def is_signed_off(
    page: Page,
    signs: Signs,
    *,
    back: bool = False,
    stands: Callable[[bool], None] = lambda _: None,
    now: Callable[[], float] = time.monotonic,
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> bool:
    """Look on while the officer looks at the page; return True once it has signed them off.

    False once that can no longer be told from their own log-off. ``back``: they come back from a lock. Cancel it when
    they look elsewhere. A page is asked only for a while after an act of theirs, and never in between; ``stands`` is
    called whenever it is seen to show anything but a logon, with whether that proves that it is ready.
    """
    at_first, acts, place = page.officer_acts(), page.officer_acts(), page.last_seen()
    until = now() + RECENT_S
    while True:
        acts, before = page.officer_acts(), acts
        if acts != before:
            until = now() + RECENT_S
        if acts == at_first:
            place = page.last_seen()  # a page may find its title late
        lasting = signs.told or back
        if not lasting and (acts != at_first or now() >= until):
            return False
        if now() < until:
            shown = await _stays(page, signs, pause)
            if shown is None:
                return False
            if shown != "signed-off":
                stands(shown == "ready")
            if shown == "signed-off" and (lasting or page.officer_acts() == at_first):
                return True
            if back and acts != at_first and shown == "ready" and page.last_seen() != place:
                back = False  # they were led on as somebody who is signed on
        await pause(LOOK_S)


async def look_on(page: Page, stands: Callable[[bool], None], signs: Signs) -> None:
    """Say, for a while after each act of the officer, where the page stands; nothing follows from what it shows.

    Cancel it when they look elsewhere.
    """
    acts, until = page.officer_acts(), time.monotonic() + RECENT_S
    while True:
        acts, before = page.officer_acts(), acts
        if acts != before:
            until = time.monotonic() + RECENT_S
        if time.monotonic() < until:
            try:
                shown = await shows(page, signs)
            except LauncherError:
                return
            if shown != "signed-off":
                stands(shown == "ready")
        await asyncio.sleep(LOOK_S)


async def _stays(page: Page, signs: Signs, pause: Callable[[float], Awaitable[None]]) -> Shows | None:
    """Return what the page shows, and shows still after a moment; None where it has ended."""
    try:
        shown = await shows(page, signs)
        if shown == "signed-off":
            await pause(STAYS_S)
            shown = await shows(page, signs)
    except LauncherError:
        return None
    return shown


def _places(plan: LaunchPlan, means: str) -> tuple[Place, ...]:
    return tuple(marker.place for marker in plan.markers if marker.means == means)


def _first_page(steps: Sequence[AnyStep]) -> tuple[Place, ...]:
    """Return what is filled on the logon's first page, and what is waited for before; nothing where nothing is."""
    waited: list[Place] = []
    fields: list[Place] = []
    for one in steps:
        if isinstance(one, Fill):
            fields.append(Place(selector=one.field))
        elif fields or isinstance(one, Press):
            break
        elif one.do == "wait":
            waited.append(one.place)
    return (*waited, *fields) if fields else ()


def _asks(page: RecipePage) -> bool:
    return any(fill.names & {"username", "password"} for fill in page.fill)


def _logon(page: RecipePage) -> tuple[Place, ...]:
    """Return what a page that asks for the logon is recognised by, and the fields that are filled there."""
    return (page.place, *(Place(selector=fill.field) for fill in page.fill))


def _on(origin: str, place: Place) -> Place:
    return place if place.url else place.model_copy(update={"url": f"{origin}/"})
