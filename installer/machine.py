"""What kind of machine this is, as far as the set-up must know."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts that decide how things are installed here."""

    system: str  # as a person calls it: "Debian GNU/Linux 12 (bookworm)"
    debian_like: bool  # its packages come by apt: Debian, Ubuntu and what is made of them
    root: bool
    sudo: bool
    display: bool
    python: Path  # the interpreter itself, never an environment's link to it
    python_version: tuple[int, int]

    @property
    def may_install(self) -> bool:
        """Whether missing system packages can be installed without asking anybody."""
        return self.debian_like and self.root


def this_machine() -> Machine:
    """Looks at the machine that runs the set-up."""
    release = os_release(_read(Path("/etc/os-release")))
    families = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    on_linux = sys.platform.startswith("linux")
    return Machine(
        system=release.get("PRETTY_NAME", sys.platform) if on_linux else sys.platform,
        debian_like=bool(families & {"debian", "ubuntu"}) and shutil.which("apt-get") is not None,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
        sudo=shutil.which("sudo") is not None,
        display=not on_linux or has_display(os.environ),
        python=base_interpreter(),
        python_version=(sys.version_info.major, sys.version_info.minor),
    )


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a Linux program started from here would find a screen."""
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def base_interpreter() -> Path:
    """The interpreter that runs this, or the one that an environment's interpreter was made from."""
    base: object = getattr(sys, "_base_executable", None)
    return Path(base if isinstance(base, str) and base else sys.executable).resolve()


def os_release(text: str) -> dict[str, str]:
    """Reads os-release(5): one NAME=value a line, the value perhaps in quotes."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, value in pairs}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
