"""Work beside the loop can be left at once."""

from __future__ import annotations

import asyncio
import threading

import pytest

from launcher.identity.directory.workers import in_thread


def test_the_result_and_the_fault_come_back() -> None:
    def fail() -> None:
        raise LookupError("not here")

    assert asyncio.run(in_thread(lambda: None)) is None
    assert asyncio.run(in_thread(threading.current_thread)) is not threading.current_thread()
    with pytest.raises(LookupError, match="not here"):
        asyncio.run(in_thread(fail))


def test_leaving_cuts_the_work_and_hands_on_what_nobody_takes() -> None:
    begun, released, discarded = threading.Event(), threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert released.wait(20)
        return "late"

    def discard(result: str) -> None:
        assert result == "late"
        discarded.set()

    async def run() -> None:
        task = asyncio.create_task(in_thread(work, cut=released.set, discard=discard))
        await asyncio.to_thread(begun.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.to_thread(discarded.wait, 20)

    asyncio.run(run())
    assert discarded.is_set()


def test_a_result_after_the_loops_end_is_handed_on_too() -> None:
    begun, release, discarded = threading.Event(), threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        assert release.wait(20)
        return "later"

    async def run() -> None:
        task = asyncio.create_task(in_thread(work, discard=lambda _: discarded.set()))
        await asyncio.to_thread(begun.wait, 20)
        task.cancel()

    asyncio.run(run())
    release.set()
    assert discarded.wait(20)
