"""Who draws a terminal of a session, and that nobody does while its officer is locked out."""

from __future__ import annotations

from collections.abc import Callable

from launcher.terminal.engine import Engine
from launcher.terminal.grid import GridPicture
from launcher.terminal.pictures import Draw
from launcher.terminal.terminal import Terminal


class Drawing:
    """Those who draw one terminal; ``before`` is called before each picture."""

    def __init__(self, terminal: Terminal[Engine], before: Callable[[], None]) -> None:
        self._terminal = terminal
        self._before = before
        self._draws: dict[Draw, Callable[[], None] | None] = {}
        self._waits: set[Draw] = set()
        self.held = False
        """Nothing is drawn now."""

    def subscribe(self, draw: Draw, *, waits: bool) -> Callable[[], None]:
        """Have it drawn, once nothing holds it; call what is returned to end it."""

        def drawn(picture: GridPicture) -> None:
            self._before()
            draw(picture)

        if waits:
            self._waits.add(drawn)
        self._draws[drawn] = None if self.held else self._terminal.subscribe(drawn, waits=waits)

        def end() -> None:
            self._waits.discard(drawn)
            if (stop := self._draws.pop(drawn, None)) is not None:
                stop()

        return end

    def hold(self) -> None:
        """Draw nothing before :meth:`let_go`."""
        self.held = True
        for draw, stop in self._draws.items():
            if stop is not None:
                stop()
                self._draws[draw] = None

    def let_go(self) -> None:
        """Draw it again, as a whole first."""
        self.held = False
        for draw, stop in tuple(self._draws.items()):
            if stop is None:
                self._draws[draw] = self._terminal.subscribe(draw, waits=draw in self._waits)
