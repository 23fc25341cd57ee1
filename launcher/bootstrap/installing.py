"""``station install`` and ``station remove``: what was chosen, and what is said of it."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from launcher.station.install.accounts import AccountFiles
from launcher.station.install.carry_out import (
    Done,
    described,
    described_removal,
    install,
    refuse_unfit_place,
    remove,
)
from launcher.station.install.choices import ETC, Choices
from launcher.station.install.errors import InstallRefusedError

_NOTHING = "Nothing was installed here by station-launcher station install."
_DISPLAY = re.compile(r":\d{1,2}|none")


def run_install(
    root: Path, display: str, windows: Literal["openbox", "none"], groups: Sequence[str], terminal: str, *, dry: bool
) -> int:
    """Install, or say what would be installed. Raises :class:`InstallRefusedError`, :class:`InstallFailedError`."""
    if sys.platform != "linux":
        raise InstallRefusedError("This can only be done on Linux.", hint="Use a computer with Debian 12.")
    if not _DISPLAY.fullmatch(display):
        raise InstallRefusedError(f"{display} is no display of this computer.", hint="Give :0, or none.")
    name = re.sub(r"[^\w.-]", "", terminal or platform.node())[:40] or "terminal"
    # The interpreter by the name it was called, not where that leads: the environment hangs on it.
    choices = Choices(
        root=root.absolute(),
        display=display,
        windows=windows,
        groups=tuple(dict.fromkeys(groups)),
        python=sys.executable,
        terminal=name,
    )
    if dry:
        refused = _refused(choices)
        print("\n".join(described(choices)))
        if refused is not None:
            print(f"It would be refused here, and nothing done: {refused.message}\n{refused.next_step}")
        return 0 if refused is None else 1
    done = install(choices, print)
    if done.changed == 0:
        print("All was there already: nothing was changed.")
    _say_left(done, "Left as it is:")
    if choices.live:
        print(f"Write {ETC}/station.toml, run station-launcher doctor as root, then restart the computer.")
        print(
            "After the restart its own keyboard and screen are the station's: keep another way in (ssh) for yourself."
        )
    return 0


def _refused(choices: Choices) -> InstallRefusedError | None:
    """Return why an installation would be refused here, whoever asks."""
    try:
        refuse_unfit_place(choices, AccountFiles(choices.root))
    except InstallRefusedError as refused:
        return refused
    return None


def run_remove(root: Path, *, dry: bool = False) -> int:
    """Take an installation away, or say what would be. Raises :class:`InstallRefusedError`."""
    choices = Choices(root=root.absolute())
    if dry:
        lines = tuple(described_removal(choices))
        print("\n".join(lines) or _NOTHING)
        return 0
    done = remove(choices, print)
    if not done.changed and not done.left:
        print(_NOTHING)
        return 0
    _say_left(done, "Not taken away:")
    if choices.live:
        print("Restart the computer: the kernel's and the display's settings go back with it.")
    return 1 if done.left else 0


def _say_left(done: Done, title: str) -> None:
    if done.left:
        print(title)
        print("\n".join(f"  {line}" for line in done.left))
