"""The one place where the Qt main thread and the engine thread meet.

Four channels cross it and nothing else: commands in, one snapshot out (the newest wins), per-surface requests that
the engine awaits while the main thread carries them out, and of terminals the officer's keys in and pictures out. Of
these commands and requests alone may carry a secret of ours.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import threading
import time
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from launcher.errors import InternalFaultError, LauncherError
from launcher.session.commands import Command
from launcher.session.faults import log_fault
from launcher.session.snapshot import Snapshot
from launcher.sign_on.driver import DriverGoneError

_T = TypeVar("_T")

TICK_MS = 200
"""How often the main thread shows that it lives; well below the heartbeat's second."""

_log = logging.getLogger(__name__)


class Reply(Generic[_T]):
    """What the main thread owes the engine for one request: exactly one value or error, or nothing once abandoned.

    Made on the engine thread, used on the main thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, future: asyncio.Future[_T]) -> None:
        self._loop = loop
        self._future = future
        self._settled = False
        self._when_abandoned: list[Callable[[], None]] = []

    @property
    def settled(self) -> bool:
        """Whether it was given, failed or abandoned: nobody waits any more."""
        return self._settled

    def given_up(self) -> bool:
        """Say whether the engine stopped waiting; true even before the word of it has come over."""
        return self._future.cancelled()

    async def wait(self) -> _T:
        """Wait for the answer, in the engine's loop."""
        return await self._future

    def give(self, value: _T) -> None:
        """Answer the request; only the first answer counts."""
        if self._settle():
            self._tell(lambda: None if self._future.done() else self._future.set_result(value))

    def fail(self, error: Exception) -> None:
        """Fail the request; only the first answer counts."""
        if self._settle():
            self._tell(lambda: None if self._future.done() else self._future.set_exception(error))

    def when_abandoned(self, act: Callable[[], None]) -> None:
        """Run ``act`` on the main thread if the engine stops waiting."""
        self._when_abandoned.append(act)

    def abandon(self) -> None:
        """Note that the engine no longer waits."""
        if self._settle():
            for act in self._when_abandoned:
                act()

    def _settle(self) -> bool:
        was, self._settled = self._settled, True
        return not was

    def _tell(self, act: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(act)


class Bridge(QObject):
    """Owns the engine thread and its loop; lives on the main thread.

    On the main thread: :meth:`start`, :meth:`send`, :meth:`call`, :attr:`drawn`, :attr:`ended`, :meth:`shut`.
    In the engine's loop: :meth:`next_command`, :meth:`draw`, :meth:`ask`, :meth:`post`.
    From any thread: :meth:`screen_age_ms`.
    """

    drawn = Signal(object)
    """The newest :class:`Snapshot`, on the main thread."""

    ended = Signal(object)
    """The engine's coroutine returned: None, or the :class:`LauncherError` it ended with."""

    _newer = Signal()
    _called = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = asyncio.new_event_loop()
        self._commands: asyncio.Queue[Command] = asyncio.Queue()
        self._thread: threading.Thread | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._drawing = False
        self._pending: set[Reply[object]] = set()
        self._closed = False
        self._newer.connect(self._draw_newest, Qt.ConnectionType.QueuedConnection)
        self._called.connect(self._carry_out, Qt.ConnectionType.QueuedConnection)
        self._tick = time.monotonic()
        self._pulse = QTimer(self)
        self._pulse.setInterval(TICK_MS)
        self._pulse.timeout.connect(self._mark)
        self._pulse.start()

    # --- on the main thread

    def start(self, engine: Callable[[], Coroutine[object, object, None]]) -> None:
        """Start the engine thread with the coroutine that ``engine`` makes; once in a life."""
        if self._thread is not None:
            raise RuntimeError("the engine was started already")
        # Python's cycle collector runs on whichever thread allocates. On the engine's it would destroy widgets that are
        # part of a cycle away from the main thread, which crashes Qt: from now on it runs in `_mark` only.
        gc.disable()
        self._thread = threading.Thread(target=self._run, args=(engine,), name="engine", daemon=True)
        self._thread.start()

    def send(self, command: Command) -> None:
        """Hand a command to the engine; never blocks. After the end it goes nowhere."""
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._commands.put_nowait, command)

    def call(self, act: Callable[[], None]) -> None:
        """Run ``act`` in the engine's loop, in the order of all calls; nothing comes back. Never blocks.

        A fault of it is contained here: the loop's own report would quote what ``act`` holds, which may be typed text.
        """

        def contained() -> None:
            try:
                act()
            except Exception as fault:
                log_fault("what the screen asked for failed", fault)

        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(contained)

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest snapshot, whether drawn yet or not."""
        return self._snapshot

    def close_road(self) -> None:
        """Fail every request the engine waits for, and all later ones, with :class:`DriverGoneError`."""
        with self._lock:
            self._closed = True
            pending = tuple(self._pending)
        for reply in pending:
            reply.fail(_gone())

    def shut(self, within_s: float) -> bool:
        """End the engine: fail its requests, cancel it, wait up to ``within_s``. Return whether it has ended."""
        self.close_road()
        self._pulse.stop()
        if self._thread is None:
            self._loop.close()
            return True
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join(within_s)
        ended = not self._thread.is_alive()
        if ended:
            gc.enable()
        return ended

    @Slot()
    def _mark(self) -> None:
        self._tick = time.monotonic()
        if not gc.isenabled():
            counts, thresholds = gc.get_count(), gc.get_threshold()
            for generation in (2, 1, 0):
                if counts[generation] > thresholds[generation]:
                    gc.collect(generation)
                    break

    @Slot()
    def _draw_newest(self) -> None:
        with self._lock:
            self._drawing = False
            snapshot = self._snapshot
        if snapshot is not None:
            self.drawn.emit(snapshot)

    @Slot(object)
    def _carry_out(self, act: Callable[[], None]) -> None:
        act()

    # --- in the engine's loop

    async def next_command(self) -> Command:
        """Wait for the officer's next command."""
        return await self._commands.get()

    def draw(self, snapshot: Snapshot) -> None:
        """Show ``snapshot`` soon; of several before the next turn of the screen only the last is drawn."""
        with self._lock:
            self._snapshot = snapshot
            if self._drawing or self._closed:
                return
            self._drawing = True
        self._emit(self._newer)

    def post(self, act: Callable[[], None]) -> None:
        """Run ``act`` on the main thread, in the order of all posts and requests; nothing comes back."""
        with self._lock:
            if self._closed:
                return
        self._emit(self._called, act)

    async def ask(self, begin: Callable[[Reply[_T]], None]) -> _T:
        """Run ``begin`` on the main thread and wait until the reply it is given was answered.

        An exception out of ``begin`` is the answer. Raises :class:`DriverGoneError` once the screen has ended.
        """
        loop = asyncio.get_running_loop()
        reply: Reply[_T] = Reply(loop, loop.create_future())
        with self._lock:
            if self._closed:
                raise _gone()
            self._pending.add(reply)  # type: ignore[arg-type] # failed only, whatever its value's type

        def carry_out() -> None:
            if reply.settled or reply.given_up():
                return
            try:
                begin(reply)
            except Exception as fault:
                reply.fail(fault)

        self._emit(self._called, carry_out)
        try:
            return await reply.wait()
        except asyncio.CancelledError:
            self.post(reply.abandon)
            raise
        finally:
            with self._lock:
                self._pending.discard(reply)

    # --- from any thread

    def screen_age_ms(self) -> float:
        """Return how long ago the main thread last turned, for the heartbeat."""
        return (time.monotonic() - self._tick) * 1000.0

    # --- the thread itself

    def _run(self, engine: Callable[[], Coroutine[object, object, None]]) -> None:
        asyncio.set_event_loop(self._loop)
        failure: LauncherError | None = None
        try:
            self._task = self._loop.create_task(engine())
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except LauncherError as fault:
            failure = fault
        except Exception:
            _log.exception("the engine ended by a fault")
            failure = InternalFaultError("Something in the launcher itself went wrong.")
        finally:
            self._wind_up()
        self._emit(self.ended, failure)

    def _wind_up(self) -> None:
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _emit(self, signal: object, *values: object) -> None:
        with contextlib.suppress(RuntimeError):  # the Qt side of this object is gone
            signal.emit(*values)  # type: ignore[attr-defined] # a bound signal, which PySide6 does not type


def _gone() -> DriverGoneError:
    return DriverGoneError("The screen of this session has ended.")
