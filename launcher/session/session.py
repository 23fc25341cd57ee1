"""One officer's session: what the officer and the station say goes in, one snapshot comes out.

Everything that takes time is a task of one task group; when the group is left, every launch is cancelled. Python
cannot wipe memory, so the end is the process's end: this class only undoes first what an exit cannot undo.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace

from launcher.identity.proof import Accepted
from launcher.policy.first_facts import facts_of
from launcher.session import commands as c
from launcher.session import states as s
from launcher.session.attempt import Attempts
from launcher.session.faults import contained, log_fault
from launcher.session.first import first_snapshot, shown
from launcher.session.hub.session_hub import SessionHub
from launcher.session.leaving import leave
from launcher.session.loaded_ahead import load_terminals
from launcher.session.locking import Locking
from launcher.session.over import OverLocked, covered, over_card
from launcher.session.parts import Parts
from launcher.session.provider_roads import HOME, provider_roads
from launcher.session.replaced import stand_until_replaced
from launcher.session.says import SaysFacts
from launcher.session.services import services_of, watch
from launcher.session.sign_in import SignIn, signed_in
from launcher.session.sitting import Sitting
from launcher.session.snapshot import ServiceView, SignInView, Snapshot
from launcher.session.state import step
from launcher.timings import Running
from launcher.wire import messages as m
from launcher.wire.records import SignInRecord

Message = c.Command | m.ToSession | s.IdlePassed
Inbox = asyncio.Queue[Message]


class Session(SaysFacts):
    """A session's life: :meth:`run` returns when it has ended and everything it began with it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._hub = SessionHub(self, parts)
        self._parts = parts = self._hub.noting()
        settings = parts.settings
        self._state: s.State = s.Spare()
        self._roads = provider_roads(parts)
        self._snapshot = first_snapshot(facts_of(settings))
        self._sign_in = SignIn(parts.methods, self._snapshot.sign_in, self._roads, self._card, self._record)
        self._tasks: set[asyncio.Task[None]] = set()
        self._services: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._over = OverLocked(self, parts, self._sign_in, self._roads)
        ways = self._hub.admit, self._over.proved, self._watch_idle
        self._attempts = Attempts(self, self._sign_in, self._roads, *ways)
        self._sitting: Sitting | None = None
        self._locking: Locking | None = None
        self._shell_phase: Running | None = None
        self._typed_name = ""
        self._page = ""  # the sign-in method whose page was asked for
        self._asked = False  # to be replaced

    @property
    def state(self) -> s.State:
        """What the session is now."""
        return self._state

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        return self._snapshot

    async def run(self, inbox: Inbox) -> None:
        """Serve the inbox until the session ends, then undo and end what it began."""
        self._inbox, parts, was_locked = inbox, self._parts, False
        self.draw()
        try:
            async with asyncio.TaskGroup() as work:
                self._work = work
                self.spawn(self._read_ahead())
                while not isinstance(self._state, s.Ending):
                    was_locked = isinstance(self._state, s.Locked)
                    await self._serve_contained(await inbox.get())
                if self._state.reason == "log-off":
                    self._parts.station.tell(m.LoggingOff())
                elif self._asked:
                    await stand_until_replaced(inbox, self._sign_in)
                self.draw(stage="ending")
                await self._over.handed()
                for task in self._tasks:
                    task.cancel()
        finally:
            if self._idle is not None:
                self._idle.cancel()
            if self._locking is not None:
                self._locking.end()
            hub = asyncio.ensure_future(self._hub.end())
            await leave(parts, self._sitting, self._roads, self.left_signed_on, locked=was_locked)
            await hub

    async def load_terminals(self) -> None:
        """Load what a first terminal needs, while this is a spare that nobody has turned to."""
        await load_terminals(self._parts, lambda: isinstance(self._state, s.Spare))

    # --- what comes in

    async def _serve_contained(self, message: Message) -> None:
        """Serve one message; a fault in it costs this message and not the officer's session."""
        try:
            await self._serve(message)
        except Exception as fault:
            log_fault(f"a {type(message).__name__} was not carried out", fault)

    async def _serve(self, message: Message) -> None:
        match message:
            case m.End(reason=reason):
                self.step(s.EndAsked(reason))
            case s.IdlePassed():
                self.step(message)
            case c.SignInPainted():
                self._parts.station.painted()
            case c.LaunchpadResponds():
                self._launchpad_responds()
            case c.LogOff(confirmed=confirmed):
                await self._log_off(confirmed)
            case c.StayLoggedOn():
                self.draw(leaving=None)
            case m.AskSecondHere() if second := self._hub.second.take(message):
                self.draw(second=second)
                self.step(s.ShowAsked(), m.Show())
            case _ if self._hub.serve(message):
                pass
            case _ if isinstance(self._state, s.SignedIn):
                self._serve_officer(message)
            case _ if isinstance(self._state, s.Locked):
                self._serve_locked(message)
            case _:
                self._serve_nobody(message)

    def _serve_nobody(self, message: Message) -> None:
        """Serve a screen at which nobody is signed in yet."""
        match message:
            case m.Show() | m.ShowOver():
                self.step(s.ShowAsked(over=isinstance(message, m.ShowOver)), message)
            case m.NotOver():
                self.step(s.LockedEnded(), message)
            case m.Cover():
                self.step(s.CoverAsked(), message)
            case m.Uncover(sign_in=sign_in):
                self.step(s.Uncovered(sign_in), m.Show())
            case m.Enter():
                self.step(s.EnterSaid())
            case m.NotYours(wait_s=wait_s):
                self.step(s.NotYoursSaid(wait_s > 0), message)
            case m.HandProof():
                self.step(s.HandProofSaid(), message)
            case c.Typed(name=name, left_name=left, empty=empty):
                self._typed_name = name.strip()
                if not empty:
                    self._sign_in.typed()
                    self._attempts.prepare()
                self.step(s.NameLeft(self._typed_name, left, empty))
                self._watch_idle()
            case c.SubmitPassword(user_name=name) if method := self._roads.method_of(name):
                # Whatever was typed as a password is for another force's page, and goes nowhere.
                self._typed_name = name.strip()
                self._ask_page(c.StartProvider(method))
            case c.SubmitPassword(user_name=name) | c.ChangePassword(user_name=name):
                self._typed_name = name.strip()
                self.step(s.Submitted(self._typed_name), message)
            case c.StartProvider():
                self._ask_page(message)
            case c.CancelSignIn():
                self._cancel_attempt()
            case c.TakeOver():
                self.step(s.TakeOverChosen())
            case c.LeaveLocked() | c.WantFace():
                self.step(s.LockedLeft() if isinstance(message, c.LeaveLocked) else s.FaceWanted())
            case c.AnswerCover():
                self.step(s.CoverChosen(), message)
            case c.Lock():
                self._attempts.lock_after = True

    def _serve_officer(self, message: Message) -> None:
        """Serve an officer at work."""
        sitting, locking = self._sitting, self._locking
        if sitting is None or locking is None:
            return
        match message:
            case m.Unresponsive(silent_ms=silent_ms):
                self.notice("not-answered", took_ms=silent_ms)
            case c.Lock():
                locking.ask("asked")
            case m.Lock(why=why):
                locking.ask(why)
            case c.SetPin(pin=pin, current=current):
                if told := locking.set_pin(pin, current):
                    self.notice(told)
            case c.WorkResponds():
                locking.work_responds()
            case _:
                sitting.serve(message)

    def _serve_locked(self, message: Message) -> None:
        """Serve the lock face, and the station's word about what is behind it."""
        sitting, locking = self._sitting, self._locking
        if sitting is None or locking is None:
            return
        match message:
            case c.LockPainted():
                locking.face_painted()
            case c.GivePin(pin=pin) if not self._hub.suspended:
                locking.give_pin(pin)
            case c.WantProof():
                self.step(s.ProofWanted(), message)
            case m.StandBack() | m.StandForward():
                self.step(s.StoodBack() if isinstance(message, m.StandBack) else s.StoodForward())
            case m.Resume():
                self.step(s.Resumed(), message)
            case m.EndSoon() | m.LockSoon() | m.Reopen() | c.Touched() | c.Playing():
                sitting.serve(message)

    def step(self, event: s.Event, message: Message | None = None) -> None:
        """Take the state machine's step, and do what comes of it."""
        self._state, effects = step(self._state, event)
        for effect in effects:
            self._carry_out(effect, message)

    def _carry_out(self, effect: s.Effect, message: Message | None) -> None:
        tell = self._parts.station.tell
        match effect, message:
            case "show", m.Show() | m.ShowOver():
                self._show(message)
            case "prove", _:
                self._attempts.prove(message)
            case "enter", _:
                self._attempts.enter(self._enter(self._over.take_proved()))
            case "cover", m.Cover():
                self._snapshot = covered(self._snapshot, message)
                self.draw()
            case "answer-cover", c.AnswerCover(end=end):
                tell(m.CoverAnswered(end=end))
                if self._snapshot.cover is not None:
                    self.draw(cover=replace(self._snapshot.cover, waiting=not end))
            case "hide", _:
                self.draw(cover=None)
            case (("replace-name" | "replace-page" | "replace-cancelled" | "replace-typed"), _):
                page = self._roads.name_for(self._page, self._typed_name)
                tell(self._over.replaced(effect, self._typed_name, page))
                self._asked = True
            case _:
                self._over.carry_out(effect, message)
                if self._locking is not None:
                    self._locking.carry_out(effect, message)
        if effect in ("ask-officer", "say-kept"):
            self._watch_idle()

    def _show(self, message: m.Show | m.ShowOver) -> None:
        if isinstance(message, m.ShowOver):
            card = over_card(self._snapshot.sign_in, message)
            self._over.show(message)
        else:
            card = shown(self._snapshot, message).sign_in
        # The name stands there before the card does, or the keys would go to the name's field, and then a password.
        self._sign_in.show(replace(card, usual_ms=self._parts.usual.sign_in()))
        self.draw(stage="signing-in", cover=None)
        if self._services is None:
            self._services = self.spawn(watch(services_of(self._parts.settings), self._service_changed))
        if message.focus == "provider":
            # It was asked for on the screen this one replaces, by one press; it is not asked for twice.
            self._inbox.put_nowait(c.StartProvider(self._roads.method_of(message.name) or HOME))

    # --- signing in

    async def _read_ahead(self) -> None:
        """Read the catalogue while nobody waits for it; what has changed by the sign-in is read again then."""
        await asyncio.to_thread(self._parts.catalogue)

    def _ask_page(self, message: c.StartProvider) -> None:
        self._page = message.method
        self.step(s.PageAsked(), message)

    def _cancel_attempt(self) -> None:
        busy = isinstance(self._state, s.SigningIn) and self._state.busy
        if isinstance(self._state, s.MayTakeOver) or (busy and self._attempts.cancel()):
            self.step(s.Cancelled())

    def _watch_idle(self) -> None:
        """Start the wait again after which a screen left with something typed is replaced."""
        if self._idle is not None:
            self._idle.cancel()
        if not isinstance(self._state, s.SigningIn | s.MayTakeOver):
            return
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._parts.settings.limits.spare_idle_s, self._inbox.put_nowait, s.IdlePassed())

    async def _enter(self, accepted: Accepted | None) -> None:
        """Make the launchpad of the officer who is proved."""
        if accepted is None:
            return
        if self._hub.second.asked:
            self._hub.second.proved(accepted)
            return
        timeline, officer = self._sign_in.timeline, accepted.officer
        await self._parts.kept(officer.id)
        sitting = Sitting(self, self._parts, accepted, self._roads.current)
        try:
            await sitting.begin(timeline)
        except BaseException:
            self.draw(over=None)  # whatever was locked here has ended for this one
            raise
        self._sitting = sitting
        self._locking = Locking(self, self._parts, sitting, officer.number)
        if self._services is not None:
            self._services.cancel()
        if self._idle is not None:
            self._idle.cancel()
        self.step(s.LaunchpadMade(officer.number))
        self._parts.lock_key.take()
        self._sign_in.accepted()
        self._shell_phase = timeline.start("shell")
        self.draw(stage="signed-in", sign_in=self._sign_in.view, over=None, services=())
        self._parts.station.tell(signed_in(accepted, locks=sitting.locks))
        self._hub.entered(accepted, sitting, self._roads)
        sitting.besides = self._hub.secrets
        if accepted.warning:
            self.notice("password-warning", text=accepted.warning)
        if self._attempts.lock_after:
            self._end_timing(self._shell_phase)  # the launchpad comes after the lock, which is no part of the logon
            self._locking.ask("asked")

    def _end_timing(self, shell_phase: Running) -> None:
        self._sign_in.timeline.stop(shell_phase)
        self._sign_in.finish()

    def _launchpad_responds(self) -> None:
        if self._shell_phase is not None:
            self._end_timing(self._shell_phase)
            self._shell_phase = None
            if self._sitting is not None:
                self._sitting.look_ahead()
            self._hub.launchpad_responds()
            self.spawn(load_terminals(self._parts, lambda: True))  # where a spare had no time for it

    async def _log_off(self, confirmed: bool) -> None:
        if not isinstance(self._state, s.SignedIn) or self._sitting is None:
            return
        leaving = None if confirmed else await self._sitting.leaving()
        if leaving is None:
            self.step(s.LogOffConfirmed())
        else:
            self.draw(leaving=leaving)

    # --- what a sitting changes (sitting.Desk)

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        self._snapshot = replace(self._snapshot, **changes)  # type: ignore[arg-type] # names are Snapshot's fields
        self._parts.screen.draw(self._snapshot)
        self._hub.drawn(self._snapshot)

    def left_signed_on(self, where: str) -> None:
        """Say to the station where a sign-off was not confirmed."""
        self._parts.station.tell(m.LeftSignedOn(systems=(where,)))
        if isinstance(self._state, s.SignedIn | s.Locked):
            self.notice("left-signed-on", text=where)

    def end_itself(self) -> None:
        """End this process, from within one of its tasks."""
        self._inbox.put_nowait(m.End(reason="replaced", deadline_ms=0))

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        task = self._work.create_task(contained(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # one that was cancelled before its first step
        return task

    # --- small things

    def _card(self, view: SignInView) -> None:
        self.draw(sign_in=view)

    def _service_changed(self, services: tuple[ServiceView, ...]) -> None:
        self.draw(services=services)

    def _record(self, record: SignInRecord, words: str) -> None:
        self._parts.station.tell(m.Recorded(record=record))
        if words:
            self._parts.station.tell(m.FailedWords(system="", words=words))
