"""What of a host's data is refused, and what in it is no character."""

from __future__ import annotations

import re
from typing import Final

REJECTED: Final = 0
"""The command is none that a 3270 knows (RFC 2355, 10.4.1)."""
CHECKED: Final = 2
"""The command is known, and what it orders cannot be."""

NO_CHARACTERS: Final = re.compile(rb"[\x01-\x0b\x10\x14\x16-\x18\x1a\x1b\x1f-\x24\x26-\x3e]+")
"""What is neither an order nor a character, nor one of the controls that take a cell (GA23-0059, 4.3)."""


class HostDataError(ValueError):
    """Something in a record that a 3270 does not know; the text is for the status line."""

    def __init__(self, message: str, refused: int = CHECKED) -> None:
        super().__init__(message)
        self.refused = refused
