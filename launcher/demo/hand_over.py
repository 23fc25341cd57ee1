"""The journey of a shared terminal: A works, locks and comes back; B takes over; A finds the same systems reopening.

Two officers are played on the real screens of one station. Each step says what it saw to be so, or why not.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from launcher.demo.content import SYSTEMS
from launcher.demo.journey import Act, Step, as_list, must, must_all_be_ready, play_steps, steps_table
from launcher.demo.people import DemoOfficer
from launcher.demo.players import ActFailedError, Player, Players
from launcher.demo.told import Told

GRACE_S: Final = 15.0
PIN_DIGITS: Final = 12
STATION: Final = f"""
[lock]
idle_s = 0
grace_s = {GRACE_S}
pin_digits = {PIN_DIGITS}
"""
"""What the journey's station file says besides: a grace that can be waited for, but not one that a slow computer is
later than; no lock but the officers' own; and a PIN that is long enough to be searched for: six digits are found in any
memory."""

NOTE_ON: Final = "custody-record"
OPENS: Final = "missing-persons"
ALL: Final = tuple(system.id for system in SYSTEMS)


@dataclass(slots=True)
class Played:
    """What came of the journey: its steps, how long an officer waited, and what each one left."""

    steps: list[Step] = field(default_factory=list)
    resume_pin_ms: float = 0.0
    resume_ms: float = 0.0
    hand_over_ms: float = 0.0
    residue: dict[str, list[str]] = field(default_factory=lambda: {"scanned": [], "unscanned": [], "found": []})

    @property
    def ok(self) -> bool:
        """Whether every step was as it should be, and nothing was left of anybody."""
        return bool(self.steps) and all(step.ok for step in self.steps) and not self._left()

    def take_residue(self, untrusted: object) -> None:
        """Add what was found of one officer's session; a place is named once."""
        checked = untrusted if isinstance(untrusted, dict) else {}
        for name, places in self.residue.items():
            places += [one for one in map(str, checked.get(name, ())) if one not in places]

    def as_data(self) -> dict[str, object]:
        """Return it in the agreed form."""
        return {
            "steps": [one.as_data() for one in self.steps],
            "resume_ms": round(self.resume_ms, 1),
            "resume_pin_ms": round(self.resume_pin_ms, 1),
            "hand_over_ms": round(self.hand_over_ms, 1),
            "residue": self.residue,
        }

    def as_table(self) -> str:
        """Return it for a terminal."""
        lines = steps_table(self.steps)
        lines += [
            "What an officer waits from their accepted proof to their work on the screen (a step's own time counts "
            "the typing and the waiting for the next screen, too):",
            f"  back by PIN {self.resume_pin_ms:.0f} ms; back by name and password {self.resume_ms:.0f} ms; "
            f"taken over {self.hand_over_ms:.0f} ms.",
            *(f"  left: {one}" for one in self.residue["found"]),
            *(f"  not searched: {one}" for one in self.residue["unscanned"]),
        ]
        if not self._left():
            lines.append(f"Nothing left of either officer in {len(self.residue['scanned'])} places searched.")
        return "\n".join(lines)

    def _left(self) -> bool:
        return bool(self.residue["found"] or self.residue["unscanned"])


class Journey:
    """Plays it once: ``told`` is what the station says, ``players`` who sits at its screens, A comes before B.

    ``left_signed_on``: where the hosts with terminals say that somebody is signed on.
    """

    def __init__(
        self,
        told: Told,
        players: Players,
        officers: tuple[DemoOfficer, ...],
        say: Callable[[str], None],
        left_signed_on: Callable[[], tuple[str, ...]],
    ) -> None:
        self.played = Played()
        self._told = told
        self._players = players
        self._a, self._b = officers[:2]
        self._say = say
        self._left_signed_on = left_signed_on
        self._pin = "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))
        # Of this run: they are looked for on the other one's screens.
        self._note, self._b_note = f"note {secrets.token_hex(8)}", f"note {secrets.token_hex(8)}"
        self._session = self._over = self._ends = 0
        self._at_work: Player
        self._next: Player

    async def play(self) -> Played:
        """Play all steps; the first one that is not as it should be is the last."""
        await play_steps(self._steps(), self.played.steps, self._say)
        return self.played

    def _steps(self) -> tuple[Act, ...]:
        return (
            ("A logs on", self._a_logs_on),
            (f"A opens {len(ALL)} systems", self._opens_all),
            ("A writes a note that is not sent", self._writes),
            ("A sets a PIN", self._sets_pin),
            ("A locks", self._locks),
            ("A comes back by PIN", self._back_by_pin),
            ("A copies the note", self._copies),
            ("A locks again", self._locks),
            ("A comes back by name and password", self._back_by_proof),
            ("nothing of A is left where they proved who they are", self._nothing_left),
            ("A copies the note again", self._copies),
            ("A locks and walks away", self._locks),
            ("B is kept out during A's grace", self._kept_out),
            ("B takes over, once it is over", self._takes_over),
            ("B sees nothing of A's", self._sees_nothing),
            ("nothing of A is left", self._nothing_left),
            ("A is signed on at no host", self._signed_off),
            ("B opens a system", self._b_works),
            ("B writes a note and copies it", self._b_writes),
            ("B logs off", self._logs_off),
            ("nothing of B is left", self._nothing_left),
            ("A logs on again", self._a_logs_on),
            ("A sees nothing of B's", self._sees_nothing_of_b),
            ("the same systems reopen", self._reopen),
            ("A logs off", self._logs_off),
            ("nothing of A is left again", self._nothing_left),
            ("A is signed on at no host again", self._signed_off),
        )

    # --- A

    async def _a_logs_on(self) -> None:
        self._at_work = await self._next_screen(over=0)
        seen = await self._at_work.do("log-on", user_name=self._a.user_name, secret=self._a.password)
        must(seen["officer"] == self._a.user_name, "somebody else is logged on", seen)
        await self._told.record("sign-in", outcome="signed-in")

    async def _opens_all(self) -> None:
        must_all_be_ready(await self._at_work.do("open-my-systems"), ALL)

    async def _writes(self) -> None:
        seen = await self._at_work.do("type-into", system=NOTE_ON, field="#note", text=self._note)
        must(seen["edited"] == [NOTE_ON], "the page does not count as edited", seen)

    async def _copies(self) -> None:
        seen = await self._at_work.do("copy", text=self._note)
        must(seen["clipboard"] == self._note, "it is not on the clipboard", seen)

    async def _sets_pin(self) -> None:
        seen = await self._at_work.do("set-pin", secret=self._pin)
        must(seen["pin_set"] is True, "no PIN is set", seen)

    async def _locks(self) -> None:
        await self._told.spare()  # an officer works for hours: the next screen has long been warm
        await self._at_work.do("lock")
        await self._told.next("SessionLocked", session=self._session, said=True)
        seen = await self._at_work.do("await", what="stage:locked")
        windows = seen["windows"]
        must(isinstance(windows, list) and len(windows) <= 1, "a window besides the lock is there", seen)
        must(not seen["clipboard"], "what was copied is still there", seen)

    async def _back_by_pin(self) -> None:
        await self._at_work.do("pin", secret=self._pin)
        resumed = await self._told.next("SessionResumed", session=self._session, by="pin")
        self.played.resume_pin_ms = _number(resumed["ms"])
        await self._is_as_before()

    async def _back_by_proof(self) -> None:
        await self._at_work.do("want-proof")
        over = await self._over_screen()
        seen = await over.do("look")
        must(seen["name"] == self._a.user_name, "the locked officer is not named", seen)
        await over.go("unlock", secret=self._a.password)
        resumed = await self._told.next("SessionResumed", session=self._session, by="proof")
        self.played.resume_ms = _number(resumed["ms"])
        await over.ended()
        self._ends = self._over
        await self._is_as_before()

    async def _is_as_before(self) -> None:
        seen = await self._at_work.do("await", what="stage:signed-in")
        must(set(as_list(seen["tabs"])) == set(ALL), "not the same tabs", seen)
        must(seen["edited"] == [NOTE_ON], "the note is gone", seen)

    async def _reopen(self) -> None:
        await self._at_work.do("await", what="notice:reopened")
        seen = await self._at_work.do("await", what="opened:", systems=ALL)
        must(set(as_list(seen["tabs"])) == set(ALL), "not the same systems", seen)
        must_all_be_ready(seen, ALL)

    # --- B

    async def _kept_out(self) -> None:
        await self._at_work.do("want-proof")  # nobody is offered to take over yet
        self._next = await self._over_screen()
        said = await self._next.refused("log-on", user_name=self._b.user_name, secret=self._b.password)
        if said != "terminal-kept":
            raise ActFailedError(f"B was told {said}")
        await self._told.next("TakeOverKept")

    async def _takes_over(self) -> None:
        seen = await self._next.do("await", what="grace-over:")
        over = seen["over"]
        must(
            isinstance(over, dict) and (over["systems"], over["unsaved"]) == (len(ALL), 1),
            "what it ends is not told",
            seen,
        )
        seen = await self._next.do("log-on", user_name=self._b.user_name, secret=self._b.password)
        must(seen["officer"] == self._b.user_name, "somebody else is logged on", seen)
        handed = await self._told.next("HandedOver", session=self._session)
        self.played.hand_over_ms = after_proof_ms(await self._told.record("sign-in", outcome="signed-in"))
        self._at_work = self._next
        self._ends, self._session = self._session, int(str(handed["to"]))

    async def _sees_nothing(self) -> None:
        seen = await self._at_work.do("look")
        for what in ("tabs", "launches", "edited", "notices", "clipboard", "signed_on_as"):
            must(not seen[what], f"{what} of A's", seen)
        _nothing_of(self._a, self._note, seen)

    async def _sees_nothing_of_b(self) -> None:
        seen = await self._at_work.do("look")
        # What A had open may be opening again already.
        for what in ("edited", "clipboard"):
            must(not seen[what], f"{what} of B's", seen)
        _nothing_of(self._b, self._b_note, seen)

    async def _b_works(self) -> None:
        seen = await self._at_work.do("open", system=OPENS)
        account = self._b.accounts[OPENS].user_name
        must(seen["tabs"] == [OPENS], "not this system alone", seen)
        must(seen["signed_on_as"] == [account], f"it is not signed on as {account}", seen)

    async def _b_writes(self) -> None:
        seen = await self._at_work.do("type-into", system=OPENS, field="#note", text=self._b_note)
        must(seen["edited"] == [OPENS], "the page does not count as edited", seen)
        await self._at_work.do("copy", text=self._b_note)

    # --- either

    async def _logs_off(self) -> None:
        self._ends = self._session
        await self._at_work.go("log-off")

    async def _nothing_left(self) -> None:
        ended = await self._told.next("SessionEnded", session=self._ends)
        checked = await self._told.next("ResidueChecked", session=self._ends)
        self.played.take_residue(checked["residue"])
        if ended["remained"] != []:
            raise ActFailedError(f"still there: {ended['remained']}")
        residue = checked["residue"]
        if not isinstance(residue, dict) or residue["found"] or residue["unscanned"] or not residue["scanned"]:
            raise ActFailedError("something was left, or not searched")

    async def _signed_off(self) -> None:
        """Look at what the hosts say: their lines were not only closed."""
        if left := self._left_signed_on():
            raise ActFailedError(f"still signed on at {', '.join(left)}")

    async def _next_screen(self, **fields: object) -> Player:
        """Wait for the next screen on the display; who sits there goes on."""
        shown = await self._told.next("ScreenShown", **fields)
        self._session = int(str(shown["session"]))
        return await self._players.player(await self._told.pid_of(self._session))

    async def _over_screen(self) -> Player:
        """Wait for the screen over the locked session."""
        shown = await self._told.next("ScreenShown", over=self._session)
        self._over = int(str(shown["session"]))
        return await self._players.player(await self._told.pid_of(self._over))


def after_proof_ms(sign_in: Mapping[str, object]) -> float:
    """Return the time from an officer's proof to their launchpad, of a sign-in's record."""
    spans = [one for one in as_list(sign_in["phases"]) if isinstance(one, dict) and one["phase"] == "primary"]
    proved = max((_number(one["start_ms"]) + _number(one["duration_ms"]) for one in spans), default=0.0)
    return _number(sign_in["total_ms"]) - proved


def _nothing_of(other: DemoOfficer, note: str, seen: Mapping[str, object]) -> None:
    said = tuple(_words(seen))
    for canary in (other.user_name, other.display_name, note):
        must(not any(canary in one for one in said), f"{canary} is on another's screens", seen)


def _words(shown: object) -> Iterator[str]:
    """Yield all that is said in words: an officer's number may be in a time in ms, too."""
    match shown:
        case str():
            yield shown
        case Mapping():
            for name, value in shown.items():
                yield from (*_words(name), *_words(value))
        case list():
            for value in shown:
                yield from _words(value)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
