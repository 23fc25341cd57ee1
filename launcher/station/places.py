"""Where each session of a terminal stands: the state that the rules of ``spares`` and ``lock_rules`` go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Phase = Literal[
    "starting",
    "warm",
    "front",  # told to show its sign-in screen
    "painted",  # its sign-in screen is on the display, or its officer is at work
    "locked",
    "resuming",  # locked; its officer has been proved and it was told so
    "over",  # told to show its sign-in screen over the locked session
    "standing",  # and that is on the display
    "claiming",  # has proved the locked session's officer, and hands the proof over
    "cover",  # told to cover a session that does not answer
    "covering",  # and that is on the display
    "second",  # told to show the card at which a second person proves who they are, over an officer's session
    "seconding",  # and that is on the display
    "ending",
]
Focus = Literal["name", "secret", "provider"]
Why = Literal[
    "log-off",
    "crashed",
    "name-changed",
    "page-asked",
    "left-typed",
    "cancelled",
    "refused",
    "silent",
    "reset",
    "stopping",
    "handed-over",
    "locked-too-long",
    "sitting-limit",
    "unanswering",
    "claimed",
]

GoneWhy = Literal["ended", "locked-too-long", "sitting-limit", "crashed"]

GONE: Final[dict[Why, GoneWhy]] = {
    "crashed": "crashed",
    "silent": "crashed",
    "refused": "crashed",
    "reset": "ended",
    "locked-too-long": "locked-too-long",
    "sitting-limit": "sitting-limit",
}
"""The ends of an officer's session that were not their doing: the next screen says so."""

FRONT: Final = ("front", "painted")
LOCKED: Final = ("locked", "resuming")
OVER: Final = ("over", "standing", "claiming")
COVER: Final = ("cover", "covering")
SECOND: Final = ("second", "seconding")
_SPARE: Final = ("starting", "warm")
_PAINTING: Final = ("front", "over", "cover", "second")


@dataclass(frozen=True, slots=True)
class Place:
    """One session and where it stands; ``officer`` is who is signed in there, issuer and subject.

    ``unhidden``: it is held for locked and has not said that it is, so its work may be seen and its programs run.
    """

    session: int
    phase: Phase
    officer: str = ""
    unhidden: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sign-in screen to show as soon as there is a warm session: over the locked one, where one is locked.

    ``after``: an officer's session that went without our wish; what it left on the display is wiped first.
    ``ended``: why the officer's session before was ended, where that was not their doing; the screen says it.
    """

    name: str = ""
    focus: Focus = "name"
    taking_over: bool = False
    after: int = 0
    ended: GoneWhy | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """All sessions in the order they were started.

    ``covered`` does not answer and is covered, or will be by the next warm session. ``failures``: how many in a row
    served nobody.
    """

    places: tuple[Place, ...] = ()
    wanted: Wanted | None = None
    next_session: int = 1
    failures: int = 0
    delayed: bool = False
    stopping: bool = False
    covered: int | None = None

    @property
    def front(self) -> int | None:
        """The session that is shown, or is being shown, and is not locked; a cover may be in front of it."""
        return self._at(FRONT)

    @property
    def spare(self) -> int | None:
        """The session that starts or waits hidden."""
        return self._at(_SPARE)

    @property
    def locked(self) -> int | None:
        """The session whose officer has locked it."""
        return self._at(LOCKED)

    @property
    def over(self) -> int | None:
        """The session whose sign-in screen stands over the locked one."""
        return self._at(OVER)

    @property
    def cover(self) -> int | None:
        """The session that covers one that does not answer."""
        return self._at(COVER)

    @property
    def second(self) -> int | None:
        """The session at whose card a second person proves who they are, over an officer's at work."""
        return self._at(SECOND)

    @property
    def over_stands(self) -> bool:
        """Whether a sign-in screen is on the display over the locked session."""
        return self._at(("standing",)) is not None

    @property
    def in_use(self) -> int | None:
        """The session somebody before the terminal has to do with, beneath what may cover it."""
        return next((one for one in (self.front, self.over, self.locked) if one is not None), None)

    @property
    def painting(self) -> bool:
        """Whether a screen was asked for and is not on the display yet."""
        return self._at(_PAINTING) is not None

    @property
    def wiping(self) -> bool:
        """Whether the wanted screen waits for the last traces of an officer's session."""
        return self.wanted is not None and self.phase(self.wanted.after) == "ending"

    @property
    def plain(self) -> bool:
        """Whether nothing is locked or covered."""
        return self.locked is None and self.over is None and self.cover is None and self.covered is None

    def in_front(self, session: int) -> bool:
        """Whether somebody waits for the next screen when this session goes."""
        return self.phase(session) in (*FRONT, *LOCKED, "over", "standing")

    def phase(self, session: int) -> Phase | None:
        """Return where a session stands, or None once it is gone."""
        place = self.place(session)
        return place.phase if place is not None else None

    def officer(self, session: int | None) -> str:
        """Return who is signed in in a session, or an empty text."""
        place = self.place(session)
        return place.officer if place is not None else ""

    def unhidden(self, session: int) -> bool:
        """Whether a session is held for locked and has not said that it is."""
        place = self.place(session)
        return place is not None and place.unhidden

    def place(self, session: int | None) -> Place | None:
        """Return a session's place, or None once it is gone."""
        return next((place for place in self.places if place.session == session), None)

    def _at(self, phases: tuple[str, ...]) -> int | None:
        return next((place.session for place in self.places if place.phase in phases), None)
