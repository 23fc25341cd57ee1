"""Addresses as the engine has them, and as the rest of the code reads them."""

from __future__ import annotations

from PySide6.QtCore import QUrl


def text_of(url: QUrl) -> str:
    """Return an address as a server sees it: host names in ASCII, all else percent-encoded."""
    return bytes(url.toEncoded().data()).decode("ascii", "replace")
