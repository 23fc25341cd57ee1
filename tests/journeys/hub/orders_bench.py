"""A station whose hub is a test: an officer at work, a warm screen behind them, and orders from the helpdesk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from launcher.station import OfficerSignedIn, StationLimits
from launcher.wire.hub.sittings import Ended, Sitting
from tests.journeys.hub.paper_link import PaperLink
from tests.journeys.station_bench import Hands, Station, station

LIMITS = StationLimits(heartbeat_s=0.2, unresponsive_s=2.0, end_within_s=0.5, cover_s=2.0, sign_off_within_s=1.0)


class Here:
    """A station with a hub, an officer at work, and a warm spare behind them."""

    def __init__(self, at: Station, hub: PaperLink, session: int, hands: Hands, sitting: Sitting, spare: int) -> None:
        self.at = at
        self.hub = hub
        self.session = session
        self.hands = hands
        self.sitting = sitting
        self.spare = spare

    def ended(self) -> Ended:
        """What was reported of the sitting's end."""
        return next(one.what for one in self.hub.happenings if isinstance(one.what, Ended))


@asynccontextmanager
async def at_work(
    folder: Path, *options: str, limits: StationLimits = LIMITS, number: str = "4471"
) -> AsyncIterator[Here]:
    """Run such a station for the block."""
    hub = PaperLink()
    async with station(folder, *options, limits=limits, hub=hub) as at:
        shown, hands = await at.shown_session()
        await at.spare()
        await hands.do("sign-in", number=number, user_name="e.adeyemi", groups=["cid"], proved_by="directory")
        await at.next(OfficerSignedIn)
        sitting = await hub.sitting()
        spare = await at.spare()
        yield Here(at, hub, shown.session, hands, sitting, spare.pid)
    assert hub.closed


async def told(hands: Hands, kind: str) -> dict[str, object]:
    """Return the fields of the next message of a kind that a session is told."""
    fields = (await hands.said(kind))[kind]
    assert isinstance(fields, dict)
    return fields
