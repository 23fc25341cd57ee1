"""A field for a PIN: hidden, and digits only."""

from __future__ import annotations

from PySide6.QtCore import Qt

from launcher.shell.look import LineField

MOST_DIGITS = 12


def digits_only(field: LineField, most: int = MOST_DIGITS) -> None:
    """Let ``field`` take digits and nothing else, at most so many."""
    edit = field.edit
    edit.setMaxLength(most)
    edit.setInputMethodHints(edit.inputMethodHints() | Qt.InputMethodHint.ImhDigitsOnly)

    def sift(text: str) -> None:
        digits = "".join(letter for letter in text if letter in "0123456789")
        if digits != text:
            edit.setText(digits)

    edit.textEdited.connect(sift)
