"""The journey of a reset: A's session freezes at FD-01, and C at the helpdesk sets it right from another room.

Three officers are played on the real screens of two stations that a real hub joins. Each step says what it saw to be
so, or why not.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from launcher.demo.content import SYSTEMS, WITH_CODE
from launcher.demo.files import Desk
from launcher.demo.hub import DemoHub
from launcher.demo.journey import Act, Step, as_list, must, must_all_be_ready, must_be_ready, play_steps, steps_table
from launcher.demo.people import DemoOfficer
from launcher.demo.players import ActFailedError, Player, Players
from launcher.demo.told import Told

NOTE_ON: Final = "custody-record"
CLOSES: Final = "missing-persons"
ALL: Final = tuple(system.id for system in SYSTEMS)
REASON: Final = "Caller cannot work, ext. 4471"
AT_ONCE: Final = tuple(system for system in ALL if system not in WITH_CODE)
"""A one-time code that was used at one terminal is refused at the next, which has to wait for another."""
FOLLOWS_S: Final = 30.0
MESSAGE: Final = "We see you at the front desk. One moment, please."


@dataclass(frozen=True, slots=True)
class Terminal:
    """A station that is played: what it tells, who sits at its screens, where its log is."""

    desk: Desk
    told: Told
    players: Players
    state: Path


@dataclass(slots=True)
class Played:
    """What came of the journey. ``reset_ms``: from the press at the helpdesk to the next screen painted at FD-01.

    ``bring_ms``: from the press at the new terminal until the same systems are open there, but for those that take
    one-time codes; ``bring_code_ms``: until those are, too. None: the journey did not come so far.
    """

    steps: list[Step] = field(default_factory=list)
    reset_ms: float | None = None
    bring_ms: float | None = None
    bring_code_ms: float | None = None
    left_signed_on: list[str] | None = None

    @property
    def ok(self) -> bool:
        """Whether every step was as it should be."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def as_data(self) -> dict[str, object]:
        """Return it in the agreed form."""
        return {
            "steps": [one.as_data() for one in self.steps],
            "reset_ms": _rounded(self.reset_ms),
            "bring_ms": _rounded(self.bring_ms),
            "bring_code_ms": _rounded(self.bring_code_ms),
            "left_signed_on": self.left_signed_on,
        }

    def as_table(self) -> str:
        """Return it for a terminal."""
        return "\n".join((*steps_table(self.steps), *self._figures()))

    def _figures(self) -> Iterator[str]:
        if self.reset_ms is not None:
            yield (
                "From the press at the helpdesk to the next log-on screen at the frozen terminal: "
                f"{self.reset_ms:.0f} ms."
            )
        if self.left_signed_on is not None:
            left = "; ".join(self.left_signed_on) or "nowhere"
            yield f"Left signed on by the frozen session, as the helpdesk was told: {left}."
        if self.bring_ms is not None:
            yield f"Brought to another terminal, its systems open: {self.bring_ms:.0f} ms."
        if self.bring_code_ms is not None:
            yield f"The one that takes one-time codes: {self.bring_code_ms:.0f} ms."


def _rounded(ms: float | None) -> float | None:
    return None if ms is None else round(ms, 1)


class Journey:
    """Plays it once: A works at ``desk``, C at ``helpdesk``."""

    def __init__(
        self,
        hub: DemoHub,
        desk: Terminal,
        helpdesk: Terminal,
        officers: tuple[DemoOfficer, ...],
        say: Callable[[str], None],
    ) -> None:
        self.played = Played()
        self._hub = hub
        self._desk, self._helpdesk = desk, helpdesk
        self._a, _, self._c = officers
        self._say = say
        self._note = f"note {secrets.token_hex(8)}"
        self._letters = ""
        self._began = datetime.now(UTC)
        self._pressed = 0.0
        self._session = self._c_session = self._desk_session = 0
        self._desk_next: tuple[int, Player] | None = None
        self._at_work: Player
        self._analyst: Player

    async def play(self) -> Played:
        """Play all steps; the first one that is not as it should be is the last."""
        await play_steps(self._steps(), self.played.steps, self._say)
        return self.played

    def _steps(self) -> tuple[Act, ...]:
        at, there = self._desk.desk.terminal, self._helpdesk.desk.terminal
        return (
            (f"A logs on at {at}", self._a_logs_on),
            (f"A opens {len(ALL)} systems", self._opens_all),
            ("A writes a note that is not sent", self._writes),
            (f"C, of the helpdesk, logs on at {there}", self._c_logs_on),
            ("C opens a case with a reason", self._opens_case),
            ("A asks for help and reads six letters", self._reads_letters),
            ("C types them: the caller is A", self._verifies),
            ("C sees what A has open, and that one page is not saved", self._sees),
            ("C writes a message to A's screen, and A reads it", self._message),
            ("C closes a system, and A sees who did", self._closes),
            ("C opens it again", self._opens_again),
            ("A's session freezes", self._freezes),
            ("C logs A off: the next screen stands before it", self._logs_off_frozen),
            ("C is told what was left signed on", self._told_left),
            (f"A logs on at {at} again, and the same systems reopen", self._a_logs_on_again),
            ("the hub is killed and started again", self._hub_restarts),
            ("C logs off", self._c_logs_off),
            (f"A logs on at {there}, and sees: still logged on at {at}", self._a_elsewhere),
            (f"one press brings it to {there}", self._brings),
            ("the system with one-time codes follows, with the next code if this one was used", self._code_follows),
            (f"nobody is logged on at {at} any more", self._nobody_there),
            ("A logs off", self._a_logs_off),
            ("the audit is whole", self._audit_whole),
            (f"and says who was on {at}", self._audit_who),
        )

    # --- A

    async def _a_logs_on(self) -> None:
        self._session, self._at_work = self._desk_next or await next_screen(self._desk)
        self._desk_next = None
        await self._log_on(self._at_work, self._a)

    async def _opens_all(self) -> None:
        must_all_be_ready(await self._at_work.do("open-my-systems"), ALL)

    async def _writes(self) -> None:
        seen = await self._at_work.do("type-into", system=NOTE_ON, field="#note", text=self._note)
        must(seen["edited"] == [NOTE_ON], "the page does not count as edited", seen)

    async def _reads_letters(self) -> None:
        seen = await self._at_work.do("ask-help")
        self._letters = str(seen["letters"])
        must(len(self._letters) == 6, "there are no six letters", seen)

    async def _freezes(self) -> None:
        await self._desk.told.spare()  # an officer works for hours: the next screen has long been warm
        os.kill(await self._desk.told.pid_of(self._session), signal.SIGSTOP)

    async def _a_logs_on_again(self) -> None:
        await self._a_logs_on()
        await self._at_work.do("await", what="notice:reopened")
        must_all_be_ready(await self._at_work.do("await", what="opened:", systems=ALL), ALL)

    async def _a_elsewhere(self) -> None:
        self._desk_session = self._session
        self._session, self._at_work = await next_screen(self._helpdesk)
        await self._log_on(self._at_work, self._a)
        seen = await self._at_work.do("await", what="elsewhere:")
        told = as_list(seen["elsewhere"])
        must(
            [one["terminal"] for one in told if isinstance(one, dict)] == [self._desk.desk.terminal],
            "not said where",
            seen,
        )

    async def _brings(self) -> None:
        for terminal in (self._desk, self._helpdesk):  # what warms after a log-off is not what the officer waits for
            await terminal.told.spare()
        self._pressed = time.perf_counter()
        await self._at_work.do("bring-here")
        must_be_ready(await self._at_work.do("await", what="opened:", systems=AT_ONCE), AT_ONCE)
        self.played.bring_ms = self._since_pressed_ms()

    async def _code_follows(self) -> None:
        must_all_be_ready(await self._at_work.do("await", what="opened:", systems=ALL), ALL)
        self.played.bring_code_ms = self._since_pressed_ms()

    def _since_pressed_ms(self) -> float:
        return (time.perf_counter() - self._pressed) * 1000

    async def _a_logs_off(self) -> None:
        await self._at_work.go("log-off")
        await self._helpdesk.told.next("SessionEnded", session=self._session)

    # --- C

    async def _c_logs_on(self) -> None:
        self._c_session, self._analyst = await next_screen(self._helpdesk)
        await self._log_on(self._analyst, self._c)
        await self._analyst.do("await", what="helpdesk:")

    async def _opens_case(self) -> None:
        await self._analyst.do("helpdesk-open-case", text=REASON)

    async def _verifies(self) -> None:
        seen = await self._analyst.do("helpdesk-letters", text=self._letters)
        must(_panel(seen)["verified"] is True, "the caller is not verified", _panel(seen))

    async def _sees(self) -> None:
        sitting = await self._sitting_of_a(lambda one: one["unsaved"] == 1)
        must(sitting["systems"] == dict.fromkeys(ALL, "ready"), "not all that is open", sitting)

    async def _message(self) -> None:
        acting = asyncio.create_task(self._act("message", text=MESSAGE))
        seen = await self._at_work.do("await", what="message:")
        must(MESSAGE in json.dumps(seen["messages"]), "the message is not on A's screen", seen)
        await self._at_work.do("read-message")
        await acting
        await self._analyst.do("await", what="helpdesk:answered")

    async def _closes(self) -> None:
        await self._act("close-system", system=CLOSES)
        seen = await self._at_work.do("look")
        must(CLOSES not in as_list(seen["tabs"]), "it is still open", seen)
        must(self._c.display_name in json.dumps(seen["deeds"]), "A is not told who did it", seen)

    async def _opens_again(self) -> None:
        await self._act("open-system", system=CLOSES)
        must_all_be_ready(await self._at_work.do("await", what="opened:", systems=ALL), ALL)

    async def _logs_off_frozen(self) -> None:
        began = time.perf_counter()
        acting = asyncio.create_task(self._act("log-off"))
        self._desk_next = await next_screen(self._desk)
        self.played.reset_ms = (time.perf_counter() - began) * 1000
        await acting

    async def _told_left(self) -> None:
        await self._analyst.do("await", what="helpdesk:answered")
        act = _acts(await self._analyst.do("look"))[0]
        must(act["outcomes"] in (["done"], ["partly"]), "it was not done", act)
        self.played.left_signed_on = [str(one) for one in as_list(act["left_signed_on"])]
        await self._desk.told.next("SessionEnded", session=self._session)

    async def _c_logs_off(self) -> None:
        await self._analyst.go("log-off")
        await self._helpdesk.told.next("SessionEnded", session=self._c_session)

    async def _act(self, kind: str, **more: object) -> None:
        await self._analyst.do("helpdesk-act", what=kind, field=self._desk.desk.terminal, **more)

    async def _sitting_of_a(self, enough: Callable[[Mapping[str, object]], bool]) -> Mapping[str, object]:
        """Return what C's panel shows of A's sitting, once it is so: it follows within seconds."""
        seen: Mapping[str, object] = {}
        async with asyncio.timeout(FOLLOWS_S):
            while True:
                seen = _panel(await self._analyst.do("look"))
                for one in as_list(seen["sittings"]):
                    if isinstance(one, dict) and one["terminal"] == self._desk.desk.terminal and enough(one):
                        return one
                await asyncio.sleep(0.2)

    # --- either, and the hub

    async def _hub_restarts(self) -> None:
        played = (self._at_work, self._analyst)
        await self._hub.kill()
        for one in played:
            await one.do("await", what="hub:away")
        await self._hub.start()
        for one in played:
            await one.do("await", what="hub:reachable")

    async def _nobody_there(self) -> None:
        ended = await self._desk.told.next("SessionEnded", session=self._desk_session)
        must(ended["remained"] == [], "something remained", ended)

    async def _audit_whole(self) -> None:
        await self._hub.run("audit verify")

    async def _audit_who(self) -> None:
        until = datetime.now(UTC) + timedelta(minutes=1)
        said = await self._hub.run(
            "audit who", "--terminal", self._desk.desk.terminal, "--from", self._began.isoformat(),
            "--to", until.isoformat(), "--json",
        )  # fmt: skip
        must(self._a.display_name in said, "A is not named", {"said": said})

    async def _log_on(self, player: Player, officer: DemoOfficer) -> None:
        seen = await player.do("log-on", user_name=officer.user_name, secret=officer.password)
        must(seen["officer"] == officer.user_name, "somebody else is logged on", seen)


async def next_screen(terminal: Terminal) -> tuple[int, Player]:
    """Wait for the next screen on the terminal's display; return its session and who sits there."""
    shown = await terminal.told.next("ScreenShown", over=0)
    session = int(str(shown["session"]))
    return session, await terminal.players.player(await terminal.told.pid_of(session))


def _panel(seen: Mapping[str, object]) -> Mapping[str, object]:
    panel = seen["helpdesk"]
    if not isinstance(panel, dict):
        raise ActFailedError("there is no panel of the helpdesk", detail=json.dumps(seen))
    return panel


def _acts(seen: Mapping[str, object]) -> list[dict[str, object]]:
    return [one for one in as_list(_panel(seen)["acts"]) if isinstance(one, dict)]
