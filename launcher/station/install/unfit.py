"""Whether the program may be run by root and read by the slots where it lies: asked before anything is changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def unfit_places(python: Path, package: Path, environment: Path) -> Iterator[str]:
    """Yield what is wrong with where interpreter, package and environment lie, the first of each.

    Root runs what lies there: whoever may write it is root. The slot accounts run it, too: they must be able to read.
    """
    for place in (python, package, environment):
        for path in (place, Path(os.path.realpath(place))):
            if (wrong := _on_the_way(path)) is not None:
                yield wrong
                break
        else:
            if place.is_dir() and (wrong := _below(place)) is not None:
                yield wrong


def _on_the_way(path: Path) -> str | None:
    for part in (*reversed(path.parents), path):
        if part in (Path("/home"), Path("/root"), Path("/run/user")):
            return f"{path} lies in {part}, which the service does not see"
        try:
            status = part.stat()
        except OSError as fault:
            return f"{part}: {fault.strerror}"
        if (wrong := _wrong(part, status)) is not None:
            return wrong
        if stat.S_ISDIR(status.st_mode) and not status.st_mode & stat.S_IXOTH:
            return f"{part} cannot be entered by others, and the slot accounts must"
    return None


def _below(folder: Path) -> str | None:
    for top, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(top, name)
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                continue
            if (wrong := _wrong(path, status)) is not None:
                return wrong
            if not status.st_mode & stat.S_IROTH and name.endswith((".py", ".so")):
                return f"{path} cannot be read by others, and the slot accounts must"
    return None


def _wrong(path: Path, status: os.stat_result) -> str | None:
    if status.st_uid != 0:
        return f"{path} belongs to account {status.st_uid}, who would be root by it"
    # A folder where only an owner may remove what is theirs (the sticky bit) is still one where others may add.
    if status.st_mode & _OTHERS_WRITE:
        return f"{path} can be written by others, who would be root by it"
    return None
