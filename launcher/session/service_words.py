"""What a directory's servers said when nobody could be logged on: told to the helpdesk, unless it quotes who tried."""

from __future__ import annotations

import re
from typing import Final

from launcher.errors import LauncherError

OF_THE_SERVICE: Final = frozenset({"directory-unreachable", "directory-certificate-refused"})
"""The references whose detail is about the servers. Other answers are about an account, and may name whose."""
LONGEST: Final = 500
_WHOLE_BELOW: Final = 3
_PARTS: Final = re.compile("[a-z0-9]+")


def service_words(fault: LauncherError, typed_name: str) -> str:
    """Return the service's own words; none that hold a part of what was typed as the name, as that may be a password.

    In parts, since a server quotes a name in its own writing; short ones only as whole words.
    """
    if fault.reference not in OF_THE_SERVICE:
        return ""
    typed, said = _PARTS.findall(typed_name.casefold()), fault.detail.casefold()
    words = frozenset(_PARTS.findall(said))
    if not typed or any(part in (words if len(part) < _WHOLE_BELOW else said) for part in typed):
        return ""
    return fault.detail[:LONGEST]
