"""Where this computer keeps the dictionary that spelling is checked with, if it has one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

LANGUAGE: Final = "en-GB"
FOLDERS: tuple[Path, ...] = (
    Path("/usr/local/share/station-launcher/dictionaries"),
    Path("/usr/share/qt6/qtwebengine_dictionaries"),
    Path("/usr/share/hunspell-bdic"),
)
"""Where IT puts it, and where Debian does."""


def dictionary_folder(folders: Sequence[Path] = ()) -> Path | None:
    """Return the first of the folders, or of those above, that holds the dictionary."""
    return next((folder for folder in folders or FOLDERS if (folder / f"{LANGUAGE}.bdic").is_file()), None)
