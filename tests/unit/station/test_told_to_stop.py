"""A station that is told to stop by signals: whether there is time for its officers."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from launcher.bootstrap.running import stop_when_told

TERM, INT = signal.SIGTERM, signal.SIGINT


@pytest.mark.parametrize(
    ("same_s", "told", "in_time"),
    [
        pytest.param(60.0, [TERM, TERM], [True], id="to the group, and handed on by the guard"),
        pytest.param(60.0, [TERM, TERM, INT], [True, False], id="and then by hand"),
        pytest.param(0.0, [TERM, TERM], [True, False], id="twice"),
        pytest.param(60.0, [INT], [False], id="by hand"),
    ],
)
def test_to_be_told_again_takes_the_time_but_not_at_the_same_moment(
    monkeypatch: pytest.MonkeyPatch, same_s: float, told: list[signal.Signals], in_time: list[bool]
) -> None:
    monkeypatch.setattr("launcher.bootstrap.running.SAME_S", same_s)
    heard: list[bool] = []

    async def play() -> None:
        over = asyncio.Event()

        async def stop(in_time: bool) -> None:
            heard.append(in_time)

        stop_when_told(stop)
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, over.set)
        for number in (*told, signal.SIGUSR1):
            os.kill(os.getpid(), number)
        await over.wait()
        await asyncio.sleep(0)

    asyncio.run(play())
    assert heard == in_time
