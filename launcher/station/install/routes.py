"""The ways out of the kiosk, how each is closed, and how that is seen: for the installation, doctor and the help page.

What a page tries in the browser is closed by the launcher itself, installed or not; a test tries each with a real page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from launcher.station.install.choices import DISPLAY_SERVICE, ETC, SERVICE, UNITS, WINDOWS_SERVICE
from launcher.station.install.plan import NOTHING

State = Literal["closed", "open", "cannot tell here"]

_X = "/etc/X11/xorg.conf.d/90-station-launcher.conf"
_OPENBOX = f"{ETC}/openbox.xml"
_DISPLAY = f"{UNITS}/{DISPLAY_SERVICE}"
_LOGIND = "/etc/systemd/logind.conf.d/90-station-launcher.conf"


@dataclass(frozen=True, slots=True)
class Says:
    """A file holds a line."""

    path: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Lacks:
    """A file, where it is there, holds no such thing; where it is not, its program is not set up."""

    path: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Masked:
    """A unit of systemd's cannot be started."""

    unit: str


@dataclass(frozen=True, slots=True)
class Kernel:
    """The running kernel says so."""

    path: str
    value: str


@dataclass(frozen=True, slots=True)
class Itself:
    """The launcher itself closes it, wherever it runs; ``test`` is what tries it."""

    test: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """No program can see it from here."""


Check = Says | Lacks | Masked | Kernel | Itself | ByHand


@dataclass(frozen=True, slots=True)
class Route:
    """A way out of the kiosk: its name, how it is closed, and what shows that it is (all of the checks).

    ``of_the_display``: who chose to have the display made by something else (``--display none``) closes it there.
    """

    name: str
    how: str
    checks: tuple[Check, ...]
    next_step: str = "station-launcher station install, as root, closes it; then restart the computer."
    of_the_display: bool = False


_TESTS = "tests/shell/surfaces/test_escape_routes.py"


def _page(name: str, how: str, test: str) -> Route:
    return Route(name, how, (Itself(f"{_TESTS}::{test}"),))


ROUTES: Final = (
    Route(
        "VT switch (Ctrl-Alt-F1 to F12)",
        "The X server does not switch (DontVTSwitch), has no keys for it (srvrkeys:none), and no console asks for a "
        "logon: gettys are masked, NAutoVTs=0.",
        (
            Says(_X, r'"DontVTSwitch"\s+"true"'),
            Says(_X, r"srvrkeys:none"),
            Masked("getty@.service"),
            Masked("autovt@.service"),
            Says(_LOGIND, r"^NAutoVTs=0"),
            Says(_LOGIND, r"^ReserveVT=0"),
        ),
        of_the_display=True,
    ),
    Route(
        "Ctrl-Alt-Backspace (ends the X server)",
        "DontZap, and the keyboard map's own option for it is replaced.",
        (Says(_X, r'"DontZap"\s+"true"'), Says(_X, r"srvrkeys:none")),
        of_the_display=True,
    ),
    Route(
        "Magic SysRq (Alt-Print)",
        "kernel.sysrq=0.",
        (Says("/etc/sysctl.d/90-station-launcher.conf", r"^kernel\.sysrq = 0"), Kernel("/proc/sys/kernel/sysrq", "0")),
    ),
    Route(
        "Ctrl-Alt-Del (restarts the computer)",
        "Its target is masked, and pressing it seven times does nothing either.",
        (
            Masked("ctrl-alt-del.target"),
            Says("/etc/systemd/system.conf.d/90-station-launcher.conf", r"^CtrlAltDelBurstAction=none"),
        ),
    ),
    Route(
        "Alt-Tab, Alt-F4 and other keys of a window manager",
        "openbox runs with a file that binds no key, or there is no window manager.",
        (Says(_DISPLAY, r"."), Lacks(_OPENBOX, r"<keybind")),
        of_the_display=True,
    ),
    Route(
        "Menus of a window manager, frames to drag or close",
        "openbox runs with a file without menus, without a click on the desktop, and draws no frames.",
        (Says(_DISPLAY, r"."), Lacks(_OPENBOX, r'ShowMenu|context name="(Root|Desktop|Titlebar|Frame)"')),
        of_the_display=True,
    ),
    Route(
        "Another desktop or display manager",
        "display-manager.service is the station's own display.",
        (Says(f"{UNITS}/display-manager.service", r"Station Launcher"),),
        of_the_display=True,
    ),
    Route(
        "The display over the network, or by another account",
        "The X server listens on no network and asks for a cookie that is new at each start.",
        (Says(_DISPLAY, r"^ExecStart=.*-nolisten tcp"), Says(_DISPLAY, r"^ExecStart=.*-auth ")),
        of_the_display=True,
    ),
    Route(
        "A root shell on a virtual terminal (systemd.debug_shell)",
        "debug-shell.service is masked.",
        (Masked("debug-shell.service"),),
        of_the_display=True,
    ),
    Route(
        "Boot menu, firmware, another disk or stick to boot from",
        "Not by this program: a password in GRUB and in the firmware, and booting from the disk only.",
        (ByHand(),),
        "Set a password in GRUB and in the firmware, and boot from the disk only; check it at the computer.",
    ),
    _page(
        "File dialogs (choosing a file to send)",
        "A page is given files of the session's own folder, and of those that the policy names, from a list that the "
        "launcher draws; where there are none, the question is refused before a dialog is there.",
        "test_a_page_gets_no_file_dialog",
    ),
    _page(
        "Save-as dialogs and downloads",
        "A download comes into the session's own folder, which ends with it, as far as the policy gives it room; it "
        "is saved in folders that the policy names alone. There is no dialog.",
        "test_nothing_saves_a_page",
    ),
    _page(
        "Print dialogs",
        "A page that prints itself gets no answer. What the officer prints, a page or a terminal's screen, goes to one "
        "of the printers that are set up, named in its tab: no dialog, and no file.",
        "test_nothing_prints_a_page",
    ),
    _page(
        "file:, view-source:, chrome:, devtools: and other addresses of the machine",
        "There is no field for an address; a page leads to its system's own addresses only.",
        "test_no_address_leads_into_the_machine",
    ),
    _page(
        "javascript: and data: as a page's address",
        "A page is not left for a script or for a page made of its own address.",
        "test_a_script_or_data_address_makes_no_page",
    ),
    _page(
        "Developer tools (F12, Ctrl-Shift-I)",
        "There are none: no window for them, no port, no key.",
        "test_no_key_opens_tools_source_or_a_dialog",
    ),
    _page(
        "A page's menu (view source, save, inspect, open in)",
        "The menu is the launcher's own: cut, copy, paste, back, load again.",
        "test_a_page_s_menu_offers_no_way_out",
    ),
    _page(
        "Dragging a file onto a page",
        "Pages take no drops.",
        "test_a_page_takes_no_file_that_is_dropped",
    ),
    _page(
        "Other programs by an address (mailto:, tel:, a force's own scheme)",
        "Addresses of other programs are opened by nobody.",
        "test_no_address_starts_another_program",
    ),
)


def state_of(route: Route, root: Path = Path("/")) -> State:
    """Return whether a way out is closed on the system below ``root``: open when any of its checks says so."""
    if route.of_the_display and _display_is_anothers(root):
        return "cannot tell here"
    states = [_seen(check, root) for check in route.checks]
    if "open" in states:
        return "open"
    return "cannot tell here" if "cannot tell here" in states else "closed"


def _display_is_anothers(root: Path) -> bool:
    return _read(root, f"{UNITS}/{SERVICE}") is not None and _read(root, _DISPLAY) is None


def _seen(check: Check, root: Path) -> State:
    match check:
        case Says(path, pattern):
            text = _read(root, path)
            return "closed" if text is not None and re.search(pattern, text, re.MULTILINE) else "open"
        case Lacks(path, pattern):
            text = _read(root, path)
            if text is None:
                return "open" if _read(root, f"{UNITS}/{WINDOWS_SERVICE}") is not None else "closed"
            return "open" if re.search(pattern, text) else "closed"
        case Masked(unit):
            link = root / f"{UNITS}/{unit}".lstrip("/")
            return "closed" if link.is_symlink() and str(link.readlink()) == NOTHING else "open"
        case Kernel(path, value):
            text = _read(root, path)
            if text is None:
                return "cannot tell here"
            return "closed" if text.strip() == value else "open"
        case Itself():
            return "closed"
        case ByHand():
            return "cannot tell here"


def _read(root: Path, path: str) -> str | None:
    file = root / path.lstrip("/")
    try:
        if file.is_symlink():  # an absolute link leads to where it would on the system below root
            file = root / str(file.readlink()).lstrip("/")
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
