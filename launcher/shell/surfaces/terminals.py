"""The terminals of a session on its screen: a face for each, and the feed that crosses between the two threads.

Pictures come over as fast as they are drawn, each once the last one is on the display; keys and texts go back without
anybody waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from launcher.session.snapshot import LaunchView, LeftView
from launcher.shell.bridge import Bridge, Reply
from launcher.shell.look import word
from launcher.terminal.engine import Family, Typed
from launcher.terminal.feed import Places, TerminalFeed
from launcher.terminal.grid import GridPicture, RowPicture
from launcher.terminal.keyboards import KeyboardMap
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct

if TYPE_CHECKING:
    from launcher.shell.surfaces.terminal import TerminalFace

_T = TypeVar("_T")

LINE_LOST = "terminal-line-lost"
"""The error that a face says itself, above the last screen."""


class CrossingFeed:
    """Implements the view's feed on the main thread, over a terminal's in the engine's loop.

    Made in the engine's loop; :meth:`start` and what it draws are called there, all else on the main thread.
    """

    def __init__(self, bridge: Bridge, feed: TerminalFeed) -> None:
        self._bridge = bridge
        self._feed = feed
        self._family = feed.family
        self.host = feed.host
        self._take: Callable[[GridPicture], bool] | None = None
        self._left_out: Callable[[Typed, bool], None] = lambda *_: None
        self._stop: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._picture: GridPicture | None = None
        self._coming = False
        self._painting = False  # on the main thread

    # --- in the engine's loop

    def start(self) -> None:
        """Have it drawn from now on."""
        self._stop = self._feed.subscribe(self._draw, waits=True)

    def _draw(self, picture: GridPicture) -> None:
        with self._lock:
            self._picture = picture if self._picture is None else both(self._picture, picture)
            if self._coming:
                return
            self._coming = True
        self._bridge.post(self._take_over)

    def _end(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None

    # --- on the main thread

    def show_on(
        self, take: Callable[[GridPicture], bool], left_out: Callable[[Typed, bool], None] = lambda *_: None
    ) -> None:
        """Give pictures to this from now on; it says whether a picture will be painted, and :meth:`painted` then.

        ``left_out`` is told what of a text did not go in, and whether it was pasted.
        """
        self._take, self._left_out = take, left_out

    def painted(self) -> None:
        """What came last is on the display: the next picture may be taken."""
        if self._painting:
            self._painting = False
            self._bridge.call(self._feed.drawn)

    def end(self) -> None:
        """Draw nothing more, and pass nothing on."""
        self._take = None
        self._bridge.call(self._end)

    def _take_over(self) -> None:
        with self._lock:
            picture, self._picture, self._coming = self._picture, None, False
        if picture is not None and self._take is not None:
            self._painting = True
            if not self._take(picture):
                self.painted()

    @property
    def family(self) -> Family:
        """Which keys there are, and how a text is marked."""
        return self._family

    def press(self, key: Key) -> None:
        """Press a key."""
        self._bridge.call(partial(self._feed.press, key))

    def type(self, text: str) -> None:
        """Type a text at the cursor."""
        self._put(self._feed.type, text, pasted=False)

    def paste(self, text: str) -> None:
        """Paste a text."""
        self._put(self._feed.paste, text, pasted=True)

    def _put(self, put: Callable[[str], Typed], text: str, *, pasted: bool) -> None:
        def carry_out() -> None:
            typed = put(text)
            if typed.refused:
                self._bridge.post(partial(self._tell_left_out, typed, pasted))

        self._bridge.call(carry_out)

    def _tell_left_out(self, typed: Typed, pasted: bool) -> None:
        if self._take is not None:
            self._left_out(typed, pasted)

    def point(self, row: int, column: int) -> None:
        """3270: put the cursor into this cell."""
        self._bridge.call(partial(self._feed.point, row, column))

    def mouse(self, act: MouseAct) -> None:
        """VT: tell the program what the mouse has done."""
        self._bridge.call(partial(self._feed.mouse, act))

    def resize(self, rows: int, columns: int) -> None:
        """VT: take another size."""
        self._bridge.call(partial(self._feed.resize, rows, columns))

    def above(self, first: int, rows: int, take: Callable[[tuple[RowPicture, ...]], None]) -> None:
        """VT: ask for rows above the screen."""
        from launcher.shell.surfaces.terminal.feed import rows_of

        def ask() -> None:
            grid = self._feed.above(first, rows)
            found = rows_of(grid, first) if grid is not None else ()
            self._bridge.post(lambda: self._answer(take, found))

        self._bridge.call(ask)

    def find(self, text: str, take: Callable[[Places], None]) -> None:
        """VT: ask for every place with a text."""

        def ask() -> None:
            found = self._feed.find(text)
            self._bridge.post(lambda: self._answer(take, found))

        self._bridge.call(ask)

    def _answer(self, take: Callable[[_T], None], found: _T) -> None:
        if self._take is not None:
            take(found)


def both(older: GridPicture, newer: GridPicture) -> GridPicture:
    """Return two pictures as one: the newer, and of the older the rows that it leaves as they are."""
    if newer.whole or (older.rows, older.columns) != (newer.rows, newer.columns):
        return newer
    rows = {row.row: row for row in (*older.changed, *newer.changed)}
    return replace(newer, changed=tuple(rows[row] for row in sorted(rows)), whole=older.whole)


class TerminalFaces(QObject):
    """The faces of all open terminals, by their surface's name; on the main thread. Loaded with the first."""

    connect_wanted = Signal(str)
    """A new line is wanted for this one."""

    help_wanted = Signal(str)
    """Carries an error's reference."""

    function_keys_wanted = Signal(bool)
    """Whether F1 to F12 are a host's from now on."""

    host_has_keys = Signal(str)
    """The family of the terminal that has the keys from now on; empty: none has."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: dict[str, tuple[TerminalFace, CrossingFeed]] = {}
        self._told: dict[str, LaunchView] = {}

    def __contains__(self, surface: str) -> bool:
        return surface in self._open

    async def load(self, bridge: Bridge, quiet: Callable[[], bool]) -> None:
        """Load what a view is made of, one piece in each turn of the main thread; in the engine's loop."""
        from launcher.shell.surfaces import terminal  # late: with the first

        def load(piece: str, reply: Reply[None]) -> None:
            import_module(f"{terminal.__name__}.{piece}")
            reply.give(None)

        for piece in terminal.PIECES:
            if not quiet():
                return
            await bridge.ask(partial(load, piece))

    def names(self) -> tuple[str, ...]:
        """Return the names of all."""
        return tuple(self._open)

    def widget(self, surface: str) -> QWidget | None:
        """Return a terminal's face, while it is open."""
        return self._open[surface][0] if surface in self._open else None

    def open(self, surface: str, feed: CrossingFeed, keyboard: KeyboardMap) -> None:
        """Make the face of a terminal, with its keyboard map."""
        from launcher.shell.surfaces.terminal import TerminalFace  # late: most sessions open none

        face = TerminalFace(keyboard=keyboard)
        face.connect_wanted.connect(partial(self.connect_wanted.emit, surface))
        face.help_wanted.connect(self.help_wanted)
        face.view.function_keys_wanted.connect(self.function_keys_wanted)
        face.view.function_keys_wanted.connect(lambda on: self.host_has_keys.emit(feed.family if on else ""))
        face.view.area.painted.connect(feed.painted)
        feed.show_on(face.take, face.view.tell_left_out)
        face.open(feed, feed.host)
        self._open[surface] = face, feed

    def close(self, surface: str) -> None:
        """End a face; one that is gone already is no fault."""
        found = self._open.pop(surface, None)
        self._told.pop(surface, None)
        if found is not None:
            face, feed = found
            feed.end()
            face.end()
            face.setParent(None)
            face.deleteLater()

    def tell(self, launch: LaunchView) -> None:
        """Say on the face of a launch what has become of its line and of the one before it, once each."""
        found, error = self._open.get(launch.surface), launch.error
        if found is None:
            return
        face, feed = found
        told, self._told[launch.surface] = self._told.get(launch.surface), launch
        face.view.whose = signed_on_as(launch)
        if launch.left is not None and (told is None or told.left != launch.left):
            face.left_signed_on(*left_words(launch.left))
        if error is not None and line_lost(launch) and (told is None or told.error != error):
            face.lost(feed.host, error.what, error.next_step, error.reference)
        ended = launch.needs in ("line-closed", "closed-at-change")
        if ended and (told is None or told.needs != launch.needs):
            face.closed(word(f"workspace.needs.{launch.needs}"), word(f"workspace.needs.{launch.needs}-next"))


def signed_on_as(launch: LaunchView) -> str:
    """Return whom a system has signed on: nobody as long as it asks for something first, or has refused."""
    on = launch.state in ("ready", "unknown") or launch.needs == "notice"
    return launch.signed_on_as if on else ""


def left_words(left: LeftView) -> tuple[str, str]:
    """Return what is said where the officer may still be signed on, and what to do."""
    key = "terminal.face.left_line" if left.line else "terminal.face.left"
    return word(key, host=left.host, line=left.line), word("terminal.face.left_hint")


def line_lost(launch: LaunchView) -> bool:
    """Say whether a terminal's line has ended, which is said above its last screen and not in its place."""
    return launch.state == "failed" and launch.error is not None and launch.error.reference == LINE_LOST
