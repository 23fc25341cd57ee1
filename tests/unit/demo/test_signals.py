"""Ctrl C and SIGTERM are the demo's own while its servers run in its process, and whoever's they were afterwards."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from types import FrameType

from launcher.demo.content import OWN_ACCOUNTS, WITH_CODE
from launcher.demo.people import make_officers
from launcher.demo.prepared import serving_estate


def test_the_servers_of_the_demo_take_no_signals_from_it(tmp_path: Path) -> None:
    asked: list[int] = []

    def ours(number: int, _: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, ours) for number in (signal.SIGINT, signal.SIGTERM)}

    async def play() -> None:
        async with serving_estate(tmp_path, make_officers(OWN_ACCOUNTS, WITH_CODE)):
            signal.raise_signal(signal.SIGINT)

    try:
        asyncio.run(play())
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        assert asked == [signal.SIGINT, signal.SIGINT, signal.SIGTERM]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
