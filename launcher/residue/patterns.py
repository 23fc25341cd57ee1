"""The forms a secret is left in, masked, so that no searcher ever holds it in clear.

Whoever holds the secret makes the patterns; whoever searches masks what it reads and looks for the masked pattern. The
mask is added, not XORed: a searcher reads its own memory too, with the masked pattern in it, and XOR would turn that
back into the secret.

Zero bytes are left out of patterns and of what is searched: the same pattern then finds a text in UTF-8 and in UTF-16
of either order, and memory, which is mostly zeros, shrinks to what is worth reading.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import quote, quote_plus

from launcher.wire.messages import Canaries, ScanYourself

MIN_BYTES: Final = 8
"""A shorter form is met by chance: the two-byte PIN ``42`` is in every process."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """Masked patterns ready to search with; ``too_short`` secrets could not be turned into any."""

    mask: int
    masked: tuple[bytes, ...] = field(repr=False)
    too_short: int = 0

    @property
    def overlap(self) -> int:
        """How many bytes a chunk repeats of the one before: the longest pattern with its zeros, and some to spare."""
        return 4 * max((len(one) for one in self.masked), default=0)

    @property
    def table(self) -> bytes:
        """The translation that masks what was read."""
        return _table(self.mask)

    def found_in(self, untrusted_clear: bytes) -> tuple[int, ...]:
        """Return the indexes of the patterns that lie in the bytes."""
        masked = untrusted_clear.translate(self.table, b"\0")
        return tuple(index for index, one in enumerate(self.masked) if one in masked)

    def to_wire(self) -> Canaries:
        """Return the message a session hands its canaries over with."""
        return Canaries(mask=self.mask, masked=_to_text(self.masked), too_short=self.too_short)

    def to_survivor(self) -> ScanYourself:
        """Return the message that asks a survivor to search itself."""
        return ScanYourself(mask=self.mask, masked=_to_text(self.masked))

    @classmethod
    def from_wire(cls, message: Canaries | ScanYourself) -> Patterns:
        """Read a message's patterns. Raises ``ValueError`` where one is not base64 or is too short to search for."""
        masked = tuple(base64.b64decode(one, validate=True) for one in message.masked)
        if any(len(one) < MIN_BYTES for one in masked):
            raise ValueError("a pattern is too short")
        return cls(message.mask, masked, message.too_short if isinstance(message, Canaries) else 0)


def masked_patterns(clear: Iterable[str | bytes], *, mask: int | None = None) -> Patterns:
    """Return the masked patterns of secrets, each in every form; to be called where the secrets are."""
    chosen = secrets.randbelow(128) * 2 + 1 if mask is None else mask
    table = _table(chosen)
    masked: dict[bytes, None] = {}
    too_short = 0
    for secret in clear:
        raw = secret.encode() if isinstance(secret, str) else secret
        if len(raw.replace(b"\0", b"")) < MIN_BYTES:
            too_short += 1
            continue
        forms = (form.translate(table, b"\0") for form in encodings(secret))
        masked.update((form, None) for form in forms if len(form) >= MIN_BYTES)
    return Patterns(chosen, tuple(masked), too_short)


@cache
def _table(mask: int) -> bytes:
    return bytes((value + mask) % 256 for value in range(256))


def encodings(secret: str | bytes) -> Iterator[bytes]:
    """Yield the forms: UTF-8, UTF-16 in both orders, URL, hex, and base64 in its three phases (repeats included)."""
    raw = secret.encode() if isinstance(secret, str) else secret
    yield raw
    text = secret if isinstance(secret, str) else _text(secret)
    if text is not None:
        yield text.encode("utf-16-le")
        yield text.encode("utf-16-be")
    for quoted in (quote(raw, safe=""), quote_plus(raw, safe=""), quote(raw)):
        yield quoted.encode()
        yield _lower_escapes(quoted).encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    for phase in range(3):
        standard = _base64_inside(raw, phase)
        yield standard
        yield standard.replace(b"+", b"-").replace(b"/", b"_")


def _base64_inside(raw: bytes, phase: int) -> bytes:
    """Return the characters that stay the same whatever stands before (``phase`` bytes, modulo 3) and after."""
    encoded = base64.b64encode(b"\0" * phase + raw)
    return encoded[-(-phase * 8 // 6) : (phase + len(raw)) * 8 // 6]


def _lower_escapes(quoted: str) -> str:
    parts = quoted.split("%")
    return "%".join([parts[0], *(part[:2].lower() + part[2:] for part in parts[1:])])


def _text(raw: bytes) -> str | None:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def _to_text(masked: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(base64.b64encode(one).decode() for one in masked)
