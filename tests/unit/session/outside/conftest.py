"""What every test of locked programs begins with: what runs already, and a display."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from launcher.session.end import end_descendants
from tests.servers import xvfb
from tests.servers.x_programs import Eyes
from tests.servers.xvfb import Screen
from tests.unit.session.bench import subreaper
from tests.unit.session.outside.bench import begun


@pytest.fixture
def spared() -> Iterator[frozenset[int]]:
    """What runs below the tests already, and is none of a session's programs."""
    with subreaper() as others:
        yield others
        assert asyncio.run(end_descendants(10.0, others)) == ()
        while begun:
            with begun.pop() as program:
                program.wait()


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    # A display begins anew when its last client leaves, and turns away who comes then: one stays.
    with xvfb.running_xvfb(width=800, height=600) as display, Eyes(display):
        yield display


@pytest.fixture
def eyes(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Iterator[Eyes]:
    for name, value in screen.environment.items():
        monkeypatch.setenv(name, value)
    with Eyes(screen) as looking:
        yield looking
