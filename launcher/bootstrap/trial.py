"""``system try ID``: signs on to one system as a session would, and prints what was seen at each step.

It is a session without a station: the same parts and the same road, with the officer's name and password from the
terminal and the page out of sight unless ``--show`` is given. Exit status 0 when the system became ready.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.bootstrap.parts import session_parts
from launcher.bootstrap.recording import STOPPED, usable_entry
from launcher.bootstrap.session import prepare_environment
from launcher.bootstrap.tools import SecretNotReadError, read_secret
from launcher.bootstrap.where import Where
from launcher.errors import LauncherError
from launcher.policy.first_facts import facts_of
from launcher.policy.settings import Settings
from launcher.session.commands import LaunchpadResponds, LogOff, OpenSystem, SubmitPassword
from launcher.session.first import first_snapshot
from launcher.session.ports import Screen
from launcher.session.session import Inbox, Session
from launcher.session.snapshot import LaunchView, Snapshot
from launcher.sign_on.trace import Trace
from launcher.station.environment import FOLDERS, LINK, session_environment
from launcher.wire.mark import TOKEN
from launcher.wire.messages import LeftSignedOn, Show
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

    def end(self, _: asyncio.Task[None]) -> None:
        """Note that the session has ended, which nobody expects before its log-off."""
        self.ended = True
        self.changed.set()

    def draw(self, snapshot: Snapshot) -> None:
        """Take the newest snapshot."""
        self.newest = snapshot
        self.changed.set()
        if self.screen is not None:
            self.screen.draw(snapshot)


class _NoStation:
    """There is no supervisor: of what a session tells it, a person at a terminal wants to know one thing."""

    def tell(self, message: Record) -> None:
        """Say where a log-off was not confirmed: that outlives the trial. The rest is let go."""
        if isinstance(message, LeftSignedOn):
            print(f"Left signed on: {', '.join(message.systems)}. The log-off there was not confirmed.", flush=True)

    def painted(self) -> None:
        """Let it go."""


def run_trial(where: Where, system: str, user_name: str | None, password_fd: int | None, show: bool) -> int:
    """Sign on to one system and print what was seen. Raises :class:`LauncherError` where it cannot begin."""
    settings = where.settings()
    usable_entry(settings, system)
    method = next((one for one in settings.sign_in.methods if one != "federated"), None)
    if method is None:
        raise TrialSignInError("This station signs officers in at their provider's page only.")
    try:
        user_name = user_name or _ask_name()
        password = read_secret("Password: ", password_fd)
    except KeyboardInterrupt:
        print("\nStopped: nobody was logged on.")
        return STOPPED
    with tempfile.TemporaryDirectory(prefix="station-launcher-try-") as home:
        _live_in(Path(home), settings)
        return _try(where, settings, SubmitPassword(method, user_name, password), system, show)


def _ask_name() -> str:
    """Ask for the name. Raises :class:`SecretNotReadError` where nobody can answer."""
    try:
        return input("Name: ")
    except EOFError:
        raise SecretNotReadError("No name could be read: give one with --user.") from None


def _live_in(home: Path, settings: Settings) -> None:
    """Take a session's environment: whom the browser trusts and what it writes is not left in the tester's own home."""
    passed = ("DBUS_SESSION_BUS_ADDRESS",) if settings.credentials.keep == "os" else ()
    env = session_environment(os.environ, home, token="", link=0, passed=passed)
    for folder in FOLDERS.values():
        (home / folder).mkdir(mode=0o700)
    os.environ.clear()
    os.environ.update({name: value for name, value in env.items() if name not in (TOKEN, LINK)})


def _try(where: Where, settings: Settings, submit: SubmitPassword, system: str, show: bool) -> int:
    prepare_environment()
    if not show:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"

    from launcher.shell.application import Shell  # late: Qt reads the environment when it is loaded

    facts = facts_of(settings)
    shell = Shell(facts, first_snapshot(facts))
    trial = _Trial(shell, where, settings, show)

    async def engine() -> None:
        await trial.run(submit, system)

    status = shell.run(engine, None)
    return trial.status if status == 0 else 1


class _Trial:
    def __init__(self, shell: Shell, where: Where, settings: Settings, show: bool) -> None:
        self._shell = shell
        self._where = where
        self._settings = settings
        self._show = show
        self.status = 1

    async def run(self, submit: SubmitPassword, system: str) -> None:
        await self._shell.settled()
        await self._shell.warmed()
        watched = _Watched(self._shell.bridge if self._show else None)
        trace = Trace()
        parts = session_parts(
            self._where,
            self._settings,
            surfaces=self._shell.surfaces,
            screen=watched,
            station=_NoStation(),
            trace=lambda one: trace if one == system else None,
        )
        inbox: Inbox = asyncio.Queue()
        session = asyncio.create_task(Session(parts).run(inbox))
        session.add_done_callback(watched.end)
        try:
            await self._play(watched, inbox, submit, system, trace)
        finally:
            inbox.put_nowait(LogOff(confirmed=True))
            if watched.newest is None or watched.newest.stage != "signed-in":
                session.cancel()
            await asyncio.wait({session})
        if not session.cancelled():
            session.result()  # a fault of the session is told, not swallowed

    async def _play(self, watched: _Watched, inbox: Inbox, submit: SubmitPassword, system: str, trace: Trace) -> None:
        for command in (Show(), submit):
            inbox.put_nowait(command)
        await _until(watched, lambda now: now.stage == "signed-in" or now.sign_in.error is not None)
        now = watched.newest
        if now is None or now.stage != "signed-in":
            error = now.sign_in.error if now else None
            print(f"Not logged on: {error.what} {error.next_step} ({error.reference})" if error else "Not logged on.")
            return
        print(f"Logged on as {now.officer.number if now.officer else submit.user_name}.")
        if now.system(system) is None:
            print(f"{system} is not among the {len(now.systems)} systems this officer may open.")
            return
        inbox.put_nowait(LaunchpadResponds())
        inbox.put_nowait(OpenSystem(system))
        await _until(watched, lambda now: _ended(now.launch(system)))
        launch = watched.newest.launch(system) if watched.newest else None
        for line in trace.lines:
            print(line)
        if launch is not None:
            self.status = 0 if launch.state == "ready" else 1
            print(_sentence(launch))


def _ended(launch: LaunchView | None) -> bool:
    return launch is not None and launch.state not in MOVING


_NEEDS = {
    "credential": "a name and password of this officer's own, which are not kept here. Open it once at the station, or "
    "name the station's folder with --state. A terminal is tried with a name and password of the host's own by --own."
}


def _sentence(launch: LaunchView) -> str:
    took = f" after {launch.took_ms / 1000:.1f} s" if launch.took_ms is not None else ""
    if launch.error is not None:
        return f"{launch.state}{took}: {launch.error.what} {launch.error.next_step} ({launch.error.reference})"
    needs = f": {_NEEDS.get(launch.needs, launch.needs)}" if launch.needs else ""
    says = f" – {launch.says}" if launch.says and launch.state != "ready" else ""
    return f"{launch.state}{took}{needs}{says}"


async def _until(watched: _Watched, holds: Callable[[Snapshot], bool]) -> None:
    while not watched.ended and (watched.newest is None or not holds(watched.newest)):
        watched.changed.clear()
        await watched.changed.wait()
