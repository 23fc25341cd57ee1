"""What an installation consists of, in order: pure, from what was chosen and the templates in ``resources/station``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.resources import resources
from launcher.spelling import LANGUAGE, OURS
from launcher.station.install.accounts import slot_names
from launcher.station.install.choices import (
    DISPLAY_SERVICE,
    DISPLAY_VT,
    ETC,
    LIB,
    SERVICE,
    STATE,
    UNITS,
    WINDOWS_SERVICE,
    Choices,
)
from launcher.station.slots import SLOT_GROUP

MASKED: Final = ("ctrl-alt-del.target", "getty@.service", "autovt@.service", "debug-shell.service")
"""Units that would hand the keyboard something else than the station."""

NOTHING: Final = "/dev/null"
_HEAD: Final = re.compile(r"^@(display|windows)@ (.*\n)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Group:
    """A system group."""

    name: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot account, and the further groups it is in."""

    name: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of root's; one that is there stays as it is."""

    path: str
    mode: int = 0o755


@dataclass(frozen=True, slots=True)
class File:
    """A file of root's. ``starter``: only where there is none, and from then on the person's own."""

    path: str
    text: str
    mode: int = 0o644
    starter: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    path: str
    to: str


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A dictionary of the browser engine's, made of the system's own where there is one; IT's stays as it is."""

    path: str


Step = Group | Slot | Folder | File | Link | Dictionary


def plan(choices: Choices) -> tuple[Step, ...]:
    """Return all that belongs on the computer, each thing after what it needs."""
    steps: list[Step] = [Group(SLOT_GROUP)]
    steps += [Slot(name, choices.groups) for name in slot_names(choices.slots)]
    steps += [
        Folder(ETC),
        Folder(f"{ETC}/catalogue"),
        Folder(STATE, 0o700),
        File(f"{ETC}/station.toml", _filled("station.toml", choices), starter=True),
        File("/etc/sysctl.d/90-station-launcher.conf", _filled("sysctl.conf", choices)),
        File("/etc/systemd/sleep.conf.d/90-station-launcher.conf", _filled("sleep.conf", choices)),
        File("/etc/systemd/system.conf.d/90-station-launcher.conf", _filled("system.conf", choices)),
        Dictionary(f"{OURS}/{LANGUAGE}.bdic"),
    ]
    if choices.has_display:
        steps += _display(choices)
    steps.append(File(f"{UNITS}/{SERVICE}", _filled(SERVICE, choices)))
    # Enabled last: a computer that loses its power half-way starts as it did before.
    steps += [Link(f"{UNITS}/{unit}", NOTHING) for unit in MASKED[:1]]
    if choices.has_display:
        steps += [Link(f"{UNITS}/{unit}", NOTHING) for unit in MASKED[1:]]
        steps.append(Link(f"{UNITS}/display-manager.service", f"{UNITS}/{DISPLAY_SERVICE}"))
    steps.append(Link(f"{UNITS}/multi-user.target.wants/{SERVICE}", f"{UNITS}/{SERVICE}"))
    return tuple(_with_parents(steps))


def commands(choices: Choices) -> tuple[tuple[str, ...], ...]:
    """Return what makes the running system know of it; nothing is started."""
    if not choices.live:
        return ()
    return (("systemctl", "daemon-reload"), ("systemctl", "restart", "systemd-sysctl.service"))


def templates() -> Path:
    """Return the folder of the templates."""
    return resources() / "station"


def _display(choices: Choices) -> list[Step]:
    steps: list[Step] = [
        Folder(LIB),
        File(f"{LIB}/display-cookie", _filled("display-cookie", choices), 0o755),
        File("/etc/X11/xorg.conf.d/90-station-launcher.conf", _filled("xorg.conf", choices)),
        File("/etc/systemd/logind.conf.d/90-station-launcher.conf", _filled("logind.conf", choices)),
    ]
    if choices.has_windows:
        steps += [
            File(f"{ETC}/openbox.xml", _filled("openbox.xml", choices)),
            File(f"{UNITS}/{WINDOWS_SERVICE}", _filled(WINDOWS_SERVICE, choices)),
        ]
    steps.append(File(f"{UNITS}/{DISPLAY_SERVICE}", _filled(DISPLAY_SERVICE, choices)))
    return steps


def _with_parents(steps: list[Step]) -> list[Step]:
    """Name the folders that files stand in, so that those that had to be made are removed again."""
    named: set[str] = {"/", "/etc", "/usr", "/var"}
    whole: list[Step] = []
    for step in steps:
        if isinstance(step, (Folder, File, Link, Dictionary)):
            parents = [str(one) for one in Path(step.path).parents]
            for parent in reversed(parents):
                if parent not in named:
                    named.add(parent)
                    whole.append(Folder(parent))
            if isinstance(step, Folder):
                named.add(step.path)
        whole.append(step)
    return whole


def _filled(template: str, choices: Choices) -> str:
    text = (templates() / template).read_text(encoding="utf-8")
    wanted = {"display": choices.has_display, "windows": choices.has_windows}
    text = _HEAD.sub(lambda found: found[2] if wanted[found[1]] else "", text)
    words = {
        "@PYTHON@": choices.python,
        "@DISPLAY@": choices.display,
        "@NUMBER@": choices.display.removeprefix(":"),
        "@VT@": str(DISPLAY_VT),
        "@TERMINAL@": choices.terminal,
    }
    for word, value in words.items():
        text = text.replace(word, value)
    return text
