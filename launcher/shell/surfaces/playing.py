"""Which documents of a page play a video that can be watched, as their scripts say it; free of Qt."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable

MOST_DOCUMENTS = 64
"""A page with more documents that play is no page that is watched."""

STALE_S = 60.0
"""A document that plays says so again three times in this time; one that has gone silent plays nothing."""


class Playing:
    """The documents of one page that play now. The two words are random: a page cannot say them."""

    plays, rests = (secrets.token_hex(16) for _ in range(2))

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._documents: dict[str, float] = {}

    def __bool__(self) -> bool:
        since = self._clock_s() - STALE_S
        return any(said > since for said in self._documents.values())

    def hear(self, untrusted_message: str) -> bool:
        """Take a message of the console; return whether it was one of the two words."""
        if untrusted_message.startswith(self.plays):
            if len(self._documents) < MOST_DOCUMENTS:
                self._documents[untrusted_message.removeprefix(self.plays)] = self._clock_s()
            return True
        if untrusted_message.startswith(self.rests):
            document = untrusted_message.removeprefix(self.rests)
            if document:
                self._documents.pop(document, None)
            else:
                self._documents.clear()  # said by a new page
            return True
        return False

    def clear(self) -> None:
        """Forget all: the page is gone."""
        self._documents.clear()
