"""Where this computer keeps the dictionary that spelling is checked with, if it has one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

LANGUAGE: Final = "en-GB"
OURS: Final = "/usr/local/share/station-launcher/dictionaries"
FOLDERS: tuple[str, ...] = (OURS, "/usr/share/qt6/qtwebengine_dictionaries", "/usr/share/hunspell-bdic")
"""Where an installation or IT puts it, and where Debian does."""


def dictionary_folder(folders: Sequence[str] = (), *, root: Path = Path("/")) -> Path | None:
    """Return the first of the folders, or of those above, that holds the dictionary; all of them below ``root``."""
    places = [root / folder.lstrip("/") for folder in folders or FOLDERS]
    return next((place for place in places if (place / f"{LANGUAGE}.bdic").is_file()), None)
