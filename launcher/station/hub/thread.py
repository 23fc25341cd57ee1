"""The thread that holds the link to the hub, with a loop of its own: nothing at the station ever waits for it.

What comes from the station's loop goes into an inbox and is taken by the thread. Everything that costs a moment to load
is loaded there, when the station is found to be one of a hub's.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from launcher.errors import LauncherError
from launcher.station.hub.errors import HubNotEnrolledError
from launcher.station.hub.place import HubFacts, HubPlace, Run
from launcher.station.hub.ports import NoAnswer
from launcher.station.log import say

if TYPE_CHECKING:
    from pathlib import Path

    from launcher.signing import SigningKey
    from launcher.station.hub.ports import Happening, HubDesk, Picture
    from launcher.station.hub.questions import Question
    from launcher.station.hub.work import LinkWork
    from launcher.wire.hub.commands import Answer
    from launcher.wire.hub.stations import Enrolled

MAX_WAITING: Final = 20_000
"""In the inbox, while the disk is slow; beyond it what happened is lost, and said."""
CLOSE_WITHIN_S: Final = 1.0
LOOK_AGAIN_S: Final = 5.0
"""After so long an enrolment, or that it was forgotten, is noticed."""
FAULT_AGAIN_S: Final = 60.0

Said = TypeVar("Said")

_log = logging.getLogger("launcher.station.hub")


class HubThread:
    """The link of a station to its hub (:class:`launcher.station.hub.ports.HubLink`)."""

    def __init__(self, place: HubPlace, state: Path) -> None:
        self._place = place
        self._state = state
        self._run = Run()
        self._picture: Picture | None = None
        self._inbox: deque[tuple[Callable[[LinkWork], None], Callable[[NoAnswer], None] | None]] = deque()
        self._taken: Picture | None = None
        self._lost = 0
        self._no_hub: NoAnswer | None = None
        self._said: tuple[bool, bool] | None = None
        self._was = ""
        self._closing = threading.Event()
        self._at_work: asyncio.AbstractEventLoop | None = None
        self._work: LinkWork | None = None
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # --- from the station's loop

    def begin(self, loop: asyncio.AbstractEventLoop, desk: HubDesk) -> None:
        """Begin the thread; called once, behind the first screen."""
        self._loop = loop
        self._thread = threading.Thread(target=self._live, args=(desk,), name="hub", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Say what is left to say and end, in a moment."""
        self._closing.set()
        self._wake()
        if self._thread is not None:
            self._thread.join(CLOSE_WITHIN_S)

    def picture(self, picture: Picture) -> None:
        """Take what the report is made of, when it has changed."""
        self._picture = picture
        self._wake()

    def happened(self, happening: Happening) -> None:
        """Take one thing that happened."""
        if len(self._inbox) < MAX_WAITING:
            self._put(lambda work: work.telling.happened(happening))
        else:
            self._lost += 1

    def answer(self, command: int, answer: Answer) -> None:
        """Take a command's answer."""
        self._put(lambda work: work.commanding.answer(command, answer))

    def ask(self, question: Question[Said], answered: Callable[[Said | NoAnswer], None]) -> None:
        """Ask something of the hub."""
        self._put(lambda work: work.asks.ask(question, self._back(answered)), answered)

    def _put(self, do: Callable[[LinkWork], None], answered: Callable[[NoAnswer], None] | None = None) -> None:
        """Have something done by the link; where there is none, a question is ``answered`` all the same."""
        no_hub = self._no_hub
        if no_hub is not None and answered is not None:
            self._on_loop(partial(answered, no_hub))
        elif no_hub is not _NOBODY:
            self._inbox.append((do, answered))
            self._wake()

    def _back(self, answered: Callable[[Said], None]) -> Callable[[Said], None]:
        """Return what calls ``answered`` on the station's loop."""
        return lambda said: self._on_loop(lambda: answered(said))

    # --- between the two

    def _wake(self) -> None:
        at_work = self._at_work
        if at_work is not None:
            with contextlib.suppress(RuntimeError):  # it ends now; what is in the inbox waits for the next
                at_work.call_soon_threadsafe(self._take)

    def _on_loop(self, do: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the station has ended
                self._loop.call_soon_threadsafe(do)

    # --- in the thread

    def _live(self, desk: HubDesk) -> None:
        facts: HubFacts | None = None
        while not self._closing.is_set():
            try:
                facts = facts or self._place.facts()
                if facts is None:
                    self._is_nobodys(desk)
                    return  # there is no hub in the station file, which is read once
                again_s = self._hold_if_enrolled(desk, facts)
                self._is_nobodys(desk)
            except LauncherError as fault:
                say(_log, "hub-not-begun", level=logging.ERROR, reference=fault.reference, message=fault.message)
                again_s = self._cannot(desk)
            except Exception as fault:
                _log.error("station-fault", exc_info=fault)
                again_s = self._cannot(desk)
            self._closing.wait(again_s)

    def _hold_if_enrolled(self, desk: HubDesk, facts: HubFacts) -> float:
        """Hold the link for as long as the enrolment lasts; return after how many seconds to look again."""
        from launcher.station.hub.enrolment import read_enrolled  # late: pydantic

        while not self._closing.is_set() and (enrolled := read_enrolled(self._state)) is not None:
            key = self._place.key(enrolled.station)
            if key is None:
                say(_log, "hub-key-missing", level=logging.ERROR)
                return FAULT_AGAIN_S
            self._no_hub = self._said = None
            self._becomes(desk, enrolled.station)
            self._hold(desk, facts, enrolled, key)
        return LOOK_AGAIN_S

    def _becomes(self, desk: HubDesk, station: str) -> None:
        """Have who sits here told anew where it was another station: that one's sittings are not taken from this."""
        if self._was not in ("", station):
            self._picture = None
            self._on_loop(desk.enrolled_anew)
        self._was = station

    def _is_nobodys(self, desk: HubDesk) -> None:
        """Answer whoever asks that there is no hub; what is told for it goes nowhere."""
        self._no_hub = _NOBODY
        self._answer_all(_NOBODY)
        self._state_is(desk, enrolled=False)

    def _cannot(self, desk: HubDesk) -> float:
        """Answer whoever asks that the hub cannot be had; what is told for it waits. Return when to try again."""
        from launcher.hub_client.errors import HubAwayError  # late: pydantic

        self._no_hub = NoAnswer(HubAwayError.reference, "The road to the hub has met a fault at this computer.")
        self._inbox.extendleft(reversed(self._answer_all(self._no_hub)))
        self._state_is(desk, enrolled=True)
        return FAULT_AGAIN_S

    def _answer_all(self, no_hub: NoAnswer) -> list[tuple[Callable[[LinkWork], None], None]]:
        """Answer all questions in the inbox; return what else was in it."""
        others: list[tuple[Callable[[LinkWork], None], None]] = []
        while self._inbox:
            do, answered = self._inbox.popleft()
            if answered is None:
                others.append((do, None))
            else:
                self._on_loop(partial(answered, no_hub))
        return others

    def _state_is(self, desk: HubDesk, *, enrolled: bool) -> None:
        if self._said != (enrolled, False):
            self._said = enrolled, False
            self._on_loop(partial(desk.state, enrolled=enrolled, reachable=False))

    def _hold(self, desk: HubDesk, facts: HubFacts, enrolled: Enrolled, key: SigningKey) -> None:
        from launcher.station.hub.work import LinkWork  # late: the HTTP library

        async def hold() -> None:
            work = LinkWork(self._state, facts, enrolled, key, self._run, desk, self._on_loop)
            try:
                work.after_a_kill()
                self._taken = None
                self._work, self._at_work = work, asyncio.get_running_loop()
                self._take()
                await work.run()
            finally:
                self._at_work = None
                self._take()
                self._work = None
                await work.close()

        asyncio.run(hold())

    def _take(self) -> None:
        """Take what is in the inbox; on the thread's loop."""
        work = self._work
        if work is None:
            return
        picture = self._picture
        if picture is not None and picture is not self._taken:
            self._taken = picture
            work.telling.picture(picture)
        while self._inbox:
            do, answered = self._inbox.popleft()
            try:
                do(work)
            except Exception as fault:  # a full disk: what comes after it is taken all the same
                _log.error("station-fault", exc_info=fault)
                if answered is not None:
                    self._on_loop(partial(answered, _NOBODY))
        if self._lost:
            say(_log, "hub-happenings-lost", level=logging.ERROR, times=self._lost)
            self._lost = 0
        if self._closing.is_set():
            work.stop()


_NOBODY: Final = NoAnswer(HubNotEnrolledError.reference, "This computer is none of a hub's stations.")
