"""The text of a terminal's screen for a screen reader: a line for each row in view, the caret where the cursor is.

It stands in the document of the text edit that the screen is, which nobody sees; only rows that read otherwise than
before are replaced, so that only they are read out.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAccessible, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from launcher.shell.look import word
from launcher.shell.surfaces.terminal.shown import Shown


class ScreenText:
    """Keeps the document of ``edit`` as ``shown`` is, while there is someone to read it."""

    def __init__(self, edit: QPlainTextEdit, shown: Shown) -> None:
        self._edit = edit
        self._shown = shown
        self._kept = False

    def follow(self, rows: Iterable[int] | None) -> None:
        """Bring these rows of the view up to date, or all; does nothing while nobody reads."""
        shown, document = self._shown, self._edit.document()
        if not QAccessible.isActive():
            self._kept = False
            return
        if not self._edit.isVisible():
            # Of another tab, or behind a lock: whoever asks what is on the display is told nothing of it.
            if self._kept or document.characterCount() > 1:
                self._kept = False
                self._edit.setPlainText("")
                self._edit.setAccessibleDescription("")
            return
        if not self._kept or document.blockCount() != max(1, shown.rows):
            self._kept = True
            lines = ("".join(shown.cells(shown.first + row)) for row in range(shown.rows))
            self._edit.setPlainText("\n".join(lines))
        else:
            for row in range(shown.rows) if rows is None else rows:
                self._replace(row)
        self._put_caret()

    def _replace(self, row: int) -> None:
        block = self._edit.document().findBlockByNumber(row)
        text = "".join(self._shown.cells(self._shown.first + row))
        if block.isValid() and block.text() != text:
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(text)

    def _put_caret(self) -> None:
        shown = self._shown
        row = shown.scroll_back + shown.cursor.row
        block = self._edit.document().findBlockByNumber(row - shown.first)
        if not block.isValid():
            return
        before = len("".join(shown.cells(row)[: shown.cursor.column]))
        cursor = self._edit.textCursor()
        wanted = block.position() + min(before, block.length() - 1)
        if cursor.position() != wanted or cursor.hasSelection():
            cursor.setPosition(wanted)
            self._edit.setTextCursor(cursor)
        said = word(
            "terminal.cursor_at", row=shown.cursor.row + 1, column=shown.cursor.column + 1, text=shown.text(row).strip()
        ).strip()
        if said != self._edit.accessibleDescription():
            self._edit.setAccessibleDescription(said)
