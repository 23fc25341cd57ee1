"""From the name of a sign-in to the name in the realm."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\/@]")


def principal_of(user_name: str, realm: str) -> str:
    """Return the officer's principal: the name in the realm, without what a sign-in may have around it.

    ``FORCE\\name``, ``name@force.example`` and ``name`` are one officer. What else a name holds stands for itself and
    not for a part of a principal (RFC 1964, 2.1.1): who types ``name/admin`` is no administrator.
    """
    name = user_name.strip()
    _, backslash, after = name.rpartition("\\")
    name = after if backslash else name.partition("@")[0]
    return f"{_SPECIAL.sub(lambda found: chr(92) + found[0], name)}@{realm}"
