"""A spare that stands over another process: over a locked session, whose officer may come back, or over a silent one.

Over a locked session a proof is not yet a log-on. The station is asked, and its answer is one of three: the terminal
is this officer's, it is somebody else's, or the locked session is their own and goes on with the fresh proof.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from launcher.errors import LauncherError
from launcher.identity.proof import Accepted
from launcher.residue.patterns import masked_patterns
from launcher.session.fresh_proof import FreshProof, hand_over
from launcher.session.parts import Parts
from launcher.session.provider import ProviderRoad
from launcher.session.provider_roads import ProviderRoads
from launcher.session.sign_in import SignIn
from launcher.session.snapshot import CoverView, OfficerView, OverView, SignInView, Snapshot
from launcher.session.states import Effect
from launcher.timings.boot_clock import boot_time_s
from launcher.wire import messages as m

HANDED_WITHIN_S = 2.0

_MINUTE_S = 60.0


class TerminalKept(LauncherError):  # noqa: N818 - an answer, not a fault
    """Another officer's session is locked here, and they may still come back to it."""

    reference = "terminal-kept"
    hint = "Use another terminal, or come back then. If it cannot wait, call the helpdesk."


class UnlockOtherWay(LauncherError):  # noqa: N818 - an answer, not a fault
    """The locked session's officer has the same number, but logged on by another method: to us they are two."""

    reference = "unlock-other-way"
    hint = "Unlock the way you logged on."


class SessionEndedMeanwhile(LauncherError):  # noqa: N818 - a fact
    """The session that was open or locked here has ended, not by its officer's doing; this is a plain log-on screen."""

    reference = "session-ended-meanwhile"
    hint = "Log on. If you are not let in, call the helpdesk."  # the officer may be suspended: no promise to them


class SessionEndedByFault(LauncherError):  # noqa: N818 - a fact to whoever reads it here
    """The session that was open or locked here stopped by a fault; this is a plain log-on screen."""

    reference = "session-ended-by-fault"
    hint = "Log on. If it was yours, tell the helpdesk the reference."


_WHY_ENDED = {
    "ended": "The session that was open here has ended.",
    "locked-too-long": "The session that was open here was ended: it had been locked for too long.",
    "sitting-limit": "The session that was open here was ended: it had reached the longest time a session may last.",
}


def _ended(why: str) -> LauncherError:
    """Return what is said on the screen after a session, without whose it was."""
    if why == "crashed":
        return SessionEndedByFault("The session that was open here ended by a fault.")
    return SessionEndedMeanwhile(_WHY_ENDED[why])


class Desk(Protocol):
    """What is changed here: the picture, and the tasks of the session."""

    @property
    def snapshot(self) -> Snapshot:
        """The picture as it is now."""
        ...

    def draw(self, **changes: object) -> None:
        """Change the picture and show it."""
        ...

    def spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Begin a task that ends with the session."""
        ...


class OverLocked:
    """The proof that waits over a locked session, and what the screen says meanwhile."""

    def __init__(self, desk: Desk, parts: Parts, sign_in: SignIn, roads: ProviderRoads) -> None:
        self._desk = desk
        self._parts = parts
        self._sign_in = sign_in
        self._roads = roads
        self._accepted: Accepted | None = None
        self._handing: asyncio.Task[None] | None = None

    @property
    def _road(self) -> ProviderRoad | None:
        return self._roads.current

    @property
    def taking_over(self) -> bool:
        """Whether somebody said that they are not the locked session's officer."""
        over = self._desk.snapshot.over
        return over is not None and over.taking_over

    def carry_out(self, effect: Effect, message: object) -> None:
        """Do what the state machine says of a screen over a locked session; other effects are none of its business."""
        match effect, message:
            case "show-anew", m.ShowOver():
                self.show(message, anew=True)
            case "show-plain", m.NotOver():
                self._plain(message)
            case "ask-station", _:
                self._ask_station(take_over=self.taking_over)
            case "ask-taking-over", _:
                self._change(taking_over=True, proved=None)
                self._sign_in.waits(True)
                self._ask_station(take_over=True)
            case "ask-officer", m.NotYours(same_number=same):
                self._ask_officer(another_way=same)
            case "say-kept", m.NotYours(wait_s=wait_s, same_number=same):
                if same:
                    self._say_another_way()
                else:
                    self._say_kept(wait_s)
            case "drop-proof", _:
                self._drop()
            case "hand-proof", m.HandProof():
                self._hand_proof(message)
            case "take-over", _:
                self._take_over()
            case "leave", _:
                self._leave()
            case "want-face", _:
                self._parts.station.tell(m.FaceWanted())
            case _:
                pass

    def replaced(self, effect: Effect, typed_name: str, page: str = "") -> m.ReplaceMe:
        """Return the word that asks for the next screen, with what goes on there.

        ``page``: a name by which that screen knows the other force whose page was asked for.
        """
        over = self._desk.snapshot.over is not None
        match effect:
            case "replace-name":
                return m.ReplaceMe(why="name-changed", name=typed_name, taking_over=self.taking_over)
            case "replace-page":
                return m.ReplaceMe(why="page-asked", name=page, taking_over=self.taking_over)
            case "replace-typed":
                return m.ReplaceMe(why="left-typed", name="" if over else typed_name)  # the owner is asked for again
            case _:
                return m.ReplaceMe(why="cancelled")

    def show(self, message: m.ShowOver, *, anew: bool = False) -> None:
        """Say what the station says; ``anew`` where the screen stands already and what was typed stays."""
        before = self._desk.snapshot.over if anew else None
        view = over_view(message)
        if before is not None:
            said = before.taking_over, before.proved, before.another_way
            view = replace(view, taking_over=said[0], proved=said[1], another_way=said[2])
        self._desk.draw(over=view)

    def _plain(self, message: m.NotOver) -> None:
        """Become a plain sign-in screen, and say why."""
        over, busy = self._desk.snapshot.over, self._sign_in.view.busy
        if over is not None and not busy and self._sign_in.view.name in (over.logs_on_as, over.number):
            # Whoever logs on next is not told who was here. The screen leaves what is being typed.
            self._sign_in.view = replace(self._sign_in.view, name="", focus="name")
        self._desk.draw(over=None, sign_in=self._sign_in.view)
        if not busy:
            self._sign_in.say(_ended(message.why))

    def _take_over(self) -> None:
        """Ask the other officer for their name; the screen says what their proof will end."""
        self._change(taking_over=True)
        self._sign_in.ask_for("", "name")

    def _leave(self) -> None:
        """Ask for the locked session's officer again."""
        self._change(taking_over=False, proved=None)
        over = self._desk.snapshot.over
        self._sign_in.ask_for(over.logs_on_as if over is not None else "", "secret")

    def proved(self, accepted: Accepted) -> None:
        """Hold what was proved, until it is known what becomes of it."""
        self._accepted = accepted
        if self._parts.residue_check and self._desk.snapshot.over is not None:
            self._desk.spawn(self._tell_canaries(accepted))

    def _ask_station(self, *, take_over: bool) -> None:
        """Ask what becomes of the proof; the screen waits."""
        if self._accepted is None:
            return
        officer = self._accepted.officer
        self._parts.station.tell(m.Proved(officer=str(officer.id), number=officer.number, take_over=take_over))

    def _ask_officer(self, *, another_way: bool) -> None:
        """Ask the officer who is proved whether to take the terminal over."""
        if self._accepted is not None:
            officer = self._accepted.officer
            proved = OfficerView(officer.number, officer.display_name, self._accepted.warning)
            self._change(proved=proved, another_way=another_way)
            self._sign_in.waits(False)

    def _say_another_way(self) -> None:
        """Say how the locked session's officer comes back; the card stays as it is."""
        over = self._desk.snapshot.over
        self._change(proved=None)
        number = over.number if over is not None else ""
        self._sign_in.failed(UnlockOtherWay(f"You are {number}, logged on another way."))

    def _say_kept(self, wait_s: float) -> None:
        """Say how long nobody else can take the terminal over."""
        minutes = max(1, round(wait_s / _MINUTE_S))
        over = self._desk.snapshot.over
        whose = f"{over.name or over.number}'s session" if over is not None else "Another officer's session"
        how_long = f"{round(wait_s)} seconds" if wait_s < _MINUTE_S else f"{minutes} min"
        # The card stays theirs: asked for its owner now, it would be replaced before anybody has read why.
        self._change(taking_over=True, proved=None)
        self._sign_in.failed(TerminalKept(f"{whose} is locked here. You can take this terminal over in {how_long}."))

    def take_proved(self) -> Accepted | None:
        """Return what was proved, for the officer's own launchpad."""
        if self._road is not None:
            self._road.keeps()
        accepted, self._accepted = self._accepted, None
        return accepted

    def _hand_proof(self, message: m.HandProof) -> None:
        """Hand the fresh proof to the officer's own session. This process keeps its screen until it is ended."""
        accepted = self._accepted  # and kept: where the locked session ends before it goes on, this one enters
        if accepted is not None:
            proof = FreshProof(accepted.officer.user_name, accepted.password)
            self._handing = self._desk.spawn(self._hand(message, proof))

    async def handed(self) -> None:
        """Wait until the proof is on its way: the officer may be back at work before that, and this one ended."""
        if self._handing is not None:
            await asyncio.wait({self._handing}, timeout=HANDED_WITHIN_S)

    def _drop(self) -> None:
        """Let what was proved go: nothing comes of it."""
        self._accepted = None
        if self._road is not None:
            self._desk.spawn(self._road.leave())

    async def _hand(self, message: m.HandProof, proof: FreshProof) -> None:
        if self._road is None:
            await hand_over(message.address, message.pid, proof)
            return
        with suppress(LauncherError):
            proof = replace(proof, cookies=await self._road.cookies())
        handed = await hand_over(message.address, message.pid, proof)
        if handed is not None:
            self._road.hands_on(handed)

    async def _tell_canaries(self, accepted: Accepted) -> None:
        clear: list[str | bytes] = list(await self._parts.surfaces.derived_secrets())
        if accepted.password is not None:
            clear.append(accepted.password.reveal())
        if self._road is not None and self._road.session is not None:
            clear += [secret.reveal() for secret in self._road.session.secrets()]
        self._parts.station.tell(masked_patterns(clear).to_wire())

    def _change(self, **changes: object) -> None:
        over = self._desk.snapshot.over
        if over is not None:
            self._desk.draw(over=replace(over, **changes))  # type: ignore[arg-type] # names are OverView's fields


def over_view(message: m.ShowOver) -> OverView:
    """Return what the screen says of the locked session."""
    locked = message.locked
    return OverView(
        number=locked.number,
        name=locked.name,
        logs_on_as=locked.user_name or locked.number,
        since=locked.since,
        grace_until=boot_time_s() + locked.grace_left_s,
        systems=locked.systems,
        unsaved=locked.unsaved,
        running=locked.running,
        ends_within_s=locked.ends_within_s,
        taking_over=message.taking_over,
        face=locked.face,
        pin_spent=locked.pin_spent,
        ends_at=None if locked.ends_in_s is None else boot_time_s() + locked.ends_in_s,
    )


def over_card(card: SignInView, message: m.ShowOver) -> SignInView:
    """Return the sign-in card over a locked session: its officer's name is in it, or what was typed before."""
    if message.taking_over:
        return replace(card, name=message.name, focus="secret" if message.name else "name")
    return replace(card, name=message.name or message.locked.user_name or message.locked.number, focus="secret")


def cover_view(message: m.Cover, *, waiting: bool = False) -> CoverView:
    """Return what the cover says of the session behind it."""
    return CoverView(
        number=message.number,
        name=message.name,
        silent_since=boot_time_s() - message.silent_ms / 1000.0,
        systems=message.systems,
        ends_within_s=message.ends_within_s,
        waiting=waiting,
    )


def shown_over(snapshot: Snapshot, message: m.ShowOver) -> Snapshot:
    """Return the picture of a sign-in screen over a locked session."""
    card = over_card(snapshot.sign_in, message)
    return replace(snapshot, stage="signing-in", sign_in=card, over=over_view(message), cover=None)


def covered(snapshot: Snapshot, message: m.Cover) -> Snapshot:
    """Return the picture of a cover."""
    waiting = snapshot.cover is not None and snapshot.cover.waiting
    return replace(snapshot, cover=cover_view(message, waiting=waiting))
