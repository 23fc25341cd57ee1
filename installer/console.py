"""What the set-up says while it works: one line a step, progress within it, and everything about a failure."""

import contextlib
import io
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from installer.paths import LOGS, shown

_PLAIN_INTERVAL_S = 10.0
_TTY_INTERVAL_S = 0.2
_TAIL_LINES = 25
_LINE_WIDTH = 100
_PATIENCE_S = 10.0


class SetUpError(Exception):
    """A step of the set-up could not be done; its text is written for the person at the terminal."""

    def __init__(self, message: str, hint: str = "", *, log: Path | None = None, tail: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.log = log
        self.tail = tuple(tail)

    def report(self) -> str:
        """The whole account: what is wrong, the last lines of the failed command, where the rest is, what to do."""
        lines = [f"Not done: {self.message}"]
        if self.tail:
            lines += ["  its last lines:", *(f"  | {line}" for line in self.tail)]
        if self.log is not None:
            lines.append(f"  everything it said: {shown(self.log)}")
        if self.hint:
            lines.append(f"  what to do: {self.hint}")
        return "\n".join(lines)


class Step:
    """One step under way: says at most one line of progress a moment, and how it ended."""

    def __init__(self, stream: TextIO, label: str) -> None:
        self._stream = stream
        self._label = label
        self._started_s = time.monotonic()
        self._said_s = self._started_s
        self._tty = stream.isatty()
        self._note = ""
        self._outcome = "done"
        self._open_line = False

    @property
    def elapsed_s(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self._started_s

    def progress(self, text: str) -> None:
        """Says how far the step is, seldom enough to be read where every line stays on the screen."""
        now_s = time.monotonic()
        if now_s - self._said_s < (_TTY_INTERVAL_S if self._tty else _PLAIN_INTERVAL_S):
            return
        self._said_s = now_s
        line = f"      {text}, {self.elapsed_s:.0f} s"
        if self._tty:
            self._stream.write("\r" + line[:_LINE_WIDTH].ljust(_LINE_WIDTH))
            self._open_line = True
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def result(self, note: str, outcome: str = "done") -> None:
        """Sets what the closing line says was done, and with which outcome."""
        self._note = note
        self._outcome = outcome

    def close(self, outcome: str = "") -> None:
        """Writes the closing line."""
        self.clear()
        outcome = outcome or self._outcome
        note = f": {self._note}" if self._note else ""
        self._stream.write(f"{self._label}: {outcome}{note} ({self.elapsed_s:.1f} s)\n")
        self._stream.flush()

    def clear(self) -> None:
        """Takes a line of progress off the screen of a terminal that can do so."""
        if self._open_line:
            self._stream.write("\r" + " " * _LINE_WIDTH + "\r")
            self._open_line = False


class Held(io.StringIO):
    """What is said while somebody else speaks: kept until that one has ended, and from then on said at once."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream
        self._let_go = False
        self._lock = threading.Lock()

    def isatty(self) -> bool:
        """Whether it is a terminal on which all is said in the end."""
        return self._stream.isatty()

    def write(self, text: str) -> int:
        """Keeps the text, or says it."""
        with self._lock:
            return self._stream.write(text) if self._let_go else super().write(text)

    def flush(self) -> None:
        """Sees to it that all is read that was said."""
        if self._let_go:
            self._stream.flush()

    def let_go(self) -> None:
        """Says what was kept; nothing more is."""
        with self._lock:
            self._stream.write(self.getvalue())
            self._stream.flush()
            self._let_go = True


class Console:
    """The person's terminal; numbers the steps of one run."""

    def __init__(self, steps: int, stream: TextIO | None = None, *, begun: int = 0) -> None:
        self._stream = stream if stream is not None else sys.stdout
        self._steps = steps
        self._step = begun

    def meanwhile(self, begun: int) -> tuple["Console", Held]:
        """A console for the steps after so many, which go on beside those; what it says is held until it is let go."""
        held = Held(self._stream)
        return Console(self._steps, held, begun=begun), held

    def say(self, text: str) -> None:
        """Writes a line, or several."""
        self._stream.write(text + "\n")
        self._stream.flush()

    @contextlib.contextmanager
    def step(self, title: str, doing: str = "") -> Iterator[Step]:
        """Opens a step with a line and closes it with another, whatever happens inside."""
        self._step += 1
        label = f"[{self._step}/{self._steps}] {title}"
        if doing:
            self.say(f"{label}: {doing} …")
        step = Step(self._stream, label)
        try:
            yield step
        except KeyboardInterrupt:
            step.close("interrupted")
            raise
        except BaseException:
            step.close("failed")
            raise
        step.close()


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and all that it said."""

    status: int
    lines: tuple[str, ...]
    log: Path

    def failed(self, message: str, hint: str = "") -> SetUpError:
        """The error that tells this command's failure in full."""
        return SetUpError(f"{message} (status {self.status})", hint, log=self.log, tail=self.lines[-_TAIL_LINES:])


def run(
    argv: Sequence[str],
    log_name: str,
    *,
    on_line: Callable[[str], None] | None = None,
    on_tick: Callable[[], None] | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Ran:
    """Runs a command without a keyboard, keeps all it says in a log, and gives every line and second to the caller."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{log_name}.log"
    lines: list[str] = []
    with log.open("w", encoding="utf-8") as kept:
        kept.write("$ " + " ".join(argv) + "\n")
        try:
            process = subprocess.Popen(
                list(argv),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=dict(env) if env is not None else None,
                cwd=cwd,
            )
        except OSError as error:
            kept.write(f"{error}\n")
            return Ran(127, (str(error),), log)
        try:
            for line in _lines(process):
                if line is None:
                    if on_tick is not None:
                        on_tick()
                    continue
                lines.append(line)
                kept.write(line + "\n")
                kept.flush()
                if on_line is not None:
                    on_line(line)
            status = process.wait()
        finally:
            _end(process)
    return Ran(status, tuple(lines), log)


def _lines(process: subprocess.Popen[str]) -> Iterator[str | None]:
    """The command's lines as they come, and `None` for each second without one."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        if process.stdout is not None:
            with process.stdout as said:
                for line in said:
                    waiting.put(line.rstrip())
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    while True:
        try:
            line = waiting.get(timeout=1.0)
        except queue.Empty:
            yield None
            continue
        if line is None:
            return
        yield line


def _end(process: subprocess.Popen[str]) -> None:
    """Ends a command that is still running, politely first: pip, apt and npm must be able to tidy up."""
    polite = signal.SIGTERM if os.name == "nt" else signal.SIGINT
    for ask in (polite, signal.SIGTERM):
        if process.poll() is not None:
            return
        process.send_signal(ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_PATIENCE_S)
    process.kill()
    process.wait()
