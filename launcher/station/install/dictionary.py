"""The dictionary that spelling in pages is checked with: the browser engine's form of Debian's own."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from launcher.spelling import LANGUAGE

WORDS: Final = "/usr/share/hunspell/en_GB.dic"
MAKER: Final = "/usr/lib/qt6/libexec/qwebengine_convert_dict"
PACKAGES: Final = ("hunspell-en-gb", "qt6-webengine-dev-tools")
"""Whose the two are, on Debian."""

_MAKE_S: Final = 120.0


def made_dictionary(root: Path) -> bytes | None:
    """Return the words of the system below ``root`` as the engine reads them; None without them, or without a maker.

    Raises :class:`subprocess.SubprocessError` where they cannot be made.
    """
    words = root / WORDS.lstrip("/")
    if not words.is_file() or not Path(MAKER).is_file():
        return None
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"{LANGUAGE}.bdic"
        subprocess.run(
            (MAKER, str(words), str(made)),
            check=True,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=_MAKE_S,
        )
        return made.read_bytes()
