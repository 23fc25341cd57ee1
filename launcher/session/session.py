"""One officer's session: what the officer and the station say goes in, one snapshot comes out.

Everything that takes time is a task of one task group; when the group is left, every launch is cancelled. Python
cannot wipe memory, so the end is the process's end: this class only undoes first what an exit cannot undo.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from itertools import count

from launcher.errors import LauncherError
from launcher.identity.proof import Accepted
from launcher.policy.first_facts import facts_of
from launcher.session import commands as c
from launcher.session.faults import place_of
from launcher.session.first import first_snapshot, shown
from launcher.session.parts import Parts
from launcher.session.provider import ProviderRoad
from launcher.session.services import services_of, watch
from launcher.session.sign_in import SignIn
from launcher.session.sitting import Sitting
from launcher.session.snapshot import (
    NoticeKind,
    NoticeView,
    ServiceView,
    SignInView,
    Snapshot,
)
from launcher.session.state import (
    Answered,
    Cancelled,
    Effect,
    EndAsked,
    Ending,
    Event,
    IdlePassed,
    LogOffConfirmed,
    NameLeft,
    PageAsked,
    Proved,
    ShowAsked,
    SignedIn,
    SigningIn,
    Spare,
    State,
    Submitted,
    step,
)
from launcher.timings import Running
from launcher.wire import messages as m
from launcher.wire.records import SignInRecord

Message = c.Command | m.ToSession | IdlePassed
Inbox = asyncio.Queue[Message]

KEPT_NOTICES = 50
SIGN_OFF_BY = 0.8
"""The share of the time a session has to end by which its sign-offs are over; the rest is for ending processes."""

log = logging.getLogger(__name__)


class Session:
    """A session's life: :meth:`run` returns when it has ended and everything it began with it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        settings = parts.settings
        self._state: State = Spare()
        self._provider = (
            ProviderRoad(parts.federation, settings.federated, parts.surfaces)
            if parts.federation and settings.federated
            else None
        )
        self._snapshot = first_snapshot(facts_of(settings))
        self._sign_in = SignIn(parts.methods, self._snapshot.sign_in, self._provider, self._card, self._record)
        self._tasks: set[asyncio.Task[None]] = set()
        self._attempt: asyncio.Task[None] | None = None
        self._services: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._sitting: Sitting | None = None
        self._shell_phase: Running | None = None
        self._notice_ids = count(1)
        self._typed_name = ""
        self._prepared = False
        self._left_on: set[str] = set()

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        return self._snapshot

    async def run(self, inbox: Inbox) -> None:
        """Serve the inbox until the session ends, then undo and end what it began."""
        self._inbox = inbox
        self.draw()
        try:
            async with asyncio.TaskGroup() as work:
                self._work = work
                self.spawn(self._read_ahead())
                while not isinstance(self._state, Ending):
                    await self._serve_contained(await inbox.get())
                if self._state.reason == "log-off":
                    self._parts.station.tell(m.LoggingOff())
                self.draw(stage="ending")
                for task in self._tasks:
                    task.cancel()
        finally:
            if self._idle is not None:
                self._idle.cancel()
            await self._end()

    # --- what comes in

    async def _serve_contained(self, message: Message) -> None:
        """Serve one message; a fault in it costs this message and not the officer's session."""
        try:
            await self._serve(message)
        except Exception as fault:
            _log_fault(f"a {type(message).__name__} was not carried out", fault)

    async def _serve(self, message: Message) -> None:
        match message:
            case m.Show():
                self._step(ShowAsked(), message)
            case IdlePassed():
                self._step(message)
            case m.End(reason=reason):
                self._step(EndAsked(reason))
            case m.Unresponsive(silent_ms=silent_ms) if isinstance(self._state, SignedIn):
                self._notice("not-answered", took_ms=silent_ms)
            case c.Typed(name=name, left_name=left, empty=empty):
                self._typed_name = name.strip()
                if not empty:
                    self._sign_in.typed()
                    self._prepare()
                self._step(NameLeft(self._typed_name, left, empty))
                self._watch_idle()
            case c.SubmitPassword(user_name=name) | c.ChangePassword(user_name=name):
                self._typed_name = name.strip()
                self._step(Submitted(self._typed_name), message)
            case c.StartProvider():
                self._step(PageAsked(), message)
            case c.CancelSignIn():
                self._cancel_attempt()
            case c.SignInPainted():
                self._parts.station.painted()
            case c.LaunchpadResponds():
                self._launchpad_responds()
            case c.LogOff(confirmed=confirmed):
                await self._log_off(confirmed)
            case m.Unresponsive():
                pass  # nobody sat here when it was silent
            case c.StayLoggedOn():
                self.draw(leaving=None)
            case _:
                if isinstance(self._state, SignedIn) and self._sitting is not None:
                    self._sitting.serve(message)

    def _step(self, event: Event, message: Message | None = None) -> None:
        self._state, effects = step(self._state, event)
        for effect in effects:
            self._carry_out(effect, message)

    def _carry_out(self, effect: Effect, message: Message | None) -> None:
        match effect:
            case "show" if isinstance(message, m.Show):
                card = replace(shown(self._snapshot, message).sign_in, usual_ms=self._parts.usual.sign_in())
                self.draw(stage="signing-in")
                self._sign_in.show(card)
                if self._services is None:
                    self._services = self.spawn(watch(services_of(self._parts.settings), self._service_changed))
                if message.focus == "provider":
                    # It was asked for on the screen this one replaces, by one press; it is not asked for twice.
                    self._inbox.put_nowait(c.StartProvider("federated"))
            case "prove":
                self._attempt = self.spawn(self._prove(message, self._attempt))
                self._attempt.add_done_callback(lambda _: self._watch_idle())
            case "replace-name":
                self._parts.station.tell(m.ReplaceMe(why="name-changed", name=self._typed_name))
            case "replace-page":
                self._parts.station.tell(m.ReplaceMe(why="page-asked"))
            case "replace-cancelled":
                self._parts.station.tell(m.ReplaceMe(why="cancelled"))
            case "replace-typed":
                self._parts.station.tell(m.ReplaceMe(why="left-typed", name=self._typed_name))
            case _:
                pass

    # --- signing in

    async def _prove(self, message: Message | None, before: asyncio.Task[None] | None) -> None:
        try:
            if before is not None:
                await asyncio.wait({before})  # one that was cancelled still closes the provider's page
            if self._provider is not None:
                await self._provider.drop()
            accepted = await self._proof_of(message)
            if accepted is not None:
                await self._enter(accepted)
                return
        except Exception as fault:
            self._sign_in.failed(fault)
        self._step(Answered())

    async def _proof_of(self, message: Message | None) -> Accepted | None:
        match message:
            case c.SubmitPassword(method=method, user_name=name, password=password):
                if self._provider is not None:
                    await self._provider.ahead()
                return await self._sign_in.by_password(method, name.strip(), password)
            case c.ChangePassword(user_name=name, current=current, new=new):
                return await self._sign_in.with_new_password(name.strip(), current, new)
            case _:
                return await self._sign_in.by_provider()

    async def _read_ahead(self) -> None:
        """Read the catalogue while nobody waits for it; what has changed by the sign-in is read again then."""
        await asyncio.to_thread(self._parts.catalogue)

    def _prepare(self) -> None:
        if not self._prepared:
            self._prepared = True
            self.spawn(self._sign_in.prepare())
            if self._provider is not None:
                self.spawn(self._provider.prepare())

    def _cancel_attempt(self) -> None:
        busy = isinstance(self._state, SigningIn) and self._state.busy
        if busy and self._attempt is not None and not self._attempt.done():
            self._attempt.cancel()
            self._sign_in.cancelled()
            self._step(Cancelled())

    def _watch_idle(self) -> None:
        """Start the wait again after which a screen left with something typed is replaced."""
        if self._idle is not None:
            self._idle.cancel()
        if not isinstance(self._state, SigningIn):
            return
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self._parts.settings.limits.spare_idle_s, self._inbox.put_nowait, IdlePassed())

    async def _enter(self, accepted: Accepted) -> None:
        """Make the launchpad of the officer who is proved."""
        timeline, officer = self._sign_in.timeline, accepted.officer
        sitting = Sitting(self, self._parts, accepted, self._provider)
        await sitting.begin(timeline)
        self._sitting = sitting
        if self._services is not None:
            self._services.cancel()
        if self._idle is not None:
            self._idle.cancel()
        self._step(Proved(officer.number))
        self._sign_in.accepted()
        self._shell_phase = timeline.start("shell")
        self.draw(stage="signed-in", sign_in=self._sign_in.view, services=())
        self._parts.station.tell(m.SignedIn(officer=str(officer.id), number=officer.number))
        if accepted.warning:
            self._notice("password-warning", text=accepted.warning)

    def _launchpad_responds(self) -> None:
        if self._shell_phase is not None:
            self._sign_in.timeline.stop(self._shell_phase)
            self._shell_phase = None
            self._sign_in.finish()
            if self._sitting is not None:
                self._sitting.look_ahead()

    # --- the end

    async def _log_off(self, confirmed: bool) -> None:
        if not isinstance(self._state, SignedIn) or self._sitting is None:
            return
        leaving = None if confirmed else await self._sitting.leaving()
        if leaving is None:
            self._step(LogOffConfirmed())
        else:
            self.draw(leaving=leaving)

    async def _end(self) -> None:
        """Undo what an exit cannot undo, then end every process below this one."""
        tell = self._parts.station.tell
        clock, within_s = asyncio.get_running_loop().time, self._parts.settings.limits.end_within_s
        sign_off_by = clock() + SIGN_OFF_BY * within_s
        if self._parts.residue_check and self._sitting is not None:
            with suppress(LauncherError):
                tell(await self._sitting.canaries())
        tell(m.LeavingPhase(phase="stop_apps"))
        if self._sitting is not None:
            await self._sitting.end_programs()
        tell(m.LeavingPhase(phase="stop_apps", ended=True))
        tell(m.LeavingPhase(phase="sign_off"))
        # Whatever one of them meets, the other is waited for, and all that comes after is still ended.
        sign_offs = self._sign_off_sitting(), self._sign_off_provider(sign_off_by - clock())
        for fault in await asyncio.gather(*sign_offs, return_exceptions=True):
            if isinstance(fault, Exception):
                _log_fault("a sign-off failed", fault)
        tell(m.LeavingPhase(phase="sign_off", ended=True))
        with suppress(LauncherError):
            await self._parts.surfaces.release()
        await self._parts.end_below(within_s)

    async def _sign_off_sitting(self) -> None:
        if self._sitting is not None:
            await self._sitting.sign_off()

    async def _sign_off_provider(self, within_s: float) -> None:
        federated = self._parts.settings.federated
        if self._provider is None or federated is None:
            return
        confirmed = False
        try:
            confirmed = await self._provider.end(within_s)
        finally:
            if not confirmed:
                self.left_signed_on(federated.label)

    # --- what a sitting changes (sitting.Desk)

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        self._snapshot = replace(self._snapshot, **changes)  # type: ignore[arg-type] # names are Snapshot's fields
        self._parts.screen.draw(self._snapshot)

    def ready(self, system: str, took_ms: float) -> None:
        """Say that a system is ready."""
        self._notice("ready", system=system, took_ms=took_ms)

    def left_out(self, count: int) -> None:
        """Say that entries of the catalogue are left out because they are faulty."""
        self._notice("left-out", text=str(count))

    def left_signed_on(self, where: str) -> None:
        """Say to the station where a sign-off was not confirmed, once for each."""
        if where not in self._left_on:
            self._left_on.add(where)
            self._parts.station.tell(m.LeftSignedOn(systems=(where,)))

    def not_kept(self, system: str, why: str) -> None:
        """Say that an officer's own password for a system is not kept."""
        self._notice("not-kept", system=system, text=why)

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        task = self._work.create_task(_contained(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: work.close())  # one that was cancelled before its first step
        return task

    # --- small things

    def _card(self, view: SignInView) -> None:
        self.draw(sign_in=view)

    def _service_changed(self, services: tuple[ServiceView, ...]) -> None:
        self.draw(services=services)

    def _record(self, record: SignInRecord) -> None:
        self._parts.station.tell(m.Recorded(record=record))

    def _notice(self, what: NoticeKind, *, system: str = "", took_ms: float = 0.0, text: str = "") -> None:
        notice = NoticeView(next(self._notice_ids), what, system, took_ms, text)
        self.draw(notices=(*self._snapshot.notices[-KEPT_NOTICES:], notice))


async def _contained(work: Coroutine[None, None, None]) -> None:
    """Keep a fault of one task from ending the others; what a person must know of it is shown by the task itself."""
    try:
        await work
    except Exception as fault:
        _log_fault("a task of the session failed", fault)


def _log_fault(what: str, fault: Exception) -> None:
    """Log the kind and the place of a fault; its text and traceback may quote what somebody typed."""
    log.error(what, extra={"fault": type(fault).__name__, "place": place_of(fault)})
