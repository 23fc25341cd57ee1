"""How one value comes into one field: a script writes it, and where its page does not keep that, it is typed, once.

The rules of both browsers, free of Qt: what is asked of the page next, and what its answer means.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final, Literal

from launcher.secret import Secret
from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.field_words import is_known

TYPED_S: Final = 1.0
"""How long typed keys may take to stand in their field, before the page counts as one that does not keep them."""

SILENT: Final = "silent"
SILENT_S: Final = 10.0
"""So much longer is a page waited for that has answered nothing: it may be one of ten that open on a slow computer."""

Way = Literal["script", "aim", "typed", "check"]

Act = Literal["done", "origin", "type", "ask-for-keys", "again", "wait"]
"""What to do now: ``type`` the value, press a key that only asks whether keys arrive, ask ``again`` at once, or
``wait`` until the page has changed."""


@dataclass(frozen=True, slots=True)
class Given:
    """A field and the value that it is given, kept until a press has sent it."""

    field: str
    value: Secret
    hides: bool
    sends: bool = False  # the page goes on by itself once it is filled: no press is to send it

    @property
    def can_be_typed(self) -> bool:
        """Say whether the value can be typed without a key that does more than write."""
        text = self.value.reveal()
        return bool(text) and text.isprintable()


class Writing:
    """One value on its way. ``by_keys``: typed from the first, and only so; ``check``: it may stand there already."""

    def __init__(self, given: Given, *, by_keys: bool = False, check: bool = False) -> None:
        self.given = given
        self._only_keys = by_keys and given.can_be_typed
        self._way: Way = "check" if check else "aim" if self._only_keys else "script"
        self._typed = not given.can_be_typed
        self._typed_s = 0.0
        self._may_have_sent = False
        self.word = SILENT
        """Why it does not stand there yet."""

    @property
    def may_have_sent(self) -> bool:
        """Whether the page may have gone on by itself: whatever becomes of the answer, it is not given it again."""
        return self._may_have_sent

    def script(self, fills: frozenset[str]) -> str:
        """Return what is asked of the page now. It may hold the secret: run it at once and keep it nowhere."""
        given = self.given
        self._may_have_sent = given.sends and self._way in ("script", "typed")
        match self._way:
            case "script":
                return scripts.fill(given.field, given.value, fills, hides=given.hides, notes=not given.sends)
            case "aim":
                return scripts.aim(given.field, fills, hides=given.hides)
            case "typed" | "check":
                return scripts.stands(given.field, given.value, fills, hides=given.hides, notes=not given.sends)

    def heard(self, untrusted: object) -> Act:
        """Say what an answer of the page means."""
        match untrusted:
            case "filled":
                return "done"
            case "origin":
                return "origin"
            case "aimed" if self._way == "aim":
                self._way, self._typed, self._typed_s = "typed", True, time.monotonic()
                self._may_have_sent = self.given.sends
                return "type"
            case "refused" | "replaced" if self._may_have_sent and self._way == "script":
                return "done"  # it is emptied, or gone, where it was sent at once
            case str() if is_known(untrusted):
                self.word = untrusted
                self._may_have_sent = self._may_have_sent and self._way == "typed"
                return "ask-for-keys" if untrusted == "deaf" else self._turn(untrusted)
        return "done" if self._may_have_sent else "wait"

    def _turn(self, word: str) -> Act:
        """Take another way where this one does not lead on."""
        was = self._way
        if was == "aim" and word == "kind":  # a choice or a box: nothing is typed there
            self._way, self._typed, self._only_keys = "script", True, False
        elif was == "check" or (was == "script" and word == "refused"):
            self._way = "script" if self._typed else "aim"
        elif was == "typed" and not self._only_keys and time.monotonic() - self._typed_s > TYPED_S:
            self._way = "script"  # a page that was being built may have taken the place of the one typed into
        return "wait" if self._way == was else "again"
