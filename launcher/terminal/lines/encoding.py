"""What a host that does not speak UTF-8 sends and is sent: the engines speak nothing else."""

from __future__ import annotations

import codecs
import re
from typing import Final

_CONTROLS = re.compile(r"[\x80-\x9f]")
UTF_8: Final = "utf-8"


def lacking_at(text: str, encoding: str) -> int:
    """Return where the first character of a text stands that an encoding lacks; its length: it has them all."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError as fault:
        return fault.start
    return len(text)


class Transcoder:
    """Turns what comes into UTF-8, and what goes into the host's encoding; a character may come in pieces.

    Raises :class:`LookupError` for an encoding that there is not.
    """

    def __init__(self, encoding: str = UTF_8) -> None:
        found = codecs.lookup(encoding)
        self._encoding = found.name
        self._decoder = None if found.name == UTF_8 else found.incrementaldecoder("replace")

    def incoming(self, untrusted: bytes) -> bytes:
        """Return what came, in UTF-8; an 8-bit control (ECMA-48 5.3) as its 7-bit form."""
        if self._decoder is None:
            return untrusted
        text = _CONTROLS.sub(lambda found: "\x1b" + chr(ord(found[0]) - 0x40), self._decoder.decode(untrusted))
        return text.encode(UTF_8, "replace")

    def outgoing(self, data: bytes) -> bytes:
        """Return what an engine wants sent, in the host's encoding; what that lacks becomes a question mark."""
        return data if self._decoder is None else data.decode(UTF_8, "replace").encode(self._encoding, "replace")
