"""Carries an installation out, or its removal: all of it, or nothing, or exactly what is left is said."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import launcher
from launcher.station.install.accounts import DEVICE_GROUPS, AccountFiles, found, unfit, useradd_words
from launcher.station.install.choices import DISPLAY_SERVICE, RECORD, SERVICE, WINDOWS_SERVICE, Choices
from launcher.station.install.dictionary import MAKER, WORDS
from launcher.station.install.errors import InstallFailedError, InstallRefusedError
from launcher.station.install.placing import KEPT, NOT_MADE, Placing, said
from launcher.station.install.plan import Dictionary, File, Folder, Group, Link, Slot, Step, commands, plan
from launcher.station.install.record import Record
from launcher.station.install.unfit import unfit_places

Say = Callable[[str], None]
_SYSTEMD_RUNS: Final = Path("/run/systemd/system")
_DISPLAY_NEEDS: Final = (
    ("usr/lib/xorg/Xorg", "xserver-xorg-core"),
    # The server comes up without it, and there is neither keyboard nor mouse.
    ("usr/lib/xorg/modules/input/libinput_drv.so", "xserver-xorg-input-libinput"),
    ("usr/bin/xauth", "xauth"),
)
_WINDOWS_NEED: Final = ("usr/bin/openbox", "openbox")
_RUN_S: Final = 120.0
_UNIT_LETTERS: Final = " \t%$\"'\\"
"""What means something else in a service's file."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many things were changed, and what was left as it is, one a line."""

    changed: int
    left: tuple[str, ...] = ()


def install(choices: Choices, say: Say) -> Done:
    """Make this computer a station; nothing is started.

    What is as it should be is left alone, so a second run changes nothing. Raises :class:`InstallRefusedError` where
    nothing was changed, :class:`InstallFailedError` where a step failed and the others were taken back.
    """
    accounts = AccountFiles(choices.root)
    steps = plan(choices)
    refuse_unfit(choices, accounts)
    record = Record(choices.root)
    placing = Placing(choices.root, accounts, record)
    kept, changed = [], 0
    what = ""
    try:
        for step in steps:
            what = name_of(step)
            done = placing.place(step)
            if done.startswith((KEPT, NOT_MADE)):
                kept.append(f"{what}: {done}")
            elif done:
                changed += 1
                say(f"{what}: {done}")
    except (OSError, subprocess.SubprocessError) as fault:
        left = _taken_back(placing)
        record.forget()
        raise InstallFailedError(f"{what}: {said(fault)}.", detail="\n".join(left)) from fault
    except BaseException:
        _taken_back(placing)
        record.forget()
        raise
    # What an earlier run with other choices put here and this one does not want.
    wanted = {name_of(step) for step in steps}
    for item in record.to_take_away:
        if item.what not in wanted:
            left_of_it = placing.take_away(item)
            kept += [left_of_it] if left_of_it else []
            changed += 1
            say(f"{item.what}: {left_of_it or 'taken away'}")
    if changed:
        kept += _run(commands(choices), say)
    return Done(changed, tuple(kept))


def remove(choices: Choices, say: Say) -> Done:
    """Take away what was installed, last thing first, and put back what was there before.

    Raises :class:`InstallRefusedError`.
    """
    refuse_ordinary()
    record = Record(choices.root)
    if not record.items:
        return Done(0)
    if choices.live:
        _run((("systemctl", "stop", SERVICE, WINDOWS_SERVICE, DISPLAY_SERVICE),), say, quiet=True)
    placing = Placing(choices.root, AccountFiles(choices.root), record)
    left, changed = [], 0
    for item in record.to_take_away:
        remains = placing.take_away(item)
        if remains:
            left.append(remains)
        else:
            changed += 1
            say(f"{item.what}: taken away{', what was there before is back' if item.before else ''}")
    record.forget()
    if choices.live:
        left += _run((("systemctl", "daemon-reload"),), say)
    return Done(changed, tuple(left))


def described(choices: Choices) -> Iterator[str]:
    """Yield what an installation would put here, each file whole, and each command; nothing is changed."""
    for step in plan(choices):
        match step:
            case Group(name):
                yield f"group   {name}: groupadd --system {name}"
            case Slot(name, groups):
                more = ("--groups", ",".join(groups)) if groups else ()
                yield f"account {name}: {shlex.join((*useradd_words(), *more, name))}"
            case Folder(path, mode):
                yield f"folder  {path} {mode:04o} root:root"
            case Link(path, to):
                yield f"link    {path} -> {to}"
            case File(path, text, mode, starter):
                yield f"file    {path} {mode:04o} root:root{', only where there is none' if starter else ''}"
                yield from (f"        | {line}" for line in text.splitlines())
            case Dictionary(path):
                yield f"file    {path} 0644 root:root, made of {WORDS} by {MAKER}, where both are there"
    for words in commands(choices):
        yield f"command {shlex.join(words)}"
    yield f"record  {RECORD}/installed.json 0600 root:root, by which station-launcher station remove undoes it"


def described_removal(choices: Choices) -> Iterator[str]:
    """Yield what a removal would take away; nothing is changed. Raises :class:`InstallRefusedError`."""
    for item in Record(choices.root).to_take_away:
        back = ", and what was there before is put back" if item.before else ""
        empty = ", where nothing else is in it" if item.kind == "folder" else ", unless it was changed since"
        yield f"{item.kind:7} {item.what}{empty if item.kind in ('folder', 'file', 'link') else ''}{back}"


def refuse_unfit(choices: Choices, accounts: AccountFiles) -> None:
    """Raise :class:`InstallRefusedError` where an installation could not be sound; nothing was changed."""
    refuse_ordinary()
    refuse_unfit_place(choices, accounts)


def refuse_unfit_place(choices: Choices, accounts: AccountFiles) -> None:
    """Raise :class:`InstallRefusedError` where this computer is not as an installation needs it, whoever asks."""
    for tool in ("groupadd", "useradd"):
        found(tool)
    for step in plan(choices):
        if isinstance(step, Slot) and (account := accounts.account(step.name)) is not None:
            wrong = unfit(account, DEVICE_GROUPS)
            if wrong:
                raise InstallRefusedError(f"There is an account {step.name} already, and {wrong[0]}.")
    if not choices.live:
        return
    missing = display_lacks(windows=choices.has_windows) if choices.has_display else ()
    if missing:
        raise InstallRefusedError(
            f"The kiosk's display needs {', '.join(missing)}.",
            hint=f"{apt_line(missing)} (or choose --windows none, --display none).",
        )
    package = Path(launcher.__file__).parent
    if any(letter in choices.python for letter in _UNIT_LETTERS):
        raise InstallRefusedError(f"A service cannot name the program's path: {choices.python}.")
    wrong_places = tuple(unfit_places(Path(choices.python), package, Path(sys.prefix)))
    if wrong_places:
        raise InstallRefusedError(
            f"Root and the slot accounts cannot run the program where it lies: {wrong_places[0]}.",
            hint="Set it up below /opt, as root, and run it from there.",
            detail="\n".join(wrong_places),
        )


def display_lacks(root: Path = Path("/"), *, windows: bool = True) -> tuple[str, ...]:
    """Return the Debian packages that a display of the kiosk's needs and this computer has not."""
    needed = (*_DISPLAY_NEEDS, *((_WINDOWS_NEED,) if windows else ()))
    return tuple(package for file, package in needed if not (root / file).exists())


def apt_line(packages: tuple[str, ...]) -> str:
    """Return the command that installs packages, and nothing that they only recommend."""
    return f"apt-get install --no-install-recommends {' '.join(packages)}"


def name_of(step: Step) -> str:
    """Return what the record calls a step's thing."""
    return step.name if isinstance(step, (Group, Slot)) else step.path


def refuse_ordinary() -> None:
    """Raise :class:`InstallRefusedError` for an ordinary user."""
    if os.geteuid() != 0:
        raise InstallRefusedError(
            "Only root may do this: it makes accounts, system files and a service.",
            hint="Run it with sudo; station-launcher station install --dry-run shows everything first, as anybody.",
        )


def _taken_back(placing: Placing) -> list[str]:
    left = []
    for what, undo in reversed(placing.undo):
        try:
            undo()
        except (OSError, subprocess.SubprocessError) as fault:
            left.append(f"{what}: {said(fault)}")
    return left


def _run(all_words: tuple[tuple[str, ...], ...], say: Say, *, quiet: bool = False) -> list[str]:
    """Run commands on the live system; return a line for each that failed: a restart does the same."""
    failed = []
    for words in all_words:
        if words[0] == "systemctl" and not _SYSTEMD_RUNS.is_dir():
            continue
        try:
            subprocess.run(words, check=True, capture_output=True, text=True, timeout=_RUN_S)
        except (OSError, subprocess.SubprocessError) as fault:
            failed.append(f"{shlex.join(words)}: {said(fault)}")
        else:
            say(shlex.join(words))
    return [] if quiet else failed
