"""Folders in which a slot's programs could leave something that is not cleared: named once, by the doctor.

After each session the usual folders and the mounts that are open to all are searched (``slot_cleaning``). A folder that
somebody has opened to all elsewhere is not: whoever looks after the computer is to close it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from launcher.station.slot_cleaning import OPEN_TO_ALL, mount_points, open_places

_NO_FILES: Final = ("proc", "sys", "dev")
_OF_THIS_COMPUTER: Final = (
    *("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "bcachefs"),
    *("overlay", "tmpfs", "ramfs"),
)


def open_elsewhere(root: Path = Path("/")) -> Iterator[Path]:
    """Yield the folders below ``root`` that any account may write to and that nobody clears.

    What no such account can pass through is not looked into, nor is another computer's file system.
    """
    if root == Path("/"):
        cleared = set(open_places())
        mounts = [Path(one) for one in mount_points(_OF_THIS_COMPUTER) if os.path.ismount(one)]
    else:
        cleared = {root / one.lstrip("/") for one in OPEN_TO_ALL}
        mounts = [root]
    views = {root / one for one in _NO_FILES}
    tops = (one for one in mounts if one not in cleared and not views.intersection((one, *one.parents)))
    for top in dict.fromkeys((root, *tops)):
        if _passable(top, root):
            yield from _below(str(top), {*map(str, (*cleared, *views))})


def _below(top: str, passed_over: Collection[str]) -> Iterator[Path]:
    waiting = [top]
    device = Path(top).stat().st_dev
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                folders = [one for one in entries if one.path not in passed_over and one.is_dir(follow_symlinks=False)]
                states = [(one.path, one.stat(follow_symlinks=False)) for one in folders]
        except OSError:
            continue  # gone meanwhile, or not to be read by whoever asks
        for path, found in states:
            if found.st_dev != device or not found.st_mode & stat.S_IXOTH:
                continue
            if found.st_mode & stat.S_IWOTH:
                yield Path(path)
            else:
                waiting.append(path)


def _passable(top: Path, root: Path) -> bool:
    on_the_way = (one for one in (top, *top.parents) if one.is_relative_to(root))
    try:
        return all(one.stat().st_mode & stat.S_IXOTH for one in on_the_way)
    except OSError:
        return False
