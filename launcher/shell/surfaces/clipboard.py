"""The clipboard of a session that is locked: given up, remembered in this process alone, and put back."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

_KEPT = ("text/plain", "text/html")
_SHARED_WITH_NOBODY = ("offscreen", "minimal")
"""Platforms of Qt whose clipboard is this process's alone, which they do not say."""


class GivenUpClipboard:
    """What this process had put into the clipboard when it was given up, until it is put back or forgotten."""

    def __init__(self) -> None:
        self._kept: QMimeData | None = None

    def give_up(self) -> None:
        """Remember what is our own, then empty clipboard and selection, whoever filled them."""
        clipboard = QGuiApplication.clipboard()
        # Somebody else's is not read: their program may stand still, and would be waited for.
        if clipboard.ownsClipboard() or QGuiApplication.platformName() in _SHARED_WITH_NOBODY:
            self._kept = _copy(clipboard) or self._kept
        clear_clipboard()

    def take_back(self) -> None:
        """Put it back where the clipboard is empty still."""
        kept, self._kept = self._kept, None
        clipboard = QGuiApplication.clipboard()
        if kept is not None and not _formats(clipboard):
            clipboard.setMimeData(kept)

    def forget(self) -> None:
        """Put nothing back: the session ends."""
        self._kept = None


def clear_clipboard() -> None:
    """Empty the clipboard and what is like it."""
    clipboard = QGuiApplication.clipboard()
    for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection, QClipboard.Mode.FindBuffer):
        if mode == QClipboard.Mode.Clipboard or _has(clipboard, mode):
            clipboard.clear(mode)


def _formats(clipboard: QClipboard) -> list[str]:
    data: QMimeData | None = clipboard.mimeData()  # none where it is empty, whatever its declaration says
    return data.formats() if data is not None else []


def _copy(clipboard: QClipboard) -> QMimeData | None:
    formats = [name for name in _formats(clipboard) if name in _KEPT]
    if not formats:
        return None
    data, kept = clipboard.mimeData(), QMimeData()
    for name in formats:
        kept.setData(name, data.data(name))
    return kept


def _has(clipboard: QClipboard, mode: QClipboard.Mode) -> bool:
    return clipboard.supportsSelection() if mode == QClipboard.Mode.Selection else clipboard.supportsFindBuffer()
