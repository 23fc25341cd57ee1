"""A desktop and a kernel of Windows on paper: they hold the state that user32 and kernel32 hold, by the same rules."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from launcher.win32.ports import (
    SWP_HIDEWINDOW,
    SWP_NOACTIVATE,
    SWP_NOZORDER,
    SWP_SHOWWINDOW,
    WM_HOTKEY,
    WM_NULL,
    WM_QUIT,
    WS_EX_TOPMOST,
)

WRAP = 1 << 32
OWN = os.getpid()


@dataclass
class PaperWindow:
    """A window: whose it is, and what is left to do by a program that stands still."""

    pid: int
    visible: bool = True
    style: int = 0
    extended: int = 0
    waiting: list[bool] = field(default_factory=list)


class PaperDesktop:
    """A :class:`launcher.win32.ports.User32`: windows lie upon each other in the order of a list, the topmost first."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.of: dict[int, PaperWindow] = {}
        self.order: list[int] = []
        self.readable = True
        self.still: set[int] = set()  # programs that do nothing that is asked of them
        self.forbidden: set[int] = set()  # programs of higher rights
        self.keys_at = 0
        self.clipboard = 0
        self.clipboard_is_open = False
        self.keys_taken: dict[tuple[int, int], tuple[int, int]] = {}  # key and modifiers: thread and number
        self.queues: dict[int, queue.SimpleQueue[int | Callable[[], None]]] = {}
        self.hooks: dict[int, tuple[int, Callable[[int], None]]] = {}
        self.booted_s = time.monotonic()
        self.ticks_at_boot = 0
        self.input_ms: int | None = 0
        self._numbers = iter(range(100, 10_000))

    # --- what a person or a program does

    def open(self, pid: int, *, style: int = 0, extended: int = 0) -> int:
        """A program shows a new window, which lies over all but those that stay on top."""
        with self._lock:
            window = next(self._numbers)
            self.of[window] = PaperWindow(pid, style=style, extended=extended)
            self.order.insert(0 if extended & WS_EX_TOPMOST else self._first_plain(), window)
            self._tell(window)
            return window

    def end(self, window: int) -> None:
        with self._lock:
            del self.of[window]
            self.order.remove(window)

    def goes_on(self, pid: int) -> None:
        """A program that stood still does what was asked of it meanwhile."""
        with self._lock:
            self.still.discard(pid)
            for window, one in self.of.items():
                for visible in one.waiting if one.pid == pid else ():
                    self._set_visible(window, visible)

    def touch(self) -> None:
        self.input_ms = self.tick_ms()

    def tick_ms(self) -> int:
        return (self.ticks_at_boot + int((time.monotonic() - self.booted_s) * 1000)) % WRAP

    def press(self, key: int, modifiers: int) -> bool:
        """Somebody presses a key: whoever has it is told; False where it goes to the window in front."""
        with self._lock:
            for (taken, with_), (thread, _) in self.keys_taken.items():
                if taken == key and with_ & 0x000F == modifiers:
                    self.queues[thread].put(WM_HOTKEY)
                    return True
            return False

    def seen(self) -> list[int]:
        return [window for window in self.order if self.of[window].visible]

    # --- User32

    def last_input_ms(self) -> int | None:
        return self.input_ms

    def windows(self) -> tuple[int, ...] | None:
        with self._lock:
            return tuple(self.order) if self.readable else None

    def process_of(self, window: int) -> int:
        return self.of[window].pid if window in self.of else 0

    def is_visible(self, window: int) -> bool:
        return window in self.of and self.of[window].visible

    def styles(self, window: int) -> tuple[int, int]:
        return (self.of[window].style, self.of[window].extended) if window in self.of else (0, 0)

    def place(self, window: int, after: int, flags: int) -> bool:
        with self._lock:
            one = self.of.get(window)
            if one is None or one.pid in self.forbidden:
                return False
            if not flags & SWP_NOZORDER:
                self.order.remove(window)
                self.order.insert(self.order.index(after) + 1 if after else self._first_plain(), window)
            if not flags & SWP_NOACTIVATE:
                self.keys_at = window
            for flag, visible in ((SWP_HIDEWINDOW, False), (SWP_SHOWWINDOW, True)):
                if flags & flag and one.pid in self.still:
                    one.waiting.append(visible)
                elif flags & flag:
                    self._set_visible(window, visible)
            return True

    def foreground(self) -> int:
        return self.keys_at

    def bring_to_foreground(self, window: int) -> bool:
        with self._lock:
            if window not in self.of:
                return False
            self.order.remove(window)
            self.order.insert(self._first_plain(), window)
            self.keys_at = window
            return True

    def clipboard_owner(self) -> int:
        return self.clipboard

    def empty_clipboard(self) -> bool:
        if self.clipboard_is_open:
            return False
        self.clipboard = 0
        return True

    def begin_messages(self) -> int:
        with self._lock:
            thread = threading.get_ident()
            self.queues[thread] = queue.SimpleQueue()
            return thread

    def next_message(self, within_ms: int | None) -> int:
        mine = self.queues[threading.get_ident()]
        while True:
            try:
                message = mine.get(timeout=None if within_ms is None else within_ms / 1000)
            except queue.Empty:
                return WM_NULL
            if isinstance(message, int):
                return message
            message()

    def quit(self, thread: int) -> None:
        self.queues[thread].put(WM_QUIT)

    def register_key(self, number: int, modifiers: int, key: int) -> bool:
        with self._lock:
            if (key, modifiers) in self.keys_taken:
                return False
            self.keys_taken[key, modifiers] = threading.get_ident(), number
            return True

    def unregister_key(self, number: int) -> None:
        with self._lock:
            mine = threading.get_ident(), number
            self.keys_taken = {key: held for key, held in self.keys_taken.items() if held != mine}

    def watch_windows(self, shown: Callable[[int], None]) -> int:
        with self._lock:
            hook = next(self._numbers)
            self.hooks[hook] = threading.get_ident(), shown
            return hook

    def unwatch_windows(self, hook: int) -> None:
        with self._lock:
            self.hooks.pop(hook, None)

    def _first_plain(self) -> int:
        on_top = [self.of[window].extended & WS_EX_TOPMOST for window in self.order if window in self.of]
        return on_top.index(0) if 0 in on_top else len(on_top)

    def _set_visible(self, window: int, visible: bool) -> None:
        came, self.of[window].visible = visible and not self.of[window].visible, visible
        if not visible and self.keys_at == window:
            self.keys_at = next(iter(self.seen()), 0)  # Windows gives the keys to the next one
        if came:
            self._tell(window)

    def _tell(self, window: int) -> None:
        if self.of[window].pid != OWN:
            for thread, shown in self.hooks.values():
                self.queues[thread].put(lambda shown=shown: shown(window))  # type: ignore[misc]


class PaperProcess:
    """A process that was started: it ends when it is told to."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.job = 0
        self.runs = False
        self.immortal = False
        self.status: int | None = None
        self._ended = threading.Event()

    def end(self, status: int) -> None:
        if self.status is None and not self.immortal:
            self.status = status
            self._ended.set()

    def wait(self) -> int:
        self._ended.wait(30)
        assert self.status is not None
        return self.status

    def kill(self) -> None:
        self.end(1)


class PaperKernel:
    """A :class:`launcher.win32.ports.Kernel32`: what a process in a job starts is in that job."""

    def __init__(self) -> None:
        self.processes: dict[int, PaperProcess] = {}
        self.jobs: dict[str, int] = {}
        self.handles: dict[int, int] = {}  # handle: job
        self.fault_boxes = True
        self.fails_at = ""
        self.passed: list[tuple[int, ...]] = []
        self.ticks: Callable[[], int] = lambda: 0
        self._numbers = iter(range(1000, 10_000))

    def child(self, parent: PaperProcess) -> PaperProcess:
        """What a process starts by itself."""
        assert parent.runs
        made = self._process()
        made.job, made.runs = parent.job, True
        return made

    def die(self) -> None:
        """The process that holds the handles ends."""
        for handle in tuple(self.handles):
            self.close(handle)

    def tick_ms(self) -> int:
        return self.ticks()

    def no_fault_boxes(self) -> None:
        self.fault_boxes = False

    def start(self, argv: Sequence[str], env: Mapping[str, str], handles: Sequence[int]) -> PaperProcess:
        if argv[0] == "nowhere":
            raise FileNotFoundError(argv[0])
        self.passed.append(tuple(handles))
        return self._process()

    def resume(self, pid: int) -> None:
        self._may_fail("resume")
        self.processes[pid].runs = True

    def create_job(self, name: str) -> int:
        self._may_fail("create_job")
        if name in self.jobs:
            raise FileExistsError(name)
        self.jobs[name] = next(self._numbers)
        return self._handle(self.jobs[name])

    def open_job(self, name: str) -> int:
        return self._handle(self.jobs[name]) if name in self.jobs else 0

    def assign(self, job: int, pid: int) -> None:
        self._may_fail("assign")
        self.processes[pid].job = self.handles[job]

    def pids(self, job: int) -> tuple[int, ...]:
        return tuple(one.pid for one in self._in(self.handles[job]))

    def terminate(self, job: int, status: int) -> None:
        for one in self._in(self.handles[job]):
            one.end(status)

    def close(self, handle: int) -> None:
        job = self.handles.pop(handle)
        if job not in self.handles.values():
            for one in self._in(job):
                one.end(1)
            self.jobs = {name: one for name, one in self.jobs.items() if one != job}

    def _handle(self, job: int) -> int:
        handle = next(self._numbers)
        self.handles[handle] = job
        return handle

    def _process(self) -> PaperProcess:
        made = PaperProcess(next(self._numbers))
        self.processes[made.pid] = made
        return made

    def _in(self, job: int) -> list[PaperProcess]:
        return [one for one in self.processes.values() if one.job == job and one.status is None]

    def _may_fail(self, what: str) -> None:
        if self.fails_at == what:
            raise OSError(what)
