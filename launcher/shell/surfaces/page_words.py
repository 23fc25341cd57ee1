"""What the scripts in a page's isolated world say on its console: random words, which no page can say; free of Qt."""

from __future__ import annotations

import secrets
from typing import Protocol

from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.playing import Playing


class Listener(Protocol):
    """Hears what the words mean."""

    def woken(self) -> None:
        """Hear that something in the page has changed since it was last looked at."""
        ...

    def typed(self, unsent: bool) -> None:
        """Hear that a person typed into the page, or that it was sent."""
        ...

    def typed_hidden(self) -> None:
        """Hear that a person typed where it may be a password."""
        ...

    def follows(self) -> None:
        """Hear that a person has followed a link of the page, in its own window."""
        ...

    def posts(self) -> None:
        """Hear that a form goes out whose address does not hold what it sends."""
        ...

    def playing(self, on: bool) -> None:
        """Hear that a video plays in the page that can be watched, or that none does any more."""
        ...


class PageWords:
    """What the words tell the listener of one page. They are drawn once for all pages of this process."""

    _wake, _edited, _sent, _hidden, _posts, _follows = (secrets.token_hex(16) for _ in range(6))

    def __init__(self) -> None:
        self._playing = Playing()

    @classmethod
    def scripts(cls) -> dict[str, str]:
        """Return the scripts that say them, by name."""
        return {
            "watch": scripts.watch(cls._wake, cls._edited, cls._sent, cls._hidden, cls._posts, cls._follows),
            "playing": scripts.playing(Playing.plays, Playing.rests),
        }

    def hear(self, untrusted_message: str, listener: Listener) -> None:
        """Take our own words and drop the rest unread: a page's console may hold anything."""
        if untrusted_message == self._wake:
            listener.woken()
        elif untrusted_message in (self._edited, self._sent):
            listener.typed(untrusted_message == self._edited)
        elif untrusted_message == self._hidden:
            listener.typed_hidden()
        elif untrusted_message == self._posts:
            listener.posts()
        elif untrusted_message == self._follows:
            listener.follows()
        elif self._playing.hear(untrusted_message):
            listener.playing(bool(self._playing))

    def clear(self) -> None:
        """Forget what plays: the page is gone."""
        self._playing.clear()
