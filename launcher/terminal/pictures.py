"""When pictures of a grid are taken and who is given them: at most so many a second, each once the last was drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from launcher.terminal.echo import Echoes
from launcher.terminal.grid import CellGrid, GridPicture

Draw = Callable[[GridPicture], None]

PICTURES_A_SECOND: Final = 60
BELLS_A_SECOND: Final = 3


class Pictures:
    """Those who draw one terminal; made and used in a running loop. ``grid`` gives what is on the screen now.

    A bell of the host's is in a picture by its number, of those that are to be heard: so many a second at most.
    """

    def __init__(self, grid: Callable[[], CellGrid], echoes: Echoes) -> None:
        self._grid = grid
        self._echoes = echoes
        self._loop = asyncio.get_running_loop()
        self._draws: list[Draw] = []
        self._waits: set[Draw] = set()
        self._undrawn = False
        self._owed = False
        self._last: GridPicture | None = None
        self._last_s = 0.0
        self._drawing: asyncio.Handle | None = None
        self._bells_of_host = 0
        self._bells = 0
        self._next_bell_s = 0.0

    def subscribe(self, draw: Draw, *, waits: bool) -> Callable[[], None]:
        """Have the screen drawn; see :meth:`launcher.terminal.terminal.Terminal.subscribe`."""
        grid = self._grid()
        owed = frozenset(grid.dirty) if self._draws else frozenset()  # to the others
        self._draws.append(draw)
        if waits:
            self._waits.add(draw)
            self._undrawn = True
        draw(self._picture(whole=True))
        if owed:
            grid.dirty |= owed
            self.changed()

        def end() -> None:
            if draw in self._draws:
                self._draws.remove(draw)
            if draw in self._waits:
                self._waits.remove(draw)
                self.drawn()  # nobody says so any more

        return end

    def drawn(self) -> None:
        """Say that the last picture has been drawn: what has changed meanwhile is the next one."""
        self._undrawn = False
        if self._owed:
            self._owed = False
            self.changed()

    def changed(self) -> None:
        """Have a picture taken in time, once the last one has been drawn."""
        if not self._draws:
            return
        if self._undrawn:
            self._owed = True
        elif self._drawing is None:
            due_s = self._last_s + 1 / PICTURES_A_SECOND
            now_s = self._loop.time()
            self._drawing = (
                self._loop.call_soon(self._draw) if due_s <= now_s else self._loop.call_at(due_s, self._draw)
            )

    def _picture(self, *, whole: bool = False) -> GridPicture:
        grid = self._grid()
        picture = self._echoes.out_of(grid.picture(whole=whole), grid)
        return replace(picture, bell=self._heard(picture.bell))

    def _heard(self, bells: int) -> int:
        """Return how many bells were to be heard so far; those that follow one at once are part of it."""
        if bells > self._bells_of_host and self._loop.time() >= self._next_bell_s:
            self._bells += 1
            self._next_bell_s = self._loop.time() + 1 / BELLS_A_SECOND
        self._bells_of_host = bells
        return self._bells

    def _draw(self) -> None:
        if self._drawing is not None:
            self._drawing.cancel()
            self._drawing = None
        if not self._draws:
            return
        self._last_s = self._loop.time()
        picture = self._picture()
        if not picture.changed and self._last is not None and _same(picture, self._last):
            return
        self._last = picture
        self._undrawn = bool(self._waits)
        for draw in tuple(self._draws):
            draw(picture)


def _same(one: GridPicture, other: GridPicture) -> bool:
    """Say whether two pictures are the same but for the rows that have changed."""
    return replace(one, changed=(), whole=False) == replace(other, changed=(), whole=False)
