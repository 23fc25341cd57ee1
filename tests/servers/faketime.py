"""``faketime``, which starts a program under another wall clock (libfaketime; Debian: faketime)."""

from __future__ import annotations

import shutil


def missing() -> str | None:
    """Say what is missing, if anything."""
    return None if shutil.which("faketime") else "faketime is not installed"
