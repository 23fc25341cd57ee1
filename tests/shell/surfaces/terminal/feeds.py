"""A feed over a real engine in the same thread: what is sent to the host is kept, what the host says is fed by hand."""

from __future__ import annotations

from collections.abc import Callable

from launcher.shell.surfaces.terminal.feed import Found, rows_of
from launcher.shell.surfaces.terminal.view import TerminalView
from launcher.terminal.engine import Engine, Family, VtEngine
from launcher.terminal.grid import RowPicture
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct
from launcher.terminal.tn3270.engine import Tn3270Engine
from launcher.terminal.vt.choice import vt_engine


class DirectFeed:
    """Carries out at once what the view asks, and draws after each."""

    def __init__(self, engine: Engine, view: TerminalView) -> None:
        self.engine = engine
        self.view = view
        self.sent = b""
        self.pressed: list[Key] = []
        self.typed = ""
        self.pasted: list[str] = []
        self.pointed: list[tuple[int, int]] = []
        self.sizes: list[tuple[int, int]] = []
        self.moused: list[MouseAct] = []
        view.attach(self, "host.example")
        view.take(engine.grid.picture(whole=True))

    @property
    def family(self) -> Family:
        return self.engine.family

    def say(self, data: bytes) -> None:
        """Let the host say this."""
        self.engine.feed(data)
        self._draw()

    def press(self, key: Key) -> None:
        self.pressed.append(key)
        self.engine.press(key)
        self._draw()

    def type(self, text: str) -> None:
        self.typed += text
        self.engine.type(text)
        self._draw()

    def paste(self, text: str) -> None:
        self.pasted.append(text)
        self.engine.paste(text)
        self._draw()

    def point(self, row: int, column: int) -> None:
        self.pointed.append((row, column))

    def mouse(self, act: MouseAct) -> None:
        self.moused.append(act)
        self._vt().mouse(act)
        self._draw()

    def resize(self, rows: int, columns: int) -> None:
        self.sizes.append((rows, columns))
        self.engine.resize(rows, columns)
        self._draw()

    def above(self, first: int, rows: int, take: Callable[[tuple[RowPicture, ...]], None]) -> None:
        take(rows_of(self._vt().above(first, rows), first))

    def find(self, text: str, take: Callable[[Found], None]) -> None:
        take(self._vt().find(text))

    def _vt(self) -> VtEngine:
        assert self.engine.family == "vt"
        return self.engine  # type: ignore[return-value] # the family says so

    def _draw(self) -> None:
        self.sent += self.engine.to_send()
        self.view.take(self.engine.grid.picture())


def vt_feed(view: TerminalView, rows: int = 24, columns: int = 80) -> DirectFeed:
    """Return a feed over the VT engine that there is."""
    return DirectFeed(vt_engine(rows, columns), view)


def feed_3270(view: TerminalView) -> DirectFeed:
    """Return a feed over a 3270 whose keyboard takes keys."""
    return DirectFeed(Tn3270Engine(tn3270e=False), view)
