"""The six letters that a caller reads to the helpdesk: made for each screen that asks, renewed while it shows them.

A screen shows them once the hub has taken them: whoever reads them out at once is understood.

They say which terminal it is. They verify its officer only where nobody but they would read them: on the screen they
work at, or on the cover of one that has stopped answering, which stands only until it would lock. Whoever stands
before a lock face or a sign-in screen has proved nothing.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from launcher.wire import messages
from launcher.wire.hub.sittings import ShownLetters

if TYPE_CHECKING:
    from launcher.station.places import Sessions

ALPHABET: Final = "BCDFGHJKMNPQRTVWXYZ"
"""No vowels, so that no words come of them, and no S and L (``wire.hub.kinds.Letters``)."""

LETTERS: Final = 6
LIFE_S: Final = 600.0
RENEWED_S: Final = 60.0
"""So long before their end others are shown; who began to read the old ones is understood still."""


def made() -> str:
    """Return six letters that nobody can foresee."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def verifies(state: Sessions, session: int) -> int | None:
    """Return the session whose officer reads the letters on this one's screen; None: nobody has proved anything there.

    Rules only.
    """
    if session == state.cover:
        covered = state.covered
        return covered if state.phase(covered or 0) == "painted" and state.officer(covered) else None
    works = state.phase(session) == "painted" and state.officer(session) and state.covered != session
    return session if works else None


@dataclass(frozen=True, slots=True)
class _Shown:
    letters: str
    sitting: str | None
    until: float


class Letters:
    """The letters of all screens that ask. ``sitting_of`` names a session's sitting, ``changed`` hears of a change."""

    def __init__(
        self,
        sessions: Callable[[], Sessions],
        sitting_of: Callable[[int], str | None],
        send: Callable[[int, messages.ToSession], None],
        changed: Callable[[], None],
        *,
        life_s: float = LIFE_S,
        renewed_s: float = RENEWED_S,
    ) -> None:
        self._sessions = sessions
        self._sitting_of = sitting_of
        self._send = send
        self._changed = changed
        self._life_s = life_s
        self._renewed_s = renewed_s
        self._shown: dict[int, _Shown] = {}
        self._before: dict[int, _Shown] = {}
        self._not_said: set[int] = set()  # whose letters the hub does not have yet
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def asked(self, session: int, *, on: bool) -> None:
        """A screen asks for letters, or does not show them any more."""
        if on and session not in self._shown:
            self._show(session)
        elif not on:
            self.forget(session)

    def known(self, letters: tuple[str, ...]) -> None:
        """The hub has taken these: the screens they are for may show them."""
        for session in tuple(self._not_said):
            shown = self._shown[session]
            if shown.letters in letters:
                self._not_said.discard(session)
                self._send(session, messages.LettersHere(letters=shown.letters, until=shown.until))

    def forget(self, session: int) -> None:
        """Nobody reads them there any more: they are worth nothing from now on."""
        timer = self._timers.pop(session, None)
        if timer is not None:
            timer.cancel()
        self._not_said.discard(session)
        shown, before = self._shown.pop(session, None), self._before.pop(session, None)
        if shown is not None or before is not None:
            self._changed()

    def look(self) -> None:
        """Show others where what they say of a screen has changed: it was locked, covered, or is another's now."""
        for session, shown in tuple(self._shown.items()):
            if self._sitting(session) != shown.sitting:
                self._before.pop(session, None)
                self._send(session, messages.LettersHere(letters="", until=0.0))
                self._show(session)

    def all(self) -> tuple[ShownLetters, ...]:
        """Return all letters that hold."""
        now = time.time()
        held = (*self._before.values(), *self._shown.values())
        return tuple(
            ShownLetters(letters=one.letters, sitting=one.sitting, until=one.until) for one in held if one.until > now
        )

    def _sitting(self, session: int) -> str | None:
        whose = verifies(self._sessions(), session)
        return None if whose is None else self._sitting_of(whose)

    def _show(self, session: int) -> None:
        self._shown[session] = _Shown(made(), self._sitting(session), time.time() + self._life_s)
        timer = self._timers.pop(session, None)
        if timer is not None:
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[session] = loop.call_later(self._life_s - self._renewed_s, self._renew, session)
        self._not_said.add(session)
        self._changed()

    def _renew(self, session: int) -> None:
        self._before[session] = self._shown[session]
        self._show(session)
