"""A screen with and without a window manager, and eyes on it; one screen for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import xvfb
from tests.servers.x_programs import Eyes, Program, python, running_openbox, window
from tests.servers.xvfb import Screen


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    with xvfb.running_xvfb(width=800, height=600) as display:
        yield display


@pytest.fixture(scope="module")
def held(screen: Screen) -> Iterator[Eyes]:
    """A display begins anew when its last client leaves: this one stays."""
    with Eyes(screen) as looking:
        yield looking


@pytest.fixture
def eyes(screen: Screen, held: Eyes, monkeypatch: pytest.MonkeyPatch) -> Eyes:
    """Somebody who looks at the screen; the product finds the screen's cookie from now on."""
    monkeypatch.setenv("XAUTHORITY", str(screen.authority))
    return held


@pytest.fixture(scope="module", params=["plain", pytest.param("openbox", marks=pytest.mark.needs("openbox"))])
def managed(request: pytest.FixtureRequest, screen: Screen, held: Eyes) -> Iterator[bool]:
    """Whether a window manager is at work: a test that asks runs without and with one."""
    if request.param == "plain":
        yield False
        return
    with running_openbox(screen):
        yield True


class Opened:
    """The programs of a test, ended with it."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.programs: list[Program] = []

    def window(
        self, colour: int, place: tuple[int, int, int, int], *, popup: bool = False, claims: int | None = None
    ) -> tuple[Program, int]:
        """A program with one window, mapped."""
        program, number = window(self._screen, colour, place, popup=popup, claims=claims)
        self.programs.append(program)
        return program, number

    def python(self, code: str, *argv: str) -> Program:
        """A Python program."""
        self.programs.append(python(self._screen, code, *argv))
        return self.programs[-1]


@pytest.fixture
def opened(screen: Screen, eyes: Eyes) -> Iterator[Opened]:
    opened = Opened(screen)
    yield opened
    for program in opened.programs:
        program.end()
