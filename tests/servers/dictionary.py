"""A dictionary for the browser engine, made of Debian's own as an installation makes it."""

from __future__ import annotations

from pathlib import Path

from launcher.station.install.dictionary import MAKER, PACKAGES, WORDS, made_dictionary
from tests.servers.process import files_missing


def missing() -> str | None:
    """What is not installed, if anything."""
    return files_missing(" ".join(PACKAGES), MAKER, WORDS)


def make(folder: Path) -> None:
    """Make the dictionary in a folder."""
    made = made_dictionary(Path("/"))
    assert made is not None
    (folder / "en-GB.bdic").write_bytes(made)
