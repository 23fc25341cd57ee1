"""A terminal with a life: one engine on one line, in one asyncio loop, until the line ends or it is closed.

What the host sends is fed in slices, and between two of them everything else has its turn: a host that sends without
end cannot keep a key, a recipe or the closing waiting. To connect again is to make a new terminal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Final, Generic, TypeVar, cast

from launcher.secret import Secret
from launcher.terminal.echo import Echoes
from launcher.terminal.engine import Engine, Engine3270, Typed, VtEngine
from launcher.terminal.errors import HostClosedLineError, TerminalLineError
from launcher.terminal.grid import CellGrid
from launcher.terminal.keys import AID_KEYS, Key
from launcher.terminal.line import Line, LineFacts
from launcher.terminal.lines.encoding import lacking_at
from launcher.terminal.mouse import MouseAct
from launcher.terminal.pictures import Draw, Pictures
from launcher.terminal.session_log import ScreenLog
from launcher.terminal.vt.rules import pasted

EngineT = TypeVar("EngineT", bound=Engine)
FoundT = TypeVar("FoundT")

_SLICE_S: Final = 0.004
_SMALLEST_SLICE, _LARGEST_SLICE = 256, 64 * 1024
_SETTLED_S: Final = 0.3
_UNSETTLED_S: Final = 2.0
_CLOSING_S: Final = 3.0
_FEEDS_A_LOOK: Final = 2.0
"""So much longer than a look took is what the host sends fed before who waits for something looks again."""

_log = logging.getLogger(__name__)


class Terminal(Generic[EngineT]):
    """One engine on one open line; made and used in a running loop, by one thread."""

    def __init__(self, engine: EngineT, line: Line, *, session_log: ScreenLog | None = None) -> None:
        self.engine = engine
        self.lost: TerminalLineError | None = None
        """Why the line has ended; None while it stands."""
        self.pieces_fed = 0
        """Grows with each piece that the host sends."""
        self._line = line
        self._session_log = self._to_be_kept = session_log
        self._loop = asyncio.get_running_loop()
        self._secrets: dict[Secret, None] = {}
        self._echoes = Echoes()
        self._slice = 4096
        self._size: tuple[int, int] | None = None
        self._to_send = asyncio.Event()
        self._waiting: set[asyncio.Future[None]] = set()
        self._look_again_s = 0.0
        self._looking: asyncio.TimerHandle | None = None
        self._ended: asyncio.Future[TerminalLineError] = self._loop.create_future()
        self._pictures = Pictures(lambda: self.grid, self._echoes)
        self._settling: asyncio.TimerHandle | None = None
        self._unsettled_s: float | None = None
        self._closing: asyncio.Task[bool] | None = None
        self._reader = self._loop.create_task(self._read())
        self._writer = self._loop.create_task(self._write())

    @property
    def grid(self) -> CellGrid:
        """What is on the screen now."""
        return self.engine.grid

    @property
    def facts(self) -> LineFacts:
        """What is known of the line."""
        return self._line.facts

    def press(self, key: Key) -> bool:
        """Press a key; False where it cannot be pressed now."""
        if key.name in AID_KEYS:
            if self._session_log is not None and self.engine.family == "3270":
                for unseen in cast("Engine3270", self.engine).typed_unseen():
                    self.hide(unseen)  # the host may show it on its next screen
            self._record()
        return self._did(self.engine.press(key))

    def type(self, text: str) -> Typed:
        """Type a text at the cursor."""
        return self._did(self.engine.type(text))

    def type_secret(self, secret: Secret) -> Typed:
        """Type a secret at the cursor; if the host shows it there, no picture does, and the session's log nowhere."""
        self.hide(secret)
        self._echoes.typed(self.grid, secret)
        return self._did(self.engine.type(secret.reveal()))

    def paste(self, text: str) -> Typed:
        """Paste a text; nothing of one with a character that the host lacks."""
        if self.engine.family == "vt" and self.lost is None:
            clean = pasted(text, bracketed=False)
            if lacks := clean[lacking_at(clean, self.facts.encoding) :][:1]:  # it would be sent a question mark
                return Typed(0, "not-in-code-page", lacks)
        return self._did(self.engine.paste(text))

    def point(self, row: int, column: int) -> bool:
        """3270: put the cursor where a person points; False where it cannot be moved now."""
        return self._did(cast("Engine3270", self.engine).place_cursor(row, column))

    def mouse(self, act: MouseAct) -> bool:
        """VT: tell the program what the mouse has done; False where it has not asked for that."""
        return self._did(cast("VtEngine", self.engine).mouse(act))

    def fill(self, start: int, value: Secret, *, secret: bool = True) -> None:
        """Put a value into a 3270 field; a secret one is not in the session's log. Raises FieldRefusedError."""
        if secret:
            self.hide(value)
        cast("Engine3270", self.engine).fill(start, value)
        self._did(None)

    def resize(self, rows: int, columns: int) -> None:
        """Take another size, and tell the host."""
        self.engine.resize(rows, columns)
        self._size = (self.grid.rows, self.grid.columns)
        self._did(None)

    def hide(self, secret: Secret) -> None:
        """Keep a secret out of the session's log, should the host show it."""
        self._secrets[secret] = None

    def subscribe(self, draw: Draw, *, waits: bool = False) -> Callable[[], None]:
        """Have the screen drawn, now as a whole and then what changes; call what is returned to end it.

        ``waits``: after each picture no other is taken before :meth:`drawn` says that this one has been drawn, so that
        a host that floods is fed as fast as it sends and drawn as fast as the display can.
        """
        return self._pictures.subscribe(draw, waits=waits)

    def drawn(self) -> None:
        """Say that the last picture has been drawn: what has changed meanwhile is the next one."""
        self._pictures.drawn()

    async def wait_for(self, found: Callable[[CellGrid], FoundT | None], within_s: float) -> FoundT:
        """Wait until something is found on the screen, looked for at once and after each change.

        Raises :class:`TimeoutError`, and :class:`TerminalLineError` if the line ends before.
        """
        async with asyncio.timeout(within_s):
            while True:
                began_s = self._loop.time()
                result = found(self.grid)
                looked_s = self._loop.time()
                self._look_again_s = max(self._look_again_s, looked_s + _FEEDS_A_LOOK * (looked_s - began_s))
                if result is not None and result is not False:
                    return result
                if self.lost is not None:
                    # Raised itself, it would keep the frames of all who waited, with what they hold.
                    raise copy(self.lost)
                change = self._loop.create_future()
                self._waiting.add(change)
                try:
                    await change
                finally:
                    self._waiting.discard(change)

    async def ended(self) -> TerminalLineError:
        """Wait for the end of the line, and return why it ended."""
        return await asyncio.shield(self._ended)

    async def close(self) -> bool:
        """End the line, and return whether the host has confirmed that, as SSH can and nothing else.

        Elsewhere whoever is signed on stays so at the host, unless a sign-off ran before.
        """
        self._end(TerminalLineError("The terminal was closed here."))
        tasks = {self._reader, self._writer} - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        confirmed, _ = await asyncio.gather(self._close_line(), self._keep_log())
        return confirmed

    async def _keep_log(self) -> None:
        """Wait until the log is complete, for as long as a line's end may take."""
        if self._to_be_kept is None:
            return
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self._to_be_kept.kept()
        except TimeoutError:
            _log.warning("a session log was not written to its end in time")

    async def _read(self) -> None:
        reason: TerminalLineError = HostClosedLineError("The host has closed the line.")
        try:
            while data := await self._line.read():
                await self._feed(data)
        except Exception as fault:  # whatever a host's bytes lead to must end in a tab that says so
            reason = _reason(fault)
        await self._last_look()
        self._end(reason)
        self._writer.cancel()
        await self._close_line()

    async def _feed(self, data: bytes) -> None:
        self.pieces_fed += 1
        at = 0
        while at < len(data):
            piece = data[at : at + self._slice]
            began_s = self._loop.time()
            taken = self.engine.feed(piece)
            took_s = self._loop.time() - began_s
            if took_s > _SLICE_S:
                self._slice = max(_SMALLEST_SLICE, self._slice // 2)
            elif took_s < _SLICE_S / 4:
                self._slice = min(_LARGEST_SLICE, self._slice * 2)
            at += taken
            # Who waits for something on the screen looks once for each piece that came, not for each slice of it.
            self._changed(waiters=at == len(data))
            self._to_send.set()
            await asyncio.sleep(0)

    async def _write(self) -> None:
        try:
            while True:
                await self._to_send.wait()
                self._to_send.clear()
                if self._size is not None:
                    size, self._size = self._size, None
                    await self._line.resize(*size)
                if data := self.engine.to_send():
                    await self._line.write(data)
        except Exception as fault:
            # What the host has said before it closed is read first: it may be why.
            await asyncio.wait({self._reader}, timeout=_CLOSING_S)
            await self._last_look()
            self._end(_reason(fault))
            self._reader.cancel()
            await self._close_line()

    async def _last_look(self) -> None:
        """Have those look whose look was put off: what came last, before the line ends, may be what they wait for."""
        if self._looking is not None:
            self._wake()
            await asyncio.sleep(0)

    async def _close_line(self) -> bool:
        # Once, whoever asks for it: who waits for it and is cancelled must not cut it short for the others.
        if self._closing is None:
            self._closing = self._loop.create_task(self._end_line())
        return await asyncio.shield(self._closing)

    async def _end_line(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSING_S):
                return await self._line.close()
        return False

    def _did(self, result: FoundT) -> FoundT:
        self._to_send.set()
        self._changed()
        return result

    def _end(self, reason: TerminalLineError) -> None:
        if self.lost is not None:
            return
        self.lost = reason
        self.engine.lost()
        self._changed()
        self._record()
        if self._session_log is not None:
            self._session_log.close()
            self._session_log = None
        if self._settling is not None:
            self._settling.cancel()
        self._ended.set_result(reason)

    def _changed(self, *, waiters: bool = True) -> None:
        """Tell all who wait for a change, have it drawn in time, and written down once it stays."""
        if waiters and self._waiting:
            self._let_look()
        self._pictures.changed()
        if self._session_log is not None:
            self._settle()

    def above(self, first: int, rows: int) -> CellGrid:
        """VT: return rows that have scrolled off the top as a grid of their own; 0 is the oldest one kept."""
        return self._echoes.taken_out_of(cast("VtEngine", self.engine).above(first, rows))

    def _let_look(self) -> None:
        """Wake who waits for a change: at once, or so much later that looking leaves most of the time to what comes."""
        if self._look_again_s > self._loop.time() and self.lost is None:
            if self._looking is None:
                self._looking = self._loop.call_at(self._look_again_s, self._wake)
        else:
            self._wake()

    def _wake(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        for change in self._waiting:
            if not change.done():
                change.set_result(None)

    def _settle(self) -> None:
        """Write the screen down when it has stayed as it is for a moment, or has not stayed for long."""
        now_s = self._loop.time()
        if self._unsettled_s is None:
            self._unsettled_s = now_s + _UNSETTLED_S
        if self._settling is not None:
            self._settling.cancel()
        self._settling = self._loop.call_at(min(now_s + _SETTLED_S, self._unsettled_s), self._record)

    def _record(self) -> None:
        self._unsettled_s = None
        if self._session_log is not None:
            self._session_log.record(self.grid, self._secrets)


def _reason(fault: Exception) -> TerminalLineError:
    """Return what a person is told of a line's end; the unforeseen is logged by its kind, as its words may be data."""
    if isinstance(fault, TerminalLineError):
        return fault
    _log.error("a terminal's line or engine has failed: %s", type(fault).__name__)
    return TerminalLineError("The line to the host has failed on this computer.")
