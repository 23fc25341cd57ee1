"""A case, and who is found in it: as somebody types, or by the letters on the caller's screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Final
from uuid import uuid4

from launcher.session.faults import error_view
from launcher.session.helpdesk.board import Board
from launcher.session.helpdesk.errors import LettersMistypedError, ReasonMissingError
from launcher.session.helpdesk.newest import Newest
from launcher.session.helpdesk.road import HelpdeskRoad
from launcher.session.helpdesk.view import LookingView
from launcher.wire.hub.helpdesk import Case, OpenCase

LEAST: Final = 2
"""From so many letters on somebody is looked for: one finds half the force."""
PAUSE_S: Final = 0.15
"""So long a further letter is waited for: each question is a look-up that is written down."""
LONGEST_WAIT_S: Final = 30.0
"""A hub that says "not before" a later time than this is asked again by the analyst alone."""
ALPHABET: Final = frozenset("BCDFGHJKMNPQRTVWXYZ")
"""What the letters on a screen are of (``wire.hub.kinds.Letters``)."""


def letters_of(said: str) -> str:
    """Return what was typed of letters that were read out, as the screen shows them: large, without spaces."""
    return "".join(one for one in said.upper() if one.isalnum())


def are_letters(said: str) -> bool:
    """Say whether these can be the six letters on a screen."""
    return len(said) == 6 and ALPHABET.issuperset(said)


def is_reason(said: str) -> bool:
    """Say whether this can be the reason of a case or an act (``wire.hub.kinds.Reason``)."""
    return 3 <= len(said) <= 300


class Looking:
    """The case of an analyst. ``found`` is called with the officer whose letters were read."""

    def __init__(self, board: Board, road: HelpdeskRoad, found: Callable[[str], None]) -> None:
        self._board = board
        self._road = road
        self._found = found
        self._finding = Newest(board.spawn, PAUSE_S)
        self._text = ""
        self._begun = 0  # grows with each case: what was asked in an older one is answered to nobody

    @property
    def case(self) -> Case | None:
        """The case that is open."""
        return self._view.case

    def open(self, reason: str) -> None:
        """Begin a case; what was found in the one before goes."""
        self.close()
        reason = reason.strip()
        if not is_reason(reason):
            self._board.put(looking=LookingView(case_error=error_view(ReasonMissingError("There is no reason yet."))))
            return
        asked = OpenCase(reason=reason, key=uuid4().hex)
        self._board.put(looking=replace(self._view, opening=True))
        self._board.spawn(self._open(asked, self._begun))

    def close(self) -> None:
        """End the case."""
        self._begun += 1
        self._text = ""
        self._finding.forget()
        self._board.put(looking=LookingView())

    def over(self, fault: Exception) -> None:
        """Ask for the reason of a new case: the hub says that this one is over."""
        self.close()
        self._board.put(looking=LookingView(case_error=error_view(fault)))

    def find(self, text: str) -> None:
        """Find what this is the beginning of; too little of it finds nobody."""
        self._text = text = " ".join(text.split())
        case = self.case
        if case is None:
            return
        if len(text) < LEAST:
            self._finding.forget()
            self._board.put(looking=replace(self._view, query=text, found=None, finding=False, find_error=None))
            return
        self._board.put(looking=replace(self._view, finding=True))
        begun = self._begun
        self._finding.ask(lambda: self._find(case.case, text, begun))

    def verify(self, letters: str) -> None:
        """Verify the caller by the letters; one answer at a time."""
        case = self.case
        if case is None or self._view.reading:
            return
        letters = letters_of(letters)
        if not are_letters(letters):
            mistyped = LettersMistypedError("These are not six letters of a screen.")
            self._put_letters(letters_error=error_view(mistyped))
            return
        self._board.put(looking=replace(self._view, reading=True, letters_error=None, by_letters=None))
        self._board.spawn(self._verify(case.case, letters, self._begun))

    # --- the hub's answers

    async def _open(self, asked: OpenCase, begun: int) -> None:
        try:
            case = await self._road.open_case(asked)
        except Exception as fault:
            if begun == self._begun:
                self._board.put(looking=replace(self._view, opening=False, case_error=error_view(fault)))
        else:
            if begun == self._begun:
                self._board.put(looking=replace(self._view, opening=False, case_error=None, case=case))

    async def _find(self, case: str, text: str, begun: int) -> None:
        try:
            found = await self._road.find(case, text)
        except Exception as fault:
            if self._still(text, begun):
                view = replace(self._view, finding=False, find_error=error_view(fault), query=text, found=None)
                self._board.put(looking=view)
                await self._again_after(getattr(fault, "retry_after_s", None), begun)
        else:
            if self._still(text, begun):
                view = replace(self._view, finding=False, find_error=None, query=text, found=found)
                self._board.put(looking=view)

    async def _again_after(self, wait_s: float | None, begun: int) -> None:
        """Ask once more when the hub says that it may be: for what stands in the field then."""
        if wait_s is None or not 0 < wait_s <= LONGEST_WAIT_S:
            return
        await asyncio.sleep(wait_s)
        if begun == self._begun:
            self.find(self._text)

    async def _verify(self, case: str, letters: str, begun: int) -> None:
        try:
            by_letters = await self._road.verify(case, letters)
        except Exception as fault:
            if begun == self._begun:
                view = replace(
                    self._view, reading=False, letters_error=error_view(fault), attempt=self._view.attempt + 1
                )
                self._board.put(looking=view)
            return
        if begun != self._begun:
            return
        view = replace(self._view, reading=False, by_letters=by_letters, case=by_letters.case)
        self._board.put(looking=replace(view, attempt=view.attempt + 1))
        if by_letters.officer is not None:
            self._found(by_letters.officer)

    def _put_letters(self, **changes: object) -> None:
        attempt = self._view.attempt + 1
        self._board.put(looking=replace(self._view, reading=False, attempt=attempt, **changes))  # type: ignore[arg-type]

    def _still(self, text: str, begun: int) -> bool:
        return begun == self._begun and text == self._text

    @property
    def _view(self) -> LookingView:
        return self._board.view.looking
