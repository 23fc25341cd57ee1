"""One call for all who ask at once."""

from __future__ import annotations

import asyncio

import pytest

from launcher.grants.single_flight import SingleFlight


class Call:
    """A call that ends when it is told to, and counts."""

    def __init__(self) -> None:
        self.made = 0
        self.cancelled = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.made += 1
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.made


async def turns() -> None:
    """Let all that can run, run."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_many_askers_make_one_call_and_the_next_makes_another() -> None:
    async def story() -> None:
        flight: SingleFlight[str, int] = SingleFlight()
        call = Call()
        askers = [asyncio.create_task(flight.do("token", call)) for _ in range(50)]
        await turns()
        call.go.set()
        assert await asyncio.gather(*askers) == [1] * 50
        assert await flight.do("token", call) == 2

    asyncio.run(story())


def test_different_things_are_different_calls() -> None:
    async def story() -> None:
        flight: SingleFlight[str, int] = SingleFlight()
        call = Call()
        call.go.set()
        assert sorted(await asyncio.gather(flight.do("a", call), flight.do("b", call))) == [1, 2]

    asyncio.run(story())


def test_an_error_goes_to_all_who_wait_and_is_not_kept() -> None:
    async def story() -> None:
        flight: SingleFlight[str, int] = SingleFlight()
        made = 0

        async def failing() -> int:
            nonlocal made
            made += 1
            await asyncio.sleep(0)
            raise ValueError(str(made))

        results = await asyncio.gather(*(flight.do("a", failing) for _ in range(3)), return_exceptions=True)
        assert [str(result) for result in results] == ["1"] * 3
        with pytest.raises(ValueError, match="2"):
            await flight.do("a", failing)

    asyncio.run(story())


def test_one_who_leaves_leaves_the_others_alone() -> None:
    async def story() -> None:
        flight: SingleFlight[str, int] = SingleFlight()
        call = Call()
        first, second = (asyncio.create_task(flight.do("a", call)) for _ in range(2))
        await turns()
        first.cancel()
        await turns()
        assert first.cancelled()
        call.go.set()
        assert await second == 1
        assert call.cancelled == 0

    asyncio.run(story())


def test_when_the_last_one_leaves_the_call_ends_and_the_next_starts_anew() -> None:
    async def story() -> None:
        flight: SingleFlight[str, int] = SingleFlight()
        call = Call()
        askers = [asyncio.create_task(flight.do("a", call)) for _ in range(3)]
        await turns()
        for asker in askers:
            asker.cancel()
        await asyncio.gather(*askers, return_exceptions=True)
        call.go.set()
        assert await flight.do("a", call) == 2
        assert call.cancelled == 1

    asyncio.run(story())


def test_a_deadline_of_one_asker_is_its_own() -> None:
    async def story() -> None:
        flight: SingleFlight[str, int] = SingleFlight()
        call = Call()
        patient = asyncio.create_task(flight.do("a", call))
        await turns()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await flight.do("a", call)
        call.go.set()
        assert await patient == 1

    asyncio.run(story())
