"""Lines on which nothing comes are given up, and no others."""

from __future__ import annotations

import asyncio

import pytest

from launcher.hub.stations.lines import Lines

SILENT_S = 0.01


async def _given_up(lines: Lines) -> None:
    """Be a line on which nothing comes."""
    async with asyncio.timeout(None) as within:
        line = lines.begin(within, SILENT_S)
        try:
            await asyncio.Event().wait()
        finally:
            lines.end(line)


def test_a_silent_line_is_given_up_and_one_that_was_heard_is_not() -> None:
    async def tried() -> None:
        lines = Lines()
        async with asyncio.timeout(None) as within:
            heard = lines.begin(within, SILENT_S)
            heard.heard += 3600.0
            for _ in range(2):
                with pytest.raises(TimeoutError):
                    await _given_up(lines)
            assert not within.expired()
            lines.end(heard)

    asyncio.run(tried())


def test_after_all_have_gone_the_next_is_looked_at_again() -> None:
    async def tried() -> None:
        lines = Lines()
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await _given_up(lines)
            if lines._looking is not None:
                await lines._looking
            assert lines._looking is None

    asyncio.run(tried())
