"""The programs of a session that draw their own windows: hidden and stopped while it is locked, and brought back.

On one X display a program that runs can read what is typed for another. A stopped one reads nothing, and one that is
killed while it is stopped never does.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from launcher.display.ports import (
    ANOTHER,
    Fronts,
    NoFronts,
    NoWindows,
    Ours,
    SessionWindows,
    UnreachableWindows,
    WindowsSeen,
)
from launcher.residue.tree import ProcessRow, children, descendants, process, process_start, processes

_log = logging.getLogger("launcher.session")

ENGINE = "QtWebEngineProcess"
AGAIN_S = 1.0
"""While locked it is looked again so often for programs that were on their way when the lock came."""

STOP_WITHIN_S = 2.0
STOPPED_WITHIN_S = 0.05
"""How long one process may take to stop before the next is told; one that waits for a disk stops after it."""

LOOKS = 3
"""So often all must have stood still when they were looked at."""

TRIES = 3
"""A program that is stopped while it holds the whole display goes on for a moment, and is stopped again."""

MOST_ENDED = 2
"""No more programs are ended for the keyboard: nobody says who holds it, and work is lost with each."""


@dataclass(frozen=True, slots=True)
class OutsideSeen:
    """What hiding came to. ``left`` says why something may be seen or go on still; "" when nothing does."""

    programs: int = 0
    windows: int = 0
    left: str = ""


class OutsideStillSeenError(RuntimeError):
    """Something of a session may be seen or go on still; the station covers it. No person meets this."""


def windows_of(environment: Mapping[str, str]) -> SessionWindows:
    """Return what this session's display can do."""
    if sys.platform == "win32":
        from launcher.display.win32_windows import Win32Windows
        from launcher.win32.api import WindowsUser32

        return Win32Windows(WindowsUser32())
    if environment.get("WAYLAND_DISPLAY"):
        return UnreachableWindows("Wayland lets no program hide the windows of another")
    if display := environment.get("DISPLAY"):
        from launcher.display.windows import X11Windows  # late: loads Xlib

        return X11Windows(display)
    return NoWindows()


def fronts_of(environment: Mapping[str, str], ours: Ours) -> Fronts:
    """Return who puts windows in front on this session's display."""
    display = environment.get("DISPLAY")
    if sys.platform == "win32" or environment.get("WAYLAND_DISPLAY") or not display:
        return NoFronts()
    from launcher.display.front import X11Fronts  # late: loads Xlib

    return X11Fronts(display, ours)


class OutsidePrograms:
    """The :class:`launcher.session.ports.Outside` of a session in its own process; ``stop`` says whether they stop.

    ``spared`` are the ids of processes that are none of the session's.
    """

    def __init__(
        self, windows: SessionWindows | None = None, *, stop: bool = True, spared: frozenset[int] = frozenset()
    ) -> None:
        self._windows = windows
        self._fronts: Fronts | None = None
        self._stop = stop
        self._spared = spared
        self._stopped: dict[int, int] = {}  # pid: when it began, for numbers are used again
        self._turn = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None
        self._unsure = False  # whether somebody holds the keyboard
        self.seen = OutsideSeen()

    async def hide(self) -> None:
        """Hide every program's windows, give up their selections and stop them; again while hidden: look again.

        Raises :class:`OutsideStillSeenError` where that was done as far as it can be, and something is left.
        """
        async with self._turn:
            self.let_be()
            again = self._keeper is not None
            if self._keeper is None:
                # First: whatever comes of hiding, what was done of it is kept up, and taken back by show().
                self._keeper = asyncio.create_task(self._keep())
            self.seen = await asyncio.to_thread(partial(self._hide, again=again))
        if self.seen.left:
            raise OutsideStillSeenError(self.seen.left)

    async def show(self) -> None:
        """Bring the windows back as they were and let go on what was stopped; nothing where nothing was hidden."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        keeper.cancel()
        await asyncio.wait({keeper})
        async with self._turn:
            await asyncio.to_thread(self._show)
            self.seen = OutsideSeen()

    async def bring_forward(self, pid: int) -> None:
        """Put the windows of a program, and of what it started, in front with the keys; nothing while hidden."""
        async with self._turn:
            if self._keeper is None:
                await asyncio.to_thread(self._bring_forward, pid)

    async def come_forward(self) -> None:
        """Put the launcher's own window in front of the programs', with the keys; nothing while hidden."""
        async with self._turn:
            if self._keeper is None:
                await asyncio.to_thread(self._bring, lambda pid: pid == os.getpid())
                self.let_be()

    def let_be(self) -> None:
        """Put no more windows in front: the officer has turned to something else."""
        if self._fronts is not None:
            self._fronts.let_be()

    def close(self) -> None:
        """Let go of the display."""
        if self._fronts is not None:
            self._fronts.close()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(AGAIN_S)
            async with self._turn:
                look = asyncio.create_task(asyncio.to_thread(self._look_again))
                try:
                    # A thread goes on though nobody waits for it: show() comes after it, or what it stops stays so.
                    await asyncio.wait({look})
                except asyncio.CancelledError:
                    await asyncio.wait({look})
                    raise
                finally:
                    fault = look.exception() if look.done() else None
                    if fault is not None:
                        _log.error("outside-fault", exc_info=fault)  # the next look is made all the same

    # --- in a worker thread, one at a time

    def _hide(self, *, again: bool = False) -> OutsideSeen:
        left = ""
        for _ in range(TRIES):
            # Hidden first: a window that is not on the screen holds no pointer and no keys when its program stops.
            before = self._hide_windows()
            if self._stop:
                left = self._stop_all()
            seen = self._hide_windows()
            if seen.answered or not before.answered:
                break
            self._continue()
        # Once: later it may be the screen over this session that holds them, for a menu of its own.
        left = left or seen.left or ("" if again and not self._unsure else self._free_input())
        return OutsideSeen(len(self._programs()), seen.hidden, left)

    def _free_input(self) -> str:
        """End who holds the keyboard for itself, or nobody could unlock; return why not, or "".

        Where it is not known whether somebody does, the next look asks again.
        """
        tried: set[int] = set()
        while self._windows is not None:
            holders = self._windows.holders()
            self._unsure = holders is None
            if not holders:
                break
            pid = next((pid for pid in holders if pid != ANOTHER and pid not in tried), None)
            if pid is None or len(tried) == MOST_ENDED:
                return "a program holds the keyboard"
            tried.add(pid)
            _log.warning("a program that held the keyboard at a lock is ended")
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            # The kernel and the display take their time: the next one would be ended for nothing meanwhile.
            until = time.monotonic() + STOP_WITHIN_S
            while self._windows.holders() and time.monotonic() < until:
                pass
        return ""

    def _hide_windows(self) -> WindowsSeen:
        """Hide the windows; a fault in that is said, and keeps no program from being stopped."""
        try:
            self._windows = self._windows or windows_of(os.environ)
            return self._windows.hide(self._is_ours)
        except Exception as fault:
            _log.exception("outside-fault")
            return WindowsSeen(left=f"the display came to a fault: {type(fault).__name__}")

    def _show(self) -> None:
        try:
            if self._windows is not None:
                self._windows.show(menus=self._stop)
        finally:
            self._unsure = False
            self._continue()

    def _bring_forward(self, pid: int) -> None:
        start = process_start(pid)
        self._bring(lambda one: _is_of(one, pid) and process_start(pid) == start)

    def _bring(self, wanted: Ours) -> None:
        self._fronts = self._fronts or fronts_of(os.environ, self._is_ours)
        self._fronts.bring_forward(wanted)

    def _look_again(self) -> None:
        if self._stop and any(not row.stopped for row in self._programs()):
            self.seen = self._hide(again=True)
        elif self._unsure:
            self.seen = replace(self.seen, left=self.seen.left or self._free_input())

    def _stop_all(self) -> str:
        """Stop them, parents first, until no new one appears; return why some go on, or ""."""
        until = time.monotonic() + STOP_WITHIN_S
        ended: set[int] = set()
        quiet = 0
        while quiet < LOOKS:
            moved = self._stop_below(os.getpid(), ended)
            quiet = quiet + 1 if not moved else 0
            if moved and time.monotonic() > until:
                return "not stopped: " + ", ".join(sorted({row.name for row in self._programs() if not row.stopped}))
        return ""

    def _stop_below(self, pid: int, ended: set[int]) -> bool:
        """Stop what goes on below a process; say whether there was any, or one has ended since the last look.

        One that ends may have passed itself on to a child that is nowhere yet.
        """
        moved = False
        for child in children(pid):
            row = process(child)
            if row is None or row.zombie:
                moved = moved or child not in ended
                ended.add(child)
                continue
            if child in self._spared or _is_engine(row):
                continue
            if not row.stopped:
                moved = True
                # A shell must stand still before what it started does: else it takes that for its user's Ctrl+Z.
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(child, signal.SIGSTOP)
                    self._stopped[child] = row.start
                    _wait_until_still(child)
            moved = self._stop_below(child, ended) or moved
        return moved

    def _continue(self) -> None:
        """Let go on what was stopped here, children first, so that no parent sees a stopped child."""
        rows = processes()
        order = [row.pid for row in descendants(os.getpid(), rows)]
        for pid in sorted(self._stopped, key=lambda pid: order.index(pid) if pid in order else -1, reverse=True):
            if process_start(pid) == self._stopped[pid]:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGCONT)
        self._stopped.clear()

    def _programs(self) -> tuple[ProcessRow, ...]:
        """Return the living processes below this one that are not the browser engine's, parents first."""
        below = descendants(os.getpid())
        return tuple(row for row in below if not (row.zombie or row.pid in self._spared or _is_engine(row)))

    def is_of_session(self, pid: int) -> bool:
        """Say whether a process is this one or a program of the session; may be asked from any thread."""
        return pid == os.getpid() or self._is_ours(pid)

    def _is_ours(self, pid: int) -> bool:
        row = process(pid)
        if row is None:
            # Whoever goes on with the connection of one that has ended is nobody known: hidden rather than shown.
            return not _is_anothers(pid)
        return pid != os.getpid() and not _is_engine(row) and pid not in self._spared and _is_below(row)


def _is_engine(row: ProcessRow) -> bool:
    """Say whether a process is the browser engine's own: they stay in this process's session, programs cannot.

    Their files cannot be read where they have shut themselves into a sandbox.
    """
    if row.session != os.getsid(0):
        return False
    try:
        return Path(f"/proc/{row.pid}/exe").readlink().name == ENGINE
    except OSError:
        return ENGINE.startswith(row.name) and bool(row.name)


def _is_anothers(pid: int) -> bool:
    """Say whether a process lives that is another account's; /proc may hide those (hidepid)."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _is_of(pid: int, program: int) -> bool:
    """Say whether a process is a program's own: itself, what it started, or what has stayed in its session."""
    row = process(pid)
    rows = 0
    while row is not None and row.parent > 0 and rows < 1000:
        if program in (row.pid, row.session):
            return True
        row, rows = process(row.parent), rows + 1
    return False


def _is_below(row: ProcessRow) -> bool:
    rows = 0
    above: ProcessRow | None = row
    while above is not None and above.parent > 0 and rows < 1000:
        if above.parent == os.getpid():
            return True
        above, rows = process(above.parent), rows + 1
    return False


def _wait_until_still(pid: int) -> None:
    until = time.monotonic() + STOPPED_WITHIN_S
    while (row := process(pid)) is not None and not (row.stopped or row.zombie) and time.monotonic() < until:
        time.sleep(0.0002)
