"""``session``: one officer's process, its screen on the main thread and everything else on the engine's."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.bootstrap.where import Where
from launcher.errors import LauncherError
from launcher.policy.settings import Settings
from launcher.session.commands import SignInPainted
from launcher.session.faults import error_view
from launcher.session.first import first_snapshot, shown
from launcher.session.link import StationLink
from launcher.shell.surfaces.environment import UNWANTED, browser_environment
from launcher.station.environment import EXTRA, LINK
from launcher.wire.messages import Beat, Complete, End, ScanYourself, Show, ToSession, Warm

if TYPE_CHECKING:
    from launcher.session.session import Inbox, Session
    from launcher.shell.application import Player, Shell


log = logging.getLogger(__name__)


def prepare_environment() -> None:
    """Set what the browser engine reads of the environment; before Qt is loaded."""
    for name in UNWANTED:
        os.environ.pop(name, None)
    os.environ.update(browser_environment(root=os.geteuid() == 0, gpu=_has_gpu()))


def run_session(where: Where, residue_check: bool, player: Callable[[], Player] | None = None) -> int:
    """Run one officer's session on the link the station handed over; ``player`` makes who plays the officer, if any."""
    prepare_environment()
    descriptor = int(os.environ.pop(LINK))
    os.set_inheritable(descriptor, False)  # before the browser starts processes of its own
    hands = [int(number) for number in os.environ.pop(EXTRA, "").split(",") if number]

    from launcher.shell.application import Shell  # late: Qt reads the environment when it is loaded

    settings = where.settings()
    shell = Shell(settings.station, first_snapshot(settings), settings.web.private_ca_file)
    playing = player() if player is not None else None
    if hands:
        from launcher.shell.hands import Hands

        playing = Hands(hands[0])

    async def engine() -> None:
        await _serve(shell, where, settings, descriptor, residue_check)

    return shell.run(engine, playing)


async def _serve(shell: Shell, where: Where, settings: Settings, descriptor: int, residue_check: bool) -> None:
    """Answer the station at once, show the screen when it says so, and only then load what signing in needs."""
    link = await StationLink.on(descriptor)
    inbox: Inbox = asyncio.Queue()

    def take(message: ToSession) -> None:
        if isinstance(message, ScanYourself):
            pumps.append(asyncio.create_task(scan(message)))
            return
        if isinstance(message, Show):
            shell.bridge.draw(shown(shell.first, message))
        inbox.put_nowait(message)

    async def scan(message: ScanYourself) -> None:
        from launcher.residue import answer

        link.tell(await asyncio.to_thread(answer, message, f"session {os.getpid()}"))

    async def beat() -> None:
        while True:
            link.tell(Beat(screen_age_ms=shell.bridge.screen_age_ms()))
            await asyncio.sleep(settings.limits.heartbeat_s)

    async def complete() -> None:
        await shell.warmed()
        link.tell(Complete())

    async def commands() -> None:
        while True:
            inbox.put_nowait(await shell.bridge.next_command())

    pumps = [asyncio.create_task(pump) for pump in (link.receive(take), commands())]
    link.tell(Warm(pid=os.getpid()))
    pumps.append(asyncio.create_task(beat()))
    await shell.settled()
    try:
        session = await asyncio.to_thread(_build, shell, where, settings, link, residue_check)
    except LauncherError as fault:
        await _only_say(fault, shell, link, inbox)
    else:
        pumps.append(asyncio.create_task(complete()))
        await session.run(inbox)
    for pump in pumps:
        pump.cancel()
    await asyncio.gather(*pumps, return_exceptions=True)
    await link.close()


async def _only_say(fault: LauncherError, shell: Shell, link: StationLink, inbox: Inbox) -> None:
    """Show what keeps this computer from signing anybody in, until the station ends this session."""
    log.error("%s: %s %s", fault.reference, fault.message, fault.detail)
    shown_now = shell.first
    while True:
        match await inbox.get():
            case Show() as show:
                shown_now = shown(shell.first, show)
                card = replace(shown_now.sign_in, error=error_view(fault), attempt=1)
                shell.bridge.draw(replace(shown_now, sign_in=card))
            case SignInPainted():
                link.painted()
            case End():
                return
            case _:
                pass


def _build(shell: Shell, where: Where, settings: Settings, link: StationLink, residue_check: bool) -> Session:
    from launcher.bootstrap.parts import session_parts  # late: loads the clients of directory and provider
    from launcher.session.session import Session

    parts = session_parts(
        where,
        settings,
        surfaces=shell.surfaces,
        screen=shell.bridge,
        station=link,
        residue_check=residue_check,
    )
    return Session(parts)


def _has_gpu() -> bool:
    return os.environ.get("QT_QPA_PLATFORM") != "offscreen" and any(Path("/dev/dri").glob("renderD*"))
