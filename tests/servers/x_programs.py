"""Real X clients: a window manager, windows of one colour, and eyes that read the whole screen as a camera would."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from Xlib import X
from Xlib.display import Display
from Xlib.error import XError
from Xlib.protocol import event as xevent

from tests.servers.process import ServerProcess, programs_missing, server_folder
from tests.servers.xvfb import Screen

IN_VAIN_S = 30.0


def openbox_missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("openbox", "openbox")


def xterm_missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("xterm", "xterm")


def xdotool_missing() -> str | None:
    """What is not installed, if anything."""
    return programs_missing("xdotool", "xdotool")


WINDOW = """
import sys
from Xlib import X
from Xlib.display import Display
display = Display()
screen = display.screen()
x, y, width, height, colour, popup = (int(value, 0) for value in sys.argv[1:7])
window = screen.root.create_window(
    x, y, width, height, 0, screen.root_depth, background_pixel=colour, override_redirect=popup,
    event_mask=X.StructureNotifyMask | X.KeyPressMask | X.ExposureMask,
)
window.set_wm_name(f"window {colour:06x}")
window.set_wm_normal_hints(flags=1 | 2, x=x, y=y)  # its place is its user's wish
if len(sys.argv) > 7:
    window.change_property(display.intern_atom("_NET_WM_PID"), 6, 32, [int(sys.argv[7])])
window.map()
said = False
while True:
    event = display.next_event()
    if event.type == X.MapNotify and not said:
        said = True
        print("mapped", window.id, flush=True)
    elif event.type == X.KeyPress:
        print("key", event.detail, flush=True)
"""
"""Maps one window: x y width height colour popup [the process id it claims]; says its number and the keys it gets."""


@dataclass
class Program:
    """A started program and what it says, line by line."""

    process: subprocess.Popen[bytes]
    _said: bytes = b""

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self) -> str:
        """The next line it says; fails where none comes."""
        while b"\n" not in self._said:
            assert self._hear(IN_VAIN_S), "it says nothing"
        line, _, self._said = self._said.partition(b"\n")
        return line.decode()

    def said(self) -> list[str]:
        """All lines it has said and nobody has read."""
        while self._hear(0.0):
            pass
        *lines, self._said = self._said.split(b"\n")
        return [line.decode() for line in lines]

    def _hear(self, within_s: float) -> bool:
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], within_s)[0]:
            return False
        heard = os.read(self.process.stdout.fileno(), 65536)
        self._said += heard
        return bool(heard)

    def end(self) -> None:
        """Kill it and what is of its session."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def start(screen: Screen, *argv: str, env: Mapping[str, str] | None = None) -> Program:
    """Start a program on the screen, in a session of its own."""
    process = subprocess.Popen(
        argv,
        env={"PATH": os.environ["PATH"], "HOME": str(screen.authority.parent), **screen.environment, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
    )
    return Program(process)


def python(screen: Screen, code: str, *argv: str) -> Program:
    """Start a Python program on the screen."""
    return start(screen, sys.executable, "-c", code, *argv)


def window(
    screen: Screen, colour: int, place: tuple[int, int, int, int], *, popup: bool = False, claims: int | None = None
) -> tuple[Program, int]:
    """Start a program with one window; return it and the window's number once it is mapped."""
    claim = () if claims is None else (str(claims),)
    program = python(screen, WINDOW, *map(str, place), str(colour), str(int(popup)), *claim)
    said, number = program.line().split()
    assert said == "mapped"
    return program, int(number)


@contextlib.contextmanager
def running_openbox(screen: Screen) -> Iterator[int]:
    """A window manager with Debian's own settings, once it manages; gives its process id."""
    with server_folder("openbox") as folder, Eyes(screen) as eyes:
        manager = ServerProcess("openbox", ["openbox"], folder=folder, ready=eyes.managed, env=dict(screen.environment))
        try:
            manager.start()
            yield manager.pid
        finally:
            manager.stop()


def type_keys(screen: Screen, *keys: str) -> None:
    """Press and let go real keys, as the server sees them from a keyboard."""
    subprocess.run(
        ["xdotool", "key", "--clearmodifiers", *keys],
        env={"PATH": os.environ["PATH"], **screen.environment},
        check=True,
        timeout=20,
    )


class Eyes:
    """A client of its own that looks at the screen: it trusts nobody's word about what can be seen."""

    def __init__(self, screen: Screen) -> None:
        # The cookie is found through the environment; this process has none of its own.
        before, os.environ["XAUTHORITY"] = os.environ.get("XAUTHORITY"), str(screen.authority)
        try:
            self.display = Display(screen.display)
        finally:
            if before is None:
                del os.environ["XAUTHORITY"]
            else:
                os.environ["XAUTHORITY"] = before
        self.root = self.display.screen().root

    def __enter__(self) -> Eyes:
        return self

    def __exit__(self, *_: object) -> None:
        self.display.close()

    def managed(self) -> bool:
        """Whether a window manager is at work."""
        return bool(self.root.get_full_property(self.display.intern_atom("_NET_SUPPORTING_WM_CHECK"), 0))

    def box(self, colour: int) -> tuple[int, int, int, int] | None:
        """Where a colour is seen: left, top, right, bottom and None where it is nowhere."""
        size = self.root.get_geometry()
        image = self.root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF).data
        wanted = colour.to_bytes(3, "little")
        xs: list[int] = []
        ys: list[int] = []
        at = image.find(wanted)
        while at >= 0:
            if at % 4 == 0:
                y, x = divmod(at // 4, size.width)
                ys.append(y)
                line = image[y * size.width * 4 : (y + 1) * size.width * 4]
                last = line.rfind(wanted)
                while last % 4:
                    last = line.rfind(wanted, 0, last + 2)
                xs += [x, last // 4]
                at = image.find(wanted, (y + 1) * size.width * 4)
            else:
                at = image.find(wanted, at + 1)
        return (min(xs), min(ys), max(xs) + 1, max(ys) + 1) if xs else None

    def sees(self, colour: int) -> bool:
        """Whether any pixel of the screen has the colour."""
        return self.box(colour) is not None

    def shown(self) -> list[int]:
        """The windows directly below the root that can be seen, the lowest first."""
        return [int(child.id) for child in self.root.query_tree().children if self.viewable(child.id)]

    def may_take_the_pointer(self) -> bool:
        """Whether no other program holds the pointer for itself."""
        taken = self.root.grab_pointer(False, 0, X.GrabModeAsync, X.GrabModeAsync, X.NONE, X.NONE, X.CurrentTime)
        self.display.ungrab_pointer(X.CurrentTime)
        self.display.sync()
        return bool(taken == X.GrabSuccess)

    def viewable(self, number: int) -> bool:
        """Whether the server says that a window can be seen."""
        try:
            return bool(self.window(number).get_attributes().map_state == X.IsViewable)
        except XError:
            return False

    def frame(self, number: int) -> int:
        """The window directly below the root that a window is in: its manager's frame, or itself."""
        while (above := int(self.window(number).query_tree().parent.id)) != self.root.id:
            number = above
        return number

    def window(self, number: int) -> object:
        """A window by its number."""
        return self.display.create_resource_object("window", number)

    def ask_manager(self, number: int, kind: str, first: int) -> None:
        """Send the window manager a message about a window."""
        message = xevent.ClientMessage(
            window=self.window(number), client_type=self.display.intern_atom(kind), data=(32, [first, 0, 0, 0, 0])
        )
        self.root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.sync()

    def focus(self) -> int:
        """The window that has the keys."""
        return int(getattr(self.display.get_input_focus().focus, "id", 0))

    def until(self, holds: Callable[[], object]) -> None:
        """Look until something holds."""
        end = time.monotonic() + IN_VAIN_S
        while not holds():
            assert time.monotonic() < end, "it never came"
            select.select([self.display.fileno()], [], [], 0.01)
            self.display.pending_events()
