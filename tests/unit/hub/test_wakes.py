"""Many who wait are woken some at a time, and whatever else comes is done between."""

from __future__ import annotations

import asyncio

import pytest

from launcher.hub import wakes
from launcher.hub.wakes import Wakes


def test_all_stations_are_woken_and_others_come_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakes, "MANY", 2)
    seen: list[str] = []

    async def play() -> None:
        loop = asyncio.get_running_loop()
        here = Wakes()
        here.begin(loop)
        last = asyncio.Event()
        for name in ("one", "two", "three", "four"):
            here.listen(f"station:{name}", lambda name=name: seen.append(name))  # type: ignore[misc]
        here.listen("station:five", last.set)
        here.listen("act:key", lambda: seen.append("an act"))
        here.wake("stations")
        loop.call_soon(seen.append, "a request")
        await last.wait()

    asyncio.run(play())
    assert seen[:3] == ["one", "two", "a request"]
    assert sorted(seen[3:]) == ["four", "three"]
