"""The lock of one officer's session: their work is hidden, silenced and stopped, and shown again when they are back.

The lock face is drawn before anything else is done, and the work is drawn before anything else is undone: nobody waits
for a program. The PIN opens the face during the grace, which is counted on a clock that goes on in a suspend.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Literal, Protocol

from launcher.errors import LauncherError
from launcher.secret import Secret
from launcher.session import commands as c
from launcher.session.faults import error_view, log_fault
from launcher.session.fresh_proof import ProofListener
from launcher.session.parts import Parts
from launcher.session.pin import TRIES, PinChanges, same_pin, wrong_pin
from launcher.session.sitting import Sitting
from launcher.session.snapshot import LockView, NoticeKind, Snapshot
from launcher.session.states import Effect, Event, GraceOver, LockAsked, Locked, PinRight, PinWrong, State
from launcher.timings.boot_clock import boot_time_s
from launcher.wire import messages as m

LOOK_S = 0.5
"""How often it is looked whether the grace is over: a timer of the loop stands still in a suspend."""

SEEN_WITHIN_S = 2.0
"""A screen that does not paint the work again keeps no program stopped for longer."""

By = Literal["pin", "proof"]

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What is changed here: the picture, the state, and the tasks of the session."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    @property
    def state(self) -> State:
        """What the session is now."""
        ...

    def step(self, event: Event) -> None:
        """Take the state machine's step, and do what comes of it."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...


class Locking:
    """Locks one sitting and brings it back, as often as it comes."""

    def __init__(self, desk: Desk, parts: Parts, sitting: Sitting, number: str) -> None:
        self._desk = desk
        self._parts = parts
        self._sitting = sitting
        self._times = parts.settings.lock.at(parts.settings.station.place)
        self._pin_changes = PinChanges(self._times.pin_digits, number)
        self._why: Literal["idle", "asked"] = "asked"
        self._grace_until = 0.0  # on the boot clock
        self._sits_until = parts.boot_clock_s() + parts.settings.limits.sitting_s
        self._face_painted = asyncio.Event()
        self._work_seen = asyncio.Event()
        self._forward = False
        self._listener: ProofListener | None = None
        self._moving: asyncio.Task[None] | None = None  # what hides or shows; one after the other
        self._saying: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._resumed: tuple[By, float] | None = None
        self._hidden = True

    def carry_out(self, effect: Effect, message: object) -> None:
        """Do what the state machine says of a lock; other effects are none of its business."""
        state = self._desk.state
        match effect, message:
            case "lock", _ if isinstance(state, Locked):
                self._lock(state.tries)
            case "say-wrong", _ if isinstance(state, Locked):
                self._say_wrong(state.tries)
            case "want-proof", _:
                taking_over = isinstance(message, c.WantProof) and message.taking_over
                returns = isinstance(state, Locked) and state.tries > 0
                spent = self._sitting.pin is not None and not returns and not self._grace_is_over()
                self._parts.station.tell(m.WantsProof(taking_over=taking_over, returns=returns, spent=spent))
            case "stand-back", _:
                self._change(behind=True)
            case "stand-forward", _:
                self._forward = True
                self._change(behind=False)
            case "resume", m.Resume(pid=pid):
                self._resume(pid)
            case "resume", _:
                self._resume(None)
            case _:
                pass

    # --- the PIN

    def set_pin(self, pin: Secret, current: Secret) -> NoticeKind | None:
        """Set the PIN of this sitting, or take it back with an empty one; return what its officer is told of it."""
        attempt, held = self._desk.snapshot.pin_attempt + 1, self._sitting.pin
        try:
            self._sitting.pin = self._pin_changes.changed(held, pin, current)
        except LauncherError as fault:
            self._desk.draw(pin_error=error_view(fault), pin_attempt=attempt)
            return None
        now = self._sitting.pin
        self._desk.draw(pin_set=now is not None, pin_error=None, pin_attempt=attempt)
        if self._parts.residue_check:
            self._desk.spawn(self._sitting.tell_canaries())
        return "pin-set" if now is not None else None if held is None else "pin-removed"

    def give_pin(self, typed: Secret) -> None:
        """Compare what was typed into the lock face; after the grace nothing opens it any more."""
        if self._sitting.pin is None:
            return
        if self._grace_is_over():
            self._end_grace()
            return
        self._desk.step(PinRight() if same_pin(self._sitting.pin, typed) else PinWrong())

    # --- locking

    def ask(self, why: Literal["idle", "asked"]) -> None:
        """Lock: the officer's own key, or the station's word."""
        self._why = why
        with_pin = self._sitting.pin is not None and self._times.grace_s > 0
        self._desk.step(LockAsked(TRIES if with_pin else 0))

    def _lock(self, tries: int) -> None:
        """Draw the lock face first, then hide everything else side by side."""
        now = self._parts.boot_clock_s()
        self._grace_until = now + self._times.grace_s
        self._face_painted = asyncio.Event()
        self._resumed = None
        self._work_seen.set()  # it is hidden again: nobody waits for it any more
        self._parts.lock_key.give_back()
        face = LockView(
            since=time.time(),
            why=self._why,
            pin=tries > 0,
            pin_until=boot_time_s() + self._times.grace_s,
            tries_left=tries,
            running=self._sitting.running_programs(),
            ends_at=boot_time_s() + max(0.0, min(self._times.locked_s, self._sits_until - now)),
        )
        self._desk.draw(stage="locked", lock=face, locks_at=None, unsent=(), leaving=None)
        self._sitting.locked()
        self._listener = _listening()
        self._moving = self._desk.spawn(self._hide(self._moving))
        self._saying = self._desk.spawn(self._say_locked(self._moving))
        self._watching = self._desk.spawn(self._watch_grace())

    def face_painted(self) -> None:
        """Note that the lock face is painted and no other window of the session is visible."""
        self._face_painted.set()
        if self._forward:
            # Where no window manager is, it has no keys yet: whoever stood before it had them.
            self._forward = False
            self._moving = self._desk.spawn(self._look_again(self._moving))

    def _say_wrong(self, tries: int) -> None:
        """Say that it was not the PIN, and how many tries are left."""
        face = self._desk.snapshot.lock
        if face is not None:
            error = error_view(wrong_pin(tries))
            self._change(error=error, tries_left=tries, pin=tries > 0, attempt=face.attempt + 1)

    async def _hide(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        surfaces = self._parts.surfaces
        ways = self._parts.outside.hide(), surfaces.mute(True), surfaces.give_up_clipboard(), self._name_edited()
        self._hidden = await _all(*ways)

    async def _look_again(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        if isinstance(self._desk.state, Locked):
            await _all(self._parts.outside.hide())

    async def _name_edited(self) -> None:
        edited = await self._sitting.edited()
        if not self._grace_is_over():
            self._change(unsaved=edited)

    async def _say_locked(self, hiding: asyncio.Task[None]) -> None:
        await asyncio.wait({hiding})
        await self._face_painted.wait()
        address, state = self._listener.address if self._listener is not None else "", self._desk.state
        # What may still be seen is covered by another process's screen, and not left to a PIN.
        own_face = self._hidden and isinstance(state, Locked) and not state.wants_proof
        if isinstance(state, Locked) and not state.tries:
            # Without a PIN it stands there only to name, to its owner, what an end would take from them.
            own_face = own_face and self._would_lose() and not self._grace_is_over()
        self._parts.station.tell(m.Locked(why=self._why, own_face=own_face, address=address))

    def _would_lose(self) -> bool:
        face = self._desk.snapshot.lock
        return face is not None and bool(face.unsaved or face.running)

    # --- the grace

    def _grace_is_over(self) -> bool:
        return self._parts.boot_clock_s() >= self._grace_until

    async def _watch_grace(self) -> None:
        while (left_s := self._grace_until - self._parts.boot_clock_s()) > 0:  # noqa: ASYNC110 - a clock tells nobody
            await asyncio.sleep(min(left_s, LOOK_S))
        self._end_grace()

    def _end_grace(self) -> None:
        # Whose work it is and what it holds is said to nobody any more but its owner.
        self._change(pin=False, tries_left=0, unsaved=(), running=())
        self._desk.step(GraceOver())

    # --- coming back

    def _resume(self, proved_in: int | None) -> None:
        """Show the work, then undo what hid it. ``proved_in``: the process that hands a fresh proof over, if any."""
        self._resumed = ("pin" if proved_in is None else "proof", time.monotonic())
        self._work_seen = asyncio.Event()
        self._desk.draw(stage="signed-in", lock=None)
        self._sitting.shown()
        self._parts.lock_key.take()
        for task in (self._saying, self._watching):
            if task is not None:
                task.cancel()
        self._moving = self._desk.spawn(self._show(self._moving, self._work_seen))
        listener, self._listener = self._listener, None
        if proved_in is not None:
            self._pin_changes.proved_again()
            self._desk.spawn(self._renew(listener, proved_in))
        elif listener is not None:
            listener.close()

    def work_responds(self) -> None:
        """Say that the officer is at work again, and how long after the proof."""
        self._work_seen.set()
        if self._resumed is None:
            return
        (by, since), self._resumed = self._resumed, None
        self._parts.station.tell(m.Unlocked(by=by, took_ms=(time.monotonic() - since) * 1000.0))
        if by == "pin":
            self._sitting.resumed()

    def end(self) -> None:
        """Take no lock key and no proof any more."""
        self._parts.lock_key.give_back()
        if self._listener is not None:
            self._listener.close()

    async def _show(self, before: asyncio.Task[None] | None, seen: asyncio.Event) -> None:
        if before is not None:
            await asyncio.wait({before})
        surfaces = self._parts.surfaces
        await _all(surfaces.mute(False), self._show_outside(seen), surfaces.take_back_clipboard())

    async def _show_outside(self, seen: asyncio.Event) -> None:
        """Show the programs once the work is seen: its window would come over those that were in front of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SEEN_WITHIN_S):
                await seen.wait()
        await self._parts.outside.show()

    async def _renew(self, listener: ProofListener | None, proved_in: int) -> None:
        try:
            await self._sitting.renew(partial(listener.take, proved_in) if listener is not None else None)
        finally:
            # Only now: what is signed on again is signed on with what holds now.
            if not isinstance(self._desk.state, Locked):
                self._sitting.resumed()

    def _change(self, **changes: object) -> None:
        face = self._desk.snapshot.lock
        if face is not None:
            self._desk.draw(lock=replace(face, **changes))  # type: ignore[arg-type] # names are LockView's fields


def _listening() -> ProofListener | None:
    try:
        return ProofListener()
    except (OSError, AttributeError) as fault:  # a system without the abstract namespace
        log.warning("no fresh proof can be taken: %s", type(fault).__name__)
        return None


async def _all(*ways: Awaitable[None]) -> bool:
    """Go all ways at once, each to its end whatever another meets; True when none met a fault."""
    faults = [one for one in await asyncio.gather(*ways, return_exceptions=True) if isinstance(one, BaseException)]
    for fault in faults:
        log_fault("a part of a lock failed", fault)
    return not faults
