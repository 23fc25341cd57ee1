"""A dictionary for the browser engine, made of Debian's own as IT makes it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers.process import files_missing

_MAKER = Path("/usr/lib/qt6/libexec/qwebengine_convert_dict")
_WORDS = Path("/usr/share/hunspell/en_GB.dic")


def missing() -> str | None:
    """What is not installed, if anything."""
    return files_missing("hunspell-en-gb qt6-webengine-dev-tools", str(_MAKER), str(_WORDS))


def make(folder: Path) -> None:
    """Make the dictionary in a folder."""
    made = folder / "en-GB.bdic"
    subprocess.run([_MAKER, _WORDS, made], check=True, capture_output=True, stdin=subprocess.DEVNULL)
