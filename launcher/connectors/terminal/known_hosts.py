"""Says whether a file of known hosts has a key for a host at all, so that a missing one is found with the catalogue.

Which key it is, is the line's to check. The form is OpenSSH's (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
"""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
from functools import lru_cache
from pathlib import Path
from typing import Final

_SSH_PORT: Final = 22
_LARGEST_BYTES: Final = 1024 * 1024


def key_entered(file: Path, host: str, port: int) -> bool:
    """Say whether the file has a key for the host; one that cannot be read has none.

    Where no line names another port, a line that names none counts for it too, as in OpenSSH.
    """
    names = [host.lower()] if port == _SSH_PORT else [f"[{host.lower()}]:{port}", host.lower()]
    try:
        there = file.stat()
        lines = _entries(file, there.st_mtime_ns, there.st_size)
    except (OSError, ValueError):
        return False
    return any(_names(patterns, name) for name in names for patterns in lines)


@lru_cache(maxsize=4)
def _entries(file: Path, _changed_ns: int, size: int) -> tuple[str, ...]:
    """Return the host patterns of each key in the file; it is read again once it has changed."""
    if size > _LARGEST_BYTES:
        return ()
    patterns = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        parts = line.split()
        if parts and parts[0] == "@cert-authority":
            parts = parts[1:]
        if len(parts) >= 3 and not parts[0].startswith(("#", "@")):
            patterns.append(parts[0])
    return tuple(patterns)


def _names(patterns: str, name: str) -> bool:
    if patterns.startswith("|1|"):
        return _is_hash_of(patterns, name)
    named = False
    for pattern in patterns.lower().split(","):
        # Only * and ? have a meaning there; brackets stand around an address with a port.
        plain = pattern.removeprefix("!").replace("[", "[[]")
        if fnmatch.fnmatchcase(name, plain):
            if pattern.startswith("!"):
                return False
            named = True
    return named


def _is_hash_of(hashed: str, name: str) -> bool:
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in hashed.removeprefix("|1|").split("|"))
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(hmac.new(salt, name.encode(), hashlib.sha1).digest(), digest)
