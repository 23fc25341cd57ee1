"""Selectors of elements: CSS, as far as can be said without an engine, which throws at what it cannot read."""

from __future__ import annotations

import re
from typing import Final

INTO: Final = ">>>"
"""Between the parts of a selector: go on in the open shadow tree, or in the document of the frame, that was found."""

_CLOSES: Final = {"[": "]", "(": ")"}
# An escape, a string, or one character of any other kind.
_PIECE: Final = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|.""", re.DOTALL)
_NEVER_OUTSIDE: Final = frozenset("\"'{}/@!$%&=;?<^`\\")
_NO_NAME: Final = re.compile(r"[#.](?=$|[\s\d,>+~#.:\[)])")
_NO_SIDE: Final = re.compile(r"^\s*[,>+~]|[,>+~]\s*$|,\s*[,>+~]|[>+~]\s*[,>+~]")


def selector_parts(selector: str) -> tuple[str, ...]:
    """Return the parts of a selector, each but the first within the shadow tree or the frame that the one before finds.

    Raises ValueError where one is empty or no CSS.
    """
    parts = tuple(part.strip() for part in selector.split(INTO))
    if selector and not all(parts):
        raise ValueError(f"{selector!r}: a selector stands on both sides of {INTO}")
    for part in parts:
        if why := selector_fault(part):
            raise ValueError(f"{part!r} is no selector: {why}")
    return parts


def selector_fault(part: str) -> str:
    """Say why an engine could not read one part of a selector; nothing where it could, as far as is known here."""
    open_: list[str] = []
    outside = ""  # what stands in no bracket
    for piece in _PIECE.findall(part):
        if piece in _CLOSES:
            open_.append(piece)
            outside += piece if len(open_) == 1 else ""
        elif piece in ("]", ")"):
            if not open_ or _CLOSES[open_.pop()] != piece:
                return f"{piece} closes nothing"
            outside += piece if not open_ else ""
        elif piece in ('"', "'"):
            return f"{piece} is not closed"
        elif not open_:
            if piece in _NEVER_OUTSIDE or (len(piece) > 1 and piece[0] != "\\"):
                return f"{piece} stands in none outside of brackets"
            outside += "x" if piece[0] == "\\" else piece
    if open_:
        return f"{open_[-1]} is not closed"
    if (found := _NO_NAME.search(outside)) is not None:
        return f"a name follows {found[0]}, and begins with no figure"
    return "something is missing at a comma or between two elements" if _NO_SIDE.search(outside) else ""
