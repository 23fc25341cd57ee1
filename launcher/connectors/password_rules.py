"""What a host lets a new password be, held against it before anything is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass

from launcher.secret import Secret

_RANGE = re.compile(r"(.)-(.)|(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """A length, and the characters that may stand in it, as in ``A-Za-z0-9@#$``; none named: any.

    Written as in a regular expression's brackets, but that nothing in it has another meaning than itself: a hyphen
    between two characters is a range, at either end it is a hyphen.
    """

    shortest: int = 1
    longest: int = 128
    characters: str = ""

    def fault(self, new: Secret) -> str:
        """Say what is wrong with a new password, or nothing; the password is in no word of it."""
        clear = new.reveal()
        if len(clear) < self.shortest:
            return f"it needs {_characters(self.shortest)} or more"
        if len(clear) > self.longest:
            return f"it may have {_characters(self.longest)} at most"
        if self.characters and not all(self._may_stand(one) for one in clear):
            return f"only these characters may stand in it: {self.characters}"
        return "" if clear.isprintable() else "it holds a character that is a key"

    def _may_stand(self, character: str) -> bool:
        return any(
            begin <= character <= end if begin else character == one
            for begin, end, one in _RANGE.findall(self.characters)
        )


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"
