"""A road to the hub that ends at a test: what the station says is written down, and the test says what the hub does."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any

from launcher.station.hub.ports import Happening, HubDesk, NoAnswer, Picture
from launcher.station.hub.questions import Bring, Question, SaySecond, TellHelpdesk, VouchFor
from launcher.wire.hub.commands import Answer, Command, CommandKind, CommandState
from launcher.wire.hub.sittings import Person, Sitting, Told, Vouch, Vouched

WITHIN_S = 30.0


class PaperLink:
    """A second implementation of ``HubLink``, without a thread: everything is called on the station's loop."""

    def __init__(self) -> None:
        self.desk: HubDesk | None = None
        self.pictures: list[Picture] = []
        self.happenings: list[Happening] = []
        self.answers: list[tuple[int, Answer]] = []
        self.seconds: list[tuple[str, Person | None, bool]] = []
        self.tells: list[Told] = []
        self.brings: list[tuple[str, str]] = []
        self.brought: CommandState | NoAnswer = NoAnswer("hub-not-reachable")
        self.number: str | NoAnswer = "T-1"
        self.closed = False
        self._ids = itertools.count(1)
        self._news = asyncio.Event()

    # --- what the station calls

    def begin(self, loop: asyncio.AbstractEventLoop, desk: HubDesk) -> None:
        assert loop is asyncio.get_running_loop()
        self.desk = desk
        desk.barred((), (), ())
        desk.state(enrolled=True, reachable=True)
        self._news.set()

    def close(self) -> None:
        self.closed = True

    def picture(self, picture: Picture) -> None:
        assert not self.pictures or self.pictures[-1] != picture
        self.pictures.append(picture)
        self._news.set()
        if self.desk is not None:
            self.desk.letters_known(tuple(one.letters for one in picture.letters))

    def happened(self, happening: Happening) -> None:
        self.happenings.append(happening)
        self._news.set()

    def answer(self, command: int, answer: Answer) -> None:
        assert not any(one == command and not before.more for one, before in self.answers)
        self.answers.append((command, answer))
        self._news.set()

    def ask(self, question: Question[Any], answered: Callable[[Any], None]) -> None:
        answered(self._answer_to(question))

    def _answer_to(self, question: Question[Any]) -> Any:
        match question:
            case TellHelpdesk(told=told):
                self.tells.append(told)
                return self.number
            case Bring(from_sitting=there, to_sitting=here):
                self.brings.append((there, here))
                return self.brought
            case VouchFor():
                vouch = Vouch(
                    station="here", hub="hub", sitting=question.sitting, person=question.person,
                    proved_by=question.proved_by, nonce=question.nonce, at=time.time(), until=question.until,
                )  # fmt: skip
                return Vouched(vouch=vouch, signature="c2lnbmVk")
            case SaySecond(request=request, person=person, approve=approve):
                self.seconds.append((request, person, approve))
                return None
        raise AssertionError(question)

    # --- what a test does

    def order(self, kind: CommandKind, sitting: Sitting, **more: Any) -> int:
        """Have the station carry out a command; return its id."""
        number, now = next(self._ids), time.time()
        fields = {"officer": sitting.person.officer, "by": "help#1", "by_name": "J. Field", "reason": "asked", **more}
        command = Command(
            id=number, hub="hub", station="here", kind=kind, sitting=sitting.sitting, made=now, expires=now + 60,
            **fields,
        )  # fmt: skip
        assert self.desk is not None
        self.desk.carry_out(command)
        return number

    async def until(self, true: Callable[[], Any]) -> Any:
        """Wait until something the station has said makes this true, and return it."""
        async with asyncio.timeout(WITHIN_S):
            while not (found := true()):
                self._news.clear()
                await self._news.wait()
        return found

    async def sitting(self, state: str = "signed-in") -> Sitting:
        """Wait for the report of a sitting in a state."""

        def found() -> Sitting | None:
            now = self.pictures[-1].sittings if self.pictures else ()
            return next((one for one in now if one.state == state), None)

        sitting = await self.until(found)
        assert isinstance(sitting, Sitting)
        return sitting

    async def answered(self, command: int, *, more: bool = False) -> Answer:
        """Wait for a command's last answer, or for its first that has more."""

        def found() -> Answer | None:
            return next((each for one, each in self.answers if one == command and each.more == more), None)

        answer = await self.until(found)
        assert isinstance(answer, Answer)
        return answer

    def answers_to(self, command: int) -> list[Answer]:
        """Return all answers to a command so far."""
        return [each for one, each in self.answers if one == command]
