"""``system try ID``: signs on to one system as a session would, and off again, and prints what was seen at each step.

It is a session without a station: the same parts and the same road, with the officer's name and password from the
terminal and the page out of sight unless ``--show`` is given. What the system wants of its own is asked for there too,
and kept nowhere; or what the station keeps for the officer is used. Exit status 0 when the system became ready.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.bootstrap.asked import SecretNotReadError, read_secret
from launcher.bootstrap.parts import CONNECTORS, session_parts
from launcher.bootstrap.recording import STOPPED, Ask, usable_entry
from launcher.bootstrap.session import look_up_realm, prepare_environment, take_first_road
from launcher.bootstrap.trial_store import TrialStore
from launcher.bootstrap.where import Where, must_have_a_display
from launcher.catalogue.entry import Entry
from launcher.connectors.base import plan_of
from launcher.errors import LauncherError
from launcher.grants.credential import Credential
from launcher.grants.names import CredentialName
from launcher.policy.first_facts import facts_of
from launcher.policy.settings import Settings
from launcher.session.commands import LaunchpadResponds, LogOff, OpenSystem, SubmitPassword
from launcher.session.first import first_snapshot
from launcher.session.further_providers import TRACED
from launcher.session.ports import Screen
from launcher.session.session import Inbox, Session
from launcher.session.snapshot import LaunchView, Needs, Snapshot
from launcher.sign_on.trace import Trace
from launcher.station.environment import FOLDERS, LINK, session_environment
from launcher.wire.mark import TOKEN
from launcher.wire.messages import LeftSignedOn, Show, SignedOnAt
from launcher.wire.records import Record

if TYPE_CHECKING:
    from launcher.shell.application import Shell

MOVING = ("queued", "opening", "signing")


class TrialSignInError(LauncherError):
    """A trial signs in by name and password, and this station has no such method."""

    reference = "trial-needs-password"
    hint = "Try it on a station whose station file has the method directory or local."


@dataclass(slots=True)
class _Watched:
    """Passes snapshots on to a screen, if there is one, and wakes who waits for them."""

    screen: Screen | None
    newest: Snapshot | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def end(self, _: asyncio.Task[None] | None = None) -> None:
        """Note that the session has ended, which nobody expects before its log-off, or that nobody waits any longer."""
        self.ended = True
        self.changed.set()

    def draw(self, snapshot: Snapshot) -> None:
        """Take the newest snapshot."""
        self.newest = snapshot
        self.changed.set()
        if self.screen is not None:
            self.screen.draw(snapshot)


@dataclass(slots=True)
class _Steps:
    """What was done and seen, printed each once."""

    trace: Trace = field(default_factory=Trace)
    said: int = 0

    def say(self) -> None:
        """Print what has come since."""
        lines, self.said = self.trace.lines[self.said :], len(self.trace.lines)
        for line in lines:
            print(line, flush=True)


@dataclass(slots=True)
class _NoStation:
    """There is no supervisor: of what a session tells it, a person at a terminal wants to know how the log-off went."""

    steps: _Steps = field(default_factory=_Steps)
    on: tuple[str, ...] = ()
    """Where somebody is signed on, as far as the session has said."""
    left: tuple[str, ...] = ()
    was_on: bool = False

    def tell(self, message: Record) -> None:
        """Say where a log-off was not confirmed: that outlives the trial. The rest is let go."""
        match message:
            case SignedOnAt(systems=systems):
                self.on = systems
            case LeftSignedOn(systems=systems):
                self.left += systems
                self.steps.say()
                print(f"Left signed on: {', '.join(systems)}. The log-off there was not confirmed.", flush=True)
            case _:
                pass

    def painted(self) -> None:
        """Let it go."""

    def log_off_begins(self) -> None:
        """Note whether there is anything to sign off from."""
        self.was_on = bool(self.on)

    def say_signed_off(self) -> None:
        """Say the sign-off of a host with a terminal, where there was one; a session that died has not said its own."""
        self.steps.say()
        if still := [one for one in self.on if one not in self.left]:
            print(f"Somebody may be signed on still: {', '.join(still)}. Log off there.", flush=True)
        elif self.was_on and not self.left:
            print("Signed off.", flush=True)


@dataclass(frozen=True, slots=True)
class _Trying:
    """What is tried: a system, by an officer, and with what was typed for the system itself."""

    system: str
    submit: SubmitPassword
    own: tuple[CredentialName, Credential] | None


def run_trial(
    where: Where, system: str, user_name: str | None, password_fd: int | None, show: bool, ask: Ask = input
) -> int:
    """Sign on to one system and print what was seen. Raises :class:`LauncherError` where it cannot begin."""
    settings = where.settings()
    if show:
        must_have_a_display("There is no display to show the page on.", "Try it in a desktop, or without --show.")
    entry = usable_entry(settings, system)
    method = next((one for one in settings.sign_in.methods if one != "federated"), None)
    if method is None:
        raise TrialSignInError("This station signs officers in at their provider's page only.")
    try:
        user_name = user_name or _ask_name(ask)
        submit = SubmitPassword(method, user_name, read_secret("Password at this station: ", password_fd))
        own = own_credential(settings, entry, user_name, ask) if password_fd is None else None
    except KeyboardInterrupt:
        print("\nStopped: nobody was logged on.")
        return STOPPED
    with tempfile.TemporaryDirectory(prefix="station-launcher-try-") as home:
        _live_in(Path(home), settings)
        return _try(where, settings, _Trying(system, submit, own), show)


def _ask_name(ask: Ask) -> str:
    """Ask for the name. Raises :class:`SecretNotReadError` where nobody can answer."""
    try:
        return ask("Name at this station: ")
    except EOFError:
        raise SecretNotReadError("No name could be read: give one with --user.") from None


def own_credential(
    settings: Settings, entry: Entry, officer: str, ask: Ask
) -> tuple[CredentialName, Credential] | None:
    """Ask for the name and password that a system wants of its own; None: it wants none, or what is kept is used.

    Raises :class:`SecretNotReadError`.
    """
    grants = plan_of(CONNECTORS, entry, settings).grants
    wanted = next((one for one in grants if isinstance(one, CredentialName) and one.source == "store"), None)
    if wanted is None:
        return None
    try:
        user_name = ask(f"Name at {entry.name} (nothing: what is kept here for {officer}): ").strip()
    except EOFError:
        return None
    if not user_name:
        return None
    return wanted, Credential(user_name, read_secret(f"Password at {entry.name} (kept nowhere): ", None))


def _live_in(home: Path, settings: Settings) -> None:
    """Take a session's environment: whom the browser trusts and what it writes is not left in the tester's own home."""
    passed = ("DBUS_SESSION_BUS_ADDRESS",) if settings.credentials.keep == "os" else ()
    env = session_environment(os.environ, home, token="", link=0, passed=passed)
    for folder in FOLDERS.values():
        (home / folder).mkdir(mode=0o700)
    os.environ.clear()
    os.environ.update({name: value for name, value in env.items() if name not in (TOKEN, LINK)})


def _try(where: Where, settings: Settings, trying: _Trying, show: bool) -> int:
    facts = facts_of(settings)
    prepare_environment(proxied=facts.proxied)
    if not show:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # What the engine misses of a screen would stand among the steps.
    os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false")

    from launcher.shell.application import Shell  # late: Qt reads the environment when it is loaded

    look_up_realm(facts.kerberos_config)
    shell = Shell(facts, first_snapshot(facts))
    take_first_road(facts)
    trial = _Trial(shell, where, settings, show)

    async def engine() -> None:
        await trial.run(trying)

    before = signal.signal(signal.SIGINT, trial.stop)
    woken = signal.set_wakeup_fd(trial.signals.written.fileno(), warn_on_full_buffer=False)
    try:
        status = shell.run(engine, None)
    finally:
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGINT, before)
        trial.signals.close()
    return trial.status if status == 0 else 1


class _Signals:
    """Lets the screen's thread hear of a signal while nothing is drawn there: Python looks for one between two lines of
    its own, and with a host that says nothing there is none for as long as it takes."""

    def __init__(self) -> None:
        self._post: Callable[[Callable[[], None]], None] = lambda _: None
        self._read, self.written = socket.socketpair()
        for end in (self._read, self.written):
            end.setblocking(False)

    def listen(self, loop: asyncio.AbstractEventLoop, post: Callable[[Callable[[], None]], None]) -> None:
        """Listen on the engine's loop; ``post`` runs something on the screen's thread."""
        self._post = post
        loop.add_reader(self._read, self._heard)

    def close(self) -> None:
        """Let go of both ends."""
        self._read.close()
        self.written.close()

    def _heard(self) -> None:
        self._read.recv(64)
        self._post(lambda: None)


class _Trial:
    def __init__(self, shell: Shell, where: Where, settings: Settings, show: bool) -> None:
        self._shell = shell
        self._where = where
        self._settings = settings
        self._show = show
        self._stopped = False
        self._wake: Callable[[], object] = lambda: None
        self.signals = _Signals()
        self.status = 1

    def stop(self, *_: object) -> None:
        """Wait no longer, and log off as ever; called by Ctrl C, whose next press ends it as it is.

        A screen's loop hears of a signal, but an exception in it ends nothing.
        """
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self._stopped, self.status = True, STOPPED
        print(
            "\nStopped: logging off. Ctrl C again ends it at once: who is signed on at a host stays so there.",
            flush=True,
        )
        with suppress(RuntimeError):  # the engine's loop has ended: nothing waits any more
            self._wake()

    async def run(self, trying: _Trying) -> None:
        self.signals.listen(asyncio.get_running_loop(), self._shell.bridge.post)
        await self._shell.settled()
        await self._shell.warmed()
        watched = _Watched(self._shell.bridge if self._show else None)
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(watched.end)
        if self._stopped:
            return
        station = _NoStation()
        trace = station.steps.trace
        parts = session_parts(
            self._where,
            self._settings,
            surfaces=self._shell.surfaces,
            screen=watched,
            station=station,
            # One system is opened here: a provider that is signed on to is that system's.
            trace=lambda one: trace if one == trying.system or one.startswith(f"{TRACED} ") else None,
        )
        if trying.own is not None:
            wanted, own = trying.own
            kept_here = parts.store
            parts = replace(parts, store=lambda: TrialStore(kept_here(), wanted.system, own))
        inbox: Inbox = asyncio.Queue()
        session = asyncio.create_task(Session(parts).run(inbox))
        session.add_done_callback(watched.end)
        hands = asyncio.create_task(self._hands(inbox))
        try:
            await self._play(watched, inbox, trying, station.steps)
        finally:
            hands.cancel()
            station.log_off_begins()
            inbox.put_nowait(LogOff(confirmed=True))
            if watched.newest is None or watched.newest.stage != "signed-in":
                session.cancel()
            await asyncio.wait({session})
            station.say_signed_off()
        if not session.cancelled():
            session.result()  # a fault of the session is told, not swallowed

    async def _hands(self, inbox: Inbox) -> None:
        """Take what a person does on the screen, where there is one."""
        while self._show:
            inbox.put_nowait(await self._shell.bridge.next_command())

    async def _play(self, watched: _Watched, inbox: Inbox, trying: _Trying, steps: _Steps) -> None:
        submit, system = trying.submit, trying.system
        for command in (Show(), submit):
            inbox.put_nowait(command)
        await _until(watched, lambda now: now.stage == "signed-in" or now.sign_in.error is not None)
        now = watched.newest
        if self._stopped:
            return
        if now is None or now.stage != "signed-in":
            error = now.sign_in.error if now else None
            print(f"Not logged on: {error.what} {error.next_step} ({error.reference})" if error else "Not logged on.")
            return
        # At once, also where nobody but a program reads it: until it can be stopped by hand.
        print(f"Logged on as {now.officer.number if now.officer else submit.user_name}.", flush=True)
        if now.system(system) is None:
            print(f"{system} is not among the {len(now.systems)} systems this officer may open.")
            return
        inbox.put_nowait(LaunchpadResponds())
        if self._show:  # as a click on it does, which shows its tab, too
            self._shell.bridge.post(lambda: self._shell.window.launchpad.command.emit(OpenSystem(system)))
        else:
            inbox.put_nowait(OpenSystem(system))
        await _until(watched, lambda now: _ended(now.launch(system)))
        launch = watched.newest.launch(system) if watched.newest else None
        steps.say()
        if self._show and launch is not None and launch.state == "needs" and not watched.ended:
            print(f"{_sentence(launch)}\nDo that in the window, or end the trial with Ctrl C.", flush=True)
            await _until(watched, lambda now: _ended(now.launch(system), at="needs"))
            launch = watched.newest.launch(system) if watched.newest else None
            steps.say()
        if launch is not None and not self._stopped:
            self.status = 0 if launch.state == "ready" else 1
            print(_sentence(launch))


def _ended(launch: LaunchView | None, *, at: str = "") -> bool:
    """Say whether an opening has come to an end, and one that is no longer ``at`` a state that a person ends."""
    return launch is not None and launch.state not in (*MOVING, at)


_NEEDS: Mapping[Needs, str] = {
    "credential": "a name and password of this officer's own for it, which are not kept here. Type them when they are "
    "asked for, as they are without --password-fd; or name with --state the folder of a station that keeps them",
    "certificate": "the password of the file with this officer's certificate: open it at the station once, and give it "
    "there",
    "card-pin": "the PIN of this officer's card: a trial has nobody to type it",
    "finish": "what proves that it is ready was not seen",
    "notice": "its notice is for the officer to read and accept",
    "change-password": "it wants a new password: give it one by hand",
    "new-password": "it wants a new password: open it at the station and give one there, or by hand",
    "already-signed-on": "somebody is signed on there already",
    "provider": "the provider asks the officer something on its own page",
}


def _sentence(launch: LaunchView) -> str:
    took = f" after {launch.took_ms / 1000:.1f} s" if launch.took_ms is not None else ""
    needs = f": {_NEEDS.get(launch.needs, launch.needs)}" if launch.needs else ""
    if launch.error is not None:
        said = f"{launch.error.what} {launch.error.next_step} ({launch.error.reference})"
        return f"{launch.state}{took}{needs}{' –' if needs else ':'} {said}"
    says = f" – {launch.says}" if launch.says and launch.state != "ready" else ""
    return f"{launch.state}{took}{needs}{says}"


async def _until(watched: _Watched, holds: Callable[[Snapshot], bool]) -> None:
    while not watched.ended and (watched.newest is None or not holds(watched.newest)):
        watched.changed.clear()
        await watched.changed.wait()
