"""What the scripts in a page's isolated world say on its console: random words, which no page can say; free of Qt."""

from __future__ import annotations

import secrets

from launcher.shell.surfaces import scripts
from launcher.shell.surfaces.keeper import PageKeeper
from launcher.shell.surfaces.playing import Playing


class PageWords:
    """The words of one page object, and what each tells its keeper."""

    def __init__(self) -> None:
        self._wake, self._edited, self._sent, self._hidden = (secrets.token_hex(16) for _ in range(4))
        self._playing = Playing()

    def scripts(self) -> dict[str, str]:
        """Return the scripts that say them, by name."""
        return {
            "watch": scripts.watch(self._wake, self._edited, self._sent, self._hidden),
            "playing": scripts.playing(self._playing.plays, self._playing.rests),
        }

    def hear(self, untrusted_message: str, keeper: PageKeeper) -> None:
        """Take our own words and drop the rest unread: a page's console may hold anything."""
        if untrusted_message == self._wake:
            keeper.woken()
        elif untrusted_message in (self._edited, self._sent):
            keeper.typed(untrusted_message == self._edited)
        elif untrusted_message == self._hidden:
            keeper.typed_hidden()
        elif self._playing.hear(untrusted_message):
            keeper.playing(bool(self._playing))

    def clear(self) -> None:
        """Forget what plays: the page is gone."""
        self._playing.clear()
