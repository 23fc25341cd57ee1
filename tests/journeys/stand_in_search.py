"""The stand-in session's part in a search: what of its own is to be searched for, and the search of itself.

Apart, because it loads the product's models: a session that has to do so in the midst of its work says nothing for so
long that its station takes it for frozen. One of a journey that searches is started with ``searches``.
"""

from __future__ import annotations

import os

from launcher.residue import answer, masked_patterns
from launcher.wire.codec import decode_to_session, encode
from launcher.wire.messages import ScanYourself


def scanned(line: bytes) -> bytes:
    """Search this session as the station's line wishes, and return the line of the answer."""
    wish = decode_to_session(line)
    assert isinstance(wish, ScanYourself)
    return encode(answer(wish, f"session {os.getpid()}"))


def canaries(secret: str) -> bytes:
    """Return the line that tells the station what to search for."""
    return encode(masked_patterns([secret]).to_wire())
