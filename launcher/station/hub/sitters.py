"""The sittings that are reported: from the logon of each until nothing of it is left, with what happens there."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from launcher.station import events, lock_events
from launcher.station.hub import picture
from launcher.station.hub.ports import Happening, HubLink, Picture
from launcher.wire import messages
from launcher.wire.hub.sittings import Began, Ended
from launcher.wire.records import LaunchRecord, NoticeRecord, SignInRecord, SwitchRecord

if TYPE_CHECKING:
    from launcher.station.hub.letters import Letters
    from launcher.station.hub.picture import Watched
    from launcher.station.places import Why

WORDS_WITHIN_S: Final = 0.5
"""What failed waits so long for the system's own words, which its session says right after it."""

_MAX_TEXT: Final = 500
_MAX_LEFT: Final = 1000


class Sitters:
    """Who sits here. ``letters`` are reported beside; ``systems_of`` is what a session had open, or was to open."""

    def __init__(self, link: HubLink, systems_of: Callable[[int], tuple[str, ...]]) -> None:
        self._link = link
        self._systems_of = systems_of
        self._watched: dict[int, Watched] = {}
        self._left: dict[int, list[str]] = {}
        self._why: dict[int, str] = {}
        self._failed: dict[int, SignInRecord | LaunchRecord] = {}
        self._told = Picture()
        self._due = False
        self.letters: Letters | None = None

    def of(self, session: int) -> Watched | None:
        """Return the sitting in a session."""
        return self._watched.get(session)

    def all(self) -> tuple[tuple[int, Watched], ...]:
        """Return all sittings with their sessions."""
        return tuple(self._watched.items())

    def session_of(self, sitting: str, officer: str) -> int | None:
        """Return the session of a sitting, where it is that officer's and has not ended."""
        found = (one for one, each in self._watched.items() if each.sitting.sitting == sitting)
        session = next(found, None)
        return session if session is not None and self._watched[session].officer == officer else None

    def began(self, session: int, said: messages.SignedIn) -> Watched:
        """An officer's sitting begins."""
        self._flush(session)  # whoever was refused here a moment ago may be somebody else
        watched = picture.began(_new_name(), said, time.time())
        self._begins(session, watched)
        self.changed()
        return watched

    def anew(self) -> None:
        """All sittings begin at another station: each has another name there, and none was told yet."""
        for session, watched in tuple(self._watched.items()):
            self._begins(session, picture.renamed(watched, _new_name()))
        self._told = Picture()
        self.changed()

    def ends(self, session: int, why: Why) -> None:
        """It begins to end; why it does may be known better already."""
        self._why.setdefault(session, why)
        watched = self._watched.get(session)
        if watched is not None and not watched.ending:
            tabs = picture.system_ids(self._systems_of(session)) or watched.tabs
            turned = picture.turned(watched, time.time(), ending=True)
            self._put(session, picture.with_tabs(turned, tabs))

    def because(self, session: int, why: str) -> None:
        """Say why a session is about to end."""
        self._why[session] = why

    def ended(self, session: int) -> tuple[Watched, tuple[str, ...]] | None:
        """Nothing is left of a session: return its sitting, and where it may be left signed on."""
        why, left = self._why.pop(session, "ended"), tuple(self._left.pop(session, ()))
        self._flush(session)
        watched = self._watched.pop(session, None)
        if watched is None:
            return None
        said = tuple(one[:_MAX_TEXT] for one in left)[:_MAX_LEFT]
        self._happens(Ended(at=time.time(), reason=why, left_signed_on=said, systems=watched.tabs), watched)
        self.changed()
        return watched, left

    def heard(self, session: int, message: messages.ToStation) -> None:
        """Take what a session says of itself."""
        watched = self._watched.get(session)
        match message:
            case messages.Holds() if watched is not None:
                self._put(session, picture.holds(watched, message))
            case messages.OpenSystems() if watched is not None:
                self._put(session, picture.opened(watched, message))
            case messages.Recorded(record=record):
                self._recorded(session, record)
            case messages.FailedWords(system=system, words=words):
                failed = self._failed.get(session)
                if failed is not None and system == (failed.system if isinstance(failed, LaunchRecord) else ""):
                    self._flush(session, words)

    def happened(self, event: events.StationEvent) -> None:
        """Take what the station tells."""
        match event:
            case lock_events.SessionLocked(session):
                self._turn(session, locked=True)
            case lock_events.SessionResumed(session):
                self._turn(session, locked=False)
            case events.StoppedAnswering(session):
                self._turn(session, silent=True)
            case events.AnswersAgain(session):
                self._turn(session, silent=False)
            case events.SignOffUnconfirmed(session, systems):
                self._left.setdefault(session, []).extend(systems)
            case events.RecordKept(record) if isinstance(record, SwitchRecord):
                self._link.happened(Happening(record))
            case _:
                return

    def changed(self) -> None:
        """Report, once what goes on now is done, what has changed by it."""
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._say)

    def close(self) -> None:
        """The station ends, and with it all sittings that had not."""
        for session in tuple(self._failed):
            self._flush(session)
        for session in tuple(self._watched):
            self._why.setdefault(session, "station-ended")
            self.ended(session)
        self._say()

    def _begins(self, session: int, watched: Watched) -> None:
        sitting = watched.sitting
        self._watched[session] = watched
        self._happens(Began(at=sitting.since, person=sitting.person, proved_by=sitting.proved_by), watched)

    def _say(self) -> None:
        self._due = False
        letters = self.letters.all() if self.letters is not None else ()
        now = picture.picture(self._watched.values(), letters)
        if now != self._told:
            self._told = now
            self._link.picture(now)

    def _turn(self, session: int, *, locked: bool | None = None, silent: bool | None = None) -> None:
        watched = self._watched.get(session)
        if watched is not None:
            self._put(session, picture.turned(watched, time.time(), locked=locked, silent=silent))

    def _put(self, session: int, watched: Watched) -> None:
        if self._watched.get(session) != watched:
            self._watched[session] = watched
            self.changed()

    def _recorded(self, session: int, record: SignInRecord | LaunchRecord | SwitchRecord | NoticeRecord) -> None:
        if isinstance(record, SwitchRecord):
            return  # the station's own are taken where they are kept
        self._flush(session)
        if isinstance(record, SignInRecord | LaunchRecord) and record.outcome not in ("ready", "signed-in"):
            self._failed[session] = record
            asyncio.get_running_loop().call_later(WORDS_WITHIN_S, self._flush_this, session, record)
        else:
            self._happens(record, self._watched.get(session))

    def _flush_this(self, session: int, record: SignInRecord | LaunchRecord) -> None:
        if self._failed.get(session) is record:
            self._flush(session)

    def _flush(self, session: int, words: str = "") -> None:
        failed = self._failed.pop(session, None)
        if failed is not None:
            self._happens(failed, self._watched.get(session), words)

    def _happens(
        self,
        what: SignInRecord | LaunchRecord | NoticeRecord | Began | Ended,
        watched: Watched | None,
        words: str = "",
    ) -> None:
        sitting = watched.sitting.sitting if watched is not None else None
        officer = watched.officer if watched is not None else None
        self._link.happened(Happening(what, sitting, officer, words))


def _new_name() -> str:
    return secrets.token_hex(12)
