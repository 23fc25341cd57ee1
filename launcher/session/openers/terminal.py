"""One open terminal of a session: signed on by its screens, drawn, and signed off before its line is closed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from launcher.connectors.plan import LaunchPlan, TerminalTarget
from launcher.errors import LauncherError
from launcher.identity.proof import Stopwatch
from launcher.recipes.screens import Screen
from launcher.secret import Secret
from launcher.session.openers.drawing import Drawing
from launcher.sign_on.outcome import SignOnOutcome
from launcher.sign_on.run import Values
from launcher.sign_on.screen_run import change_password_on_screens, sign_off_screens, sign_on_screens
from launcher.sign_on.screen_sight import Sight, sight_of
from launcher.sign_on.stage_run import PasswordChanged
from launcher.sign_on.terminal_driver import TerminalDriver
from launcher.sign_on.trace import Trace
from launcher.terminal.engine import Engine, Engine3270, Family, Typed, VtEngine
from launcher.terminal.errors import HostClosedLineError, TerminalLineError
from launcher.terminal.feed import Places
from launcher.terminal.grid import CellGrid, GridPicture
from launcher.terminal.keys import Key
from launcher.terminal.mouse import MouseAct
from launcher.terminal.terminal import Terminal

_log = logging.getLogger(__name__)


class HostTerminal:
    """A terminal from its call to the end of its line; implements :class:`launcher.terminal.feed.TerminalFeed`.

    ``changed`` is called when something has changed that a tab says beside its picture. While a recipe runs, while the
    officer is locked out and while it signs off, the officer's keys go nowhere.
    """

    def __init__(self, plan: LaunchPlan, target: TerminalTarget, terminal: Terminal[Engine]) -> None:
        self._plan = plan
        self._target = target
        self._terminal = terminal
        self._driver = TerminalDriver(terminal, encoding=target.encoding or "utf-8")
        self._drawing = Drawing(terminal, self._note_unsent)
        self._running = 0
        self._began = False  # signing on has, and has ended
        self._size: tuple[int, int] | None = None
        self._proved_off: bool | None = None
        self._ending: asyncio.Future[bool] | None = None
        self._user_name = ""
        self._trace: Trace | None = None
        self._over = False
        self._waited_for = asyncio.Event()
        self._was_unsent = False
        self.changed: Callable[[], None] = lambda: None
        self.acts = 0
        """The officer's own keys and texts so far."""
        self.typed = False
        """The officer has typed a text, which may have been a password."""
        self._may_be_signed_on = plan.sign_on in {"password", "key", "ticket"}

    # --- what is known of it

    @property
    def family(self) -> Family:
        """Whether it is a 3270 or a VT."""
        return self._terminal.engine.family

    @property
    def host(self) -> str:
        """The host's name or address."""
        return self._target.host

    @property
    def lost(self) -> TerminalLineError | None:
        """Why its line has ended; None while it stands."""
        return self._terminal.lost

    @property
    def ending(self) -> bool:
        """Whether it is being ended here, or has been."""
        return self._proved_off is not None

    @property
    def may_be_signed_on(self) -> bool:
        """Whether the host may hold somebody for signed on; no more once it was signed off, or said that it was not."""
        return self._may_be_signed_on and not self._over

    @may_be_signed_on.setter
    def may_be_signed_on(self, whether: bool) -> None:
        if whether != self._may_be_signed_on:
            self._may_be_signed_on = whether
            self.changed()

    @property
    def ends_with_its_line(self) -> bool:
        """Whether being signed on is having the line, as its entry says, or a shell over SSH where it says nothing."""
        off = self._target.sign_off
        return off.line_end if off is not None else self._target.line == "ssh"

    @property
    def sign_off_s(self) -> float:
        """How long its sign-off may take; 0: there is none to run."""
        off = self._target.sign_off
        return off.within_s if off is not None and self.may_be_signed_on else 0.0

    @property
    def unsent(self) -> bool:
        """Whether a 3270 screen holds what the officer typed and has not sent. A VT's host has each key at once."""
        engine = self._terminal.engine
        if self._running or not self.typed:
            return False  # what is typed is the recipe's
        return engine.family == "3270" and self.lost is None and cast("Engine3270", engine).unsent

    @property
    def line_name(self) -> str:
        """What the host calls the line, where that is known."""
        facts, lu_name = self._terminal.facts, self._terminal.grid.status.lu_name
        return facts.line or (f"LU {lu_name}" if lu_name else "")

    @property
    def where(self) -> str:
        """Say the system, its host and what the host calls the line, where that is known."""
        facts, line = self._terminal.facts, self.line_name
        return f"{self._plan.name} ({facts.host}:{facts.port}{f', {line}' if line else ''})"

    @property
    def signs_off(self) -> bool:
        """Whether its end begins with a sign-off, which the host may take its time for."""
        return self.may_be_signed_on and self._target.sign_off is not None and self.lost is None

    async def ended(self) -> TerminalLineError:
        """Wait for the end of the line, and return why it ended."""
        return await self._terminal.ended()

    # --- what the screens do with it (TerminalFeed)

    def subscribe(self, draw: Callable[[GridPicture], None], *, waits: bool = False) -> Callable[[], None]:
        """Have it drawn; nothing is while the officer is locked out, and the first picture after is whole."""
        return self._drawing.subscribe(draw, waits=waits)

    def drawn(self) -> None:
        """Say that the last picture has been drawn."""
        self._terminal.drawn()

    def press(self, key: Key) -> None:
        """Press a key of the officer's."""
        if self._takes_keys():
            self._terminal.press(key)
            self._acted()

    def type(self, text: str) -> Typed:
        """Type a text of the officer's; what went in."""
        return self._put(self._terminal.type, text)

    def paste(self, text: str) -> Typed:
        """Paste a text of the officer's; what went in."""
        return self._put(self._terminal.paste, text)

    def _put(self, put: Callable[[str], Typed], text: str) -> Typed:
        if not self._takes_keys():
            return Typed(0)
        self.typed = True
        typed = put(text)
        self._acted()
        return typed

    def point(self, row: int, column: int) -> None:
        """3270: put the cursor into this cell."""
        if self._takes_keys() and self.family == "3270":
            self._terminal.point(row, column)

    def mouse(self, act: MouseAct) -> None:
        """VT: tell the program what the officer does with the mouse; that it is only moved is no act of theirs."""
        reaches = not self._keeps_out if act.kind == "move" else self._takes_keys()
        if reaches and self.family == "vt":
            self._terminal.mouse(act)
            if act.kind == "press":
                self._acted()

    def resize(self, rows: int, columns: int) -> None:
        """VT: take another size; while a recipe runs, and before the first has, a screen is of its entry's size."""
        self._size = rows, columns
        self._fit()

    def _fit(self) -> None:
        if self._running or not self._began or self._size is None:
            return
        size, self._size = self._size, None
        if self.lost is None and self.family == "vt":
            self._terminal.resize(*size)

    def above(self, first: int, rows: int) -> CellGrid | None:
        """VT: return rows that have scrolled off the top."""
        return self._terminal.above(first, rows) if self._vt is not None and not self._drawing.held else None

    def find(self, text: str) -> Places:
        """VT: return every place with the text."""
        return self._vt.find(text) if self._vt is not None and not self._drawing.held else ()

    @property
    def _vt(self) -> VtEngine | None:
        return cast("VtEngine", self._terminal.engine) if self.family == "vt" else None

    def _takes_keys(self) -> bool:
        if self._drawing.held or self.ending or self.lost is not None:
            return False
        self.acts += 1
        return not self._running

    @property
    def _keeps_out(self) -> bool:
        """Whether the officer's hands reach nothing now."""
        return self._drawing.held or self.ending or self.lost is not None or bool(self._running)

    def _acted(self) -> None:
        self.may_be_signed_on = True
        self._note_unsent()

    def _note_unsent(self) -> None:
        if self.unsent != self._was_unsent:
            self._was_unsent = not self._was_unsent
            self.changed()

    # --- locking

    def hold(self) -> None:
        """Draw nothing and take no keys before :meth:`let_go`; the line stays."""
        self._drawing.hold()

    def let_go(self) -> None:
        """Draw it again, as a whole first, and take keys."""
        self._drawing.let_go()

    # --- its recipes

    async def sign_on(
        self,
        values: Values,
        watch: Stopwatch | None = None,
        trace: Trace | None = None,
        *,
        anywhere: bool = False,
        screens: Sequence[Screen] | None = None,
    ) -> SignOnOutcome:
        """Sign on by the screens of the entry, or by some of them; without any, nothing is known.

        A ``trace`` is given the steps of the sign-off, too. Raises what a driver does.
        """
        target = self._target
        self._began = True
        self._user_name = values.user_name
        self._trace = trace or self._trace
        was_on = self._may_be_signed_on
        if not target.screens:
            self._fit()
            return SignOnOutcome("unknown", last_seen=self._driver.last_seen())
        try:
            with self._recipe():
                outcome = await sign_on_screens(
                    self._driver,
                    target.screens if screens is None else screens,
                    self._noting(values),
                    within_s=self._plan.within_s,
                    begins=target.begins,
                    anywhere=anywhere,
                    watch=watch,
                    trace=trace,
                )
        except LauncherError:
            if not self._driver.gave_secret:
                self.may_be_signed_on = was_on  # it was said before the fill, which came to nothing
            raise
        if outcome.outcome in {"ready", "already-signed-on", "change-password", "notice"}:
            self.may_be_signed_on = True
        elif outcome.outcome == "failed" and not target.sign_off:
            self.may_be_signed_on = self._plan.sign_on in {"password", "key", "ticket"}
        return outcome

    async def change_password(self, values: Values, keep: Callable[[], Awaitable[None]]) -> PasswordChanged:
        """Give the host a new password, once ``keep`` has returned. Raises what it or a driver does."""
        change = self._target.change
        assert change is not None  # noqa: S101 - who asks has looked
        with self._recipe():
            return await change_password_on_screens(
                self._driver, change.screens, values, within_s=change.within_s, keep=keep
            )

    async def seen(self, screens: Sequence[Screen], within_s: float) -> Screen | None:
        """Wait for the first of the screens, and return it; None at the deadline. Raises :class:`TerminalLineError`."""
        found = await self._driver.first_of(screens, within_s)
        return screens[found.index] if found is not None else None

    async def comes_to(self, holds: Callable[[Callable[[], Sight]], bool]) -> None:
        """Wait until it holds of what is shown, looked for at each change. Raises :class:`TerminalLineError`."""
        with contextlib.suppress(TimeoutError):
            await self._terminal.wait_for(lambda grid: holds(lambda: sight_of(grid)), math.inf)

    @property
    def last_seen(self) -> str:
        """Say what is in front now."""
        return self._driver.last_seen()

    @contextlib.contextmanager
    def _recipe(self) -> Iterator[None]:
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1
            self._fit()

    def _noting(self, values: Values) -> Values:
        def giving(_: Secret) -> None:
            self.may_be_signed_on = True

        return replace(values, giving=giving)

    # --- its end

    async def end(self, within_s: float) -> bool:
        """Sign off within the time, then close the line; return whether nobody is left signed on at the host.

        It is done once: who asks meanwhile waits for the same, within a time of their own, and who waits no longer (a
        tab was being closed when its session ends) does not cut it short.
        """
        if self._ending is None:
            self._proved_off = False
            self.hold()
            self._ending = asyncio.ensure_future(self._end(within_s))
        await asyncio.wait({self._ending}, timeout=within_s)
        if not self._ending.done():
            self.skip_sign_off()
        return await asyncio.shield(self._ending)

    async def _end(self, within_s: float) -> bool:
        proved = False
        try:
            proved = await self._signed_off_unless_skipped(within_s)
        finally:
            confirmed = await self._terminal.close()
        self._proved_off = proved or (confirmed and self._target.sign_off is None and self.ends_with_its_line)
        self._over = True  # nobody may be signed on any more, or whoever ends it says so
        return self._proved_off

    def skip_sign_off(self) -> None:
        """Wait for the sign-off no longer: it is not proved then."""
        self._waited_for.set()

    async def _signed_off_unless_skipped(self, within_s: float) -> bool:
        signing = asyncio.ensure_future(self._signed_off(within_s))
        skipped = asyncio.ensure_future(self._waited_for.wait())
        try:
            await asyncio.wait({signing, skipped}, return_when=asyncio.FIRST_COMPLETED)
            return signing.done() and signing.result()
        finally:
            signing.cancel()
            skipped.cancel()
            await asyncio.wait({signing, skipped})

    async def _signed_off(self, within_s: float) -> bool:
        if not self._may_be_signed_on:
            return True
        off = self._target.sign_off
        if off is None or within_s <= 0:
            return False
        if self.lost is not None and not isinstance(self.lost, HostClosedLineError):
            return False
        values, within_s = Values(self._user_name), min(off.within_s, within_s)
        done = await sign_off_screens(
            self._driver, off.screens, values, within_s=within_s, line_end=off.line_end, trace=self._trace
        )
        if not done.proved:
            # Why not may be in the host's own words, which may be of people.
            _log.warning("a terminal was not signed off: %s", self._plan.system)
        return done.proved
