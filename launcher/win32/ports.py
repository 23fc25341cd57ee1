"""What the Windows pieces ask of user32 and kernel32; ``api`` is the only module that can answer on Windows.

Windows, hooks, jobs and threads are their numbers; 0 is none. A window that has gone meanwhile is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

WM_NULL: Final = 0x0000
WM_QUIT: Final = 0x0012
WM_HOTKEY: Final = 0x0312

MOD_WIN: Final = 0x0008
MOD_NOREPEAT: Final = 0x4000
VK_F12: Final = 0x7B

SWP_NOSIZE: Final = 0x0001
SWP_NOMOVE: Final = 0x0002
SWP_NOZORDER: Final = 0x0004
SWP_NOACTIVATE: Final = 0x0010
SWP_SHOWWINDOW: Final = 0x0040
SWP_HIDEWINDOW: Final = 0x0080
SWP_NOOWNERZORDER: Final = 0x0200
SWP_ASYNCWINDOWPOS: Final = 0x4000

WS_POPUP: Final = 0x80000000
WS_CAPTION: Final = 0x00C00000
WS_EX_TOPMOST: Final = 0x00000008
WS_EX_TOOLWINDOW: Final = 0x00000080


class User32(Protocol):
    """The desktop that this process is on: its windows, its last input, and messages to a thread."""

    def last_input_ms(self) -> int | None:
        """Return the tick count at the last input, 32 bits; None where it is not known (GetLastInputInfo)."""
        ...

    def windows(self) -> tuple[int, ...] | None:
        """Return the top-level windows, the topmost first; None where the desktop cannot be read (EnumWindows)."""
        ...

    def process_of(self, window: int) -> int:
        """Return whose window it is; 0 where it has gone (GetWindowThreadProcessId)."""
        ...

    def is_visible(self, window: int) -> bool:
        """Say whether it is to be seen, a minimised one included (IsWindowVisible)."""
        ...

    def styles(self, window: int) -> tuple[int, int]:
        """Return the style and the extended style (GetWindowLongPtr)."""
        ...

    def place(self, window: int, after: int, flags: int) -> bool:
        """Show, hide or restack a window, by ``SWP_…``; say whether that was taken (SetWindowPos)."""
        ...

    def foreground(self) -> int:
        """Return the window that has the keys (GetForegroundWindow)."""
        ...

    def bring_to_foreground(self, window: int) -> bool:
        """Give a window the keys; say whether Windows allows it (SetForegroundWindow)."""
        ...

    def clipboard_owner(self) -> int:
        """Return the window whose program filled the clipboard (GetClipboardOwner)."""
        ...

    def empty_clipboard(self) -> bool:
        """Empty it; say whether it could be opened (OpenClipboard, EmptyClipboard, CloseClipboard)."""
        ...

    def begin_messages(self) -> int:
        """Give the calling thread a queue of messages, and return the thread (PeekMessage, GetCurrentThreadId)."""
        ...

    def next_message(self, within_ms: int | None) -> int:
        """Wait for a message to the calling thread, and for what its hooks hear; WM_NULL where the time is over."""
        ...

    def quit(self, thread: int) -> None:
        """Send WM_QUIT to a thread with a queue (PostThreadMessage)."""
        ...

    def register_key(self, number: int, modifiers: int, key: int) -> bool:
        """Have WM_HOTKEY sent to the calling thread; False where the key is another's (RegisterHotKey)."""
        ...

    def unregister_key(self, number: int) -> None:
        """Let others have the key that the calling thread registered (UnregisterHotKey)."""
        ...

    def watch_windows(self, shown: Callable[[int], None]) -> int:
        """Tell, in the calling thread's ``next_message``, of each window of others that is shown (SetWinEventHook)."""
        ...

    def unwatch_windows(self, hook: int) -> None:
        """Tell no more (UnhookWinEvent)."""
        ...


class Started(Protocol):
    """A process that was started: what is needed of ``subprocess.Popen``."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    def wait(self) -> int:
        """Wait for its end, and return its exit status."""
        ...

    def kill(self) -> None:
        """End it."""
        ...


class Kernel32(Protocol):
    """The clock of inputs, and jobs: sets of processes that none can leave and that are ended together."""

    def tick_ms(self) -> int:
        """Return the milliseconds since Windows started, 32 bits (GetTickCount)."""
        ...

    def no_fault_boxes(self) -> None:
        """Let no box appear for a program that fails, here and below (SetErrorMode)."""
        ...

    def start(self, argv: Sequence[str], env: Mapping[str, str], handles: Sequence[int]) -> Started:
        """Start a program, standing still, with these handles and no other of ours. Raises ``OSError``."""
        ...

    def resume(self, pid: int) -> None:
        """Let a program begin that was started standing still (ResumeThread). Raises ``OSError``."""
        ...

    def create_job(self, name: str) -> int:
        """Make a job whose processes end with the last handle to it, or with us. Raises ``OSError``."""
        ...

    def open_job(self, name: str) -> int:
        """Return a job that was made by that name; 0 where there is none (OpenJobObject)."""
        ...

    def assign(self, job: int, pid: int) -> None:
        """Put a process into a job, with all it starts from now on (AssignProcessToJobObject). Raises ``OSError``."""
        ...

    def pids(self, job: int) -> tuple[int, ...]:
        """Return the living processes of a job (QueryInformationJobObject). Raises ``OSError``."""
        ...

    def terminate(self, job: int, status: int) -> None:
        """Have all its processes end; does not wait for that (TerminateJobObject). Raises ``OSError``."""
        ...

    def close(self, handle: int) -> None:
        """Let go of a job (CloseHandle)."""
        ...
