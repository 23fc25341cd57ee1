"""Officers at a station with stand-in sessions who sign in and lock."""

from __future__ import annotations

from launcher.station import OfficerSignedIn, ScreenShown, SessionLocked
from tests.journeys.station_bench import Hands, Station


async def signed_in(here: Station, number: str = "4471", **holds: object) -> tuple[int, Hands]:
    """Sign an officer in at the screen that is shown; return the session and the hands on it."""
    shown, hands = await here.shown_session()
    await hands.do("sign-in", number=number)
    assert (await here.next(OfficerSignedIn)).number == number
    if holds:
        await hands.do("holds", **holds)
    return shown.session, hands


async def locked(here: Station, hands: Hands) -> tuple[ScreenShown, Hands]:
    """Lock a session without a PIN; return the screen that is shown over it, and the hands on that."""
    await hands.do("lock")
    await here.next(SessionLocked)
    over, new_hands = await here.shown_session()
    await hands.said("stand-back")
    return over, new_hands
