"""Where an officer's memory could reach a disk: swap, hibernation, core files, and folders that are not in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launcher.bootstrap.doctor.finding import Finding, read
from launcher.station.homes import memory_folder
from launcher.station.install.choices import UNITS
from launcher.station.install.plan import NOTHING

_SLEEP: Final = ("etc/systemd/sleep.conf", "etc/systemd/sleep.conf.d", "run/systemd/sleep.conf.d")
_CRYPTED: Final = "CRYPT-"


def memory_findings(root: Path = Path("/")) -> Iterator[Finding]:
    """Yield what is found of the system below ``root``."""
    swaps = _swaps(root)
    yield _swap(root, swaps)
    yield _hibernation(root, swaps)
    yield _cores(root)
    yield _hidden(root)
    yield _folders()


def _swaps(root: Path) -> tuple[tuple[str, str], ...] | None:
    """Return the swap areas in use, each with its kind; None where they cannot be seen."""
    text = read(root, "/proc/swaps")
    if text is None:
        return None
    rows = [line.split() for line in text.splitlines()[1:]]
    return tuple((row[0], row[1]) for row in rows if len(row) > 1)


def _swap(root: Path, swaps: tuple[tuple[str, str], ...] | None) -> Finding:
    if swaps is None:
        return Finding("swap", "cannot be looked at on this system", "Make sure that swap is encrypted or off.")
    if not swaps:
        return Finding("swap", "off")
    said, bare = [], []
    for name, kind in swaps:
        how = _how_kept(root, name, kind)
        said.append(f"{name} ({how or 'not encrypted'})")
        if not how:
            bare.append(name)
    if not bare:
        return Finding("swap", f"on: {', '.join(said)}")
    return Finding(
        "swap",
        f"on: {', '.join(said)}",
        f"What an officer held can be written to {', '.join(bare)}. swapoff it and take it out of /etc/fstab, or "
        "encrypt it with a new key at each start (/etc/crypttab: /dev/urandom, swap).",
    )


def _how_kept(root: Path, name: str, kind: str) -> str:
    """Return how what is written to a swap area is protected, or ""."""
    if kind == "file":
        return ""  # the disk below it may be encrypted with a key that outlives the officer
    device = name.rpartition("/")[2]
    if name.startswith("/dev/mapper/"):
        link = root / name.lstrip("/")
        device = link.readlink().name if link.is_symlink() else device
    if device.startswith("zram"):
        behind = (read(root, f"/sys/class/block/{device}/backing_dev") or "none").strip()
        return "in memory" if behind == "none" else ""
    return "encrypted" if _is_crypted(root, device) else ""


def _is_crypted(root: Path, device: str) -> bool:
    """Say whether a device, or all that it lies on, is a crypted mapping."""
    block = root / "sys/class/block" / device
    if (read(root, f"/sys/class/block/{device}/dm/uuid") or "").startswith(_CRYPTED):
        return True
    try:
        below = [one.name for one in (block / "slaves").iterdir()]
    except OSError:
        return False
    return bool(below) and all(_is_crypted(root, one) for one in below)


def _hibernation(root: Path, swaps: tuple[tuple[str, str], ...] | None) -> Finding:
    states = read(root, "/sys/power/state")
    if states is not None and "disk" not in states.split():
        return Finding("hibernation", "the kernel does not have it")
    if swaps == ():
        return Finding("hibernation", "there is no swap to write memory to")
    if _forbidden(root):
        return Finding("hibernation", "forbidden")
    resume = re.search(r"\bresume=(\S+)", read(root, "/proc/cmdline") or "")
    to = f", to {resume[1]}" if resume else ""
    return Finding(
        "hibernation",
        f"possible{to}: it writes all memory to disk",
        "station-launcher station install forbids it; or set AllowHibernation=no in /etc/systemd/sleep.conf.d.",
    )


def _forbidden(root: Path) -> bool:
    link = root / UNITS.lstrip("/") / "hibernate.target"
    if link.is_symlink() and str(link.readlink()) == NOTHING:
        return True
    said = ""
    for place in _SLEEP:
        path = root / place
        for file in sorted(path.glob("*.conf")) if path.is_dir() else (path,):
            said = _set_to(root, file, "AllowHibernation") or said
    return said.lower() in ("no", "false", "off", "0")


def _cores(root: Path) -> Finding:
    pattern = (read(root, "/proc/sys/kernel/core_pattern") or "").strip()
    if not pattern.startswith("|"):
        return Finding("core files", "the station forbids them to all it starts")
    if "systemd-coredump" in pattern and _storage_none(root):
        return Finding("core files", "systemd-coredump keeps none")
    return Finding(
        "core files",
        f"a program is given them, whatever the station forbids: {pattern[1:60]}",
        "station-launcher station install sets kernel.core_pattern=core; or keep none (Storage=none in "
        "/etc/systemd/coredump.conf).",
    )


def _hidden(root: Path) -> Finding:
    """Look whether an account sees only its own processes: a locked session stops what it sees."""
    for line in (read(root, "/proc/mounts") or "").splitlines():
        _, place, kind, options, *_ = [*line.split(), "", "", "", ""]
        hides = re.search(r"\bhidepid=(\w+)", options) if (place, kind) == ("/proc", "proc") else None
        if hides is not None and hides[1] not in ("0", "off"):
            return Finding(
                "processes",
                f"/proc hides those of other accounts (hidepid={hides[1]})",
                "A program that an officer's session runs as another account (sudo) is not seen, and not stopped while "
                "it is locked: allow none, or mount /proc without hidepid.",
            )
    return Finding("processes", "a session sees all that it starts")


def _storage_none(root: Path) -> bool:
    files = [root / "etc/systemd/coredump.conf", *sorted((root / "etc/systemd/coredump.conf.d").glob("*.conf"))]
    said = [value for file in files if (value := _set_to(root, file, "Storage"))]
    return bool(said) and said[-1] == "none"


def _set_to(root: Path, file: Path, name: str) -> str:
    """Return what a file of systemd's sets a name to, last, or ""."""
    text = read(root, str(file.relative_to(root))) or ""
    found = re.findall(rf"^\s*{name}\s*=\s*(\w+)", text, re.MULTILINE)
    return str(found[-1]) if found else ""


def _folders() -> Finding:
    folder, in_memory = memory_folder()
    if in_memory:
        return Finding("folders of sessions", f"in memory, at {folder}")
    return Finding(
        "folders of sessions",
        f"on a disk, at {folder}",
        "Give /dev/shm or the account's runtime folder a tmpfs with 512 MiB or more.",
    )
