"""A session's engine: the station's messages, the session itself, and what it is made of."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from launcher.bootstrap.where import Where
from launcher.errors import LauncherError
from launcher.policy.first_facts import FirstFacts
from launcher.session.commands import Lock
from launcher.session.first import shown
from launcher.session.first_words import FirstWords
from launcher.session.link import StationLink
from launcher.station.environment import KEPT
from launcher.wire.messages import Beat, Complete, Kept, Knock, ScanYourself, Show, TakeKeys, ToSession, WantsKept

if TYPE_CHECKING:
    from launcher.identity.officer import OfficerId
    from launcher.session.session import Inbox, Session
    from launcher.shell.application import Shell

KEPT_WITHIN_S = 12.0
"""The same officer's session before may still be ending, and its changes come first."""


async def serve(shell: Shell, where: Where, facts: FirstFacts, words: FirstWords, residue_check: bool) -> None:
    """Go on with what the first words began, and load what signing in needs once the screen is painted."""
    link = await StationLink.on(words.descriptor, words.heard)
    inbox: Inbox = asyncio.Queue()
    laid = asyncio.Event()
    if words.asked:
        inbox.put_nowait(Show())

    def take(message: ToSession) -> None:
        if isinstance(message, ScanYourself):
            pumps.append(asyncio.create_task(scan(message)))
            return
        if isinstance(message, Kept):
            laid.set()
            return
        if isinstance(message, TakeKeys):
            pumps.append(asyncio.create_task(take_keys()))
            return
        if isinstance(message, Knock):
            link.tell(Beat(screen_age_ms=shell.bridge.screen_age_ms()))
            return
        if isinstance(message, Show):
            shell.bridge.draw(shown(shell.first, message))
        inbox.put_nowait(message)

    async def scan(message: ScanYourself) -> None:
        from launcher.residue import answer

        link.tell(await asyncio.to_thread(answer, message, f"session {os.getpid()}"))

    async def take_keys() -> None:
        display = os.environ.get("DISPLAY", "")
        if display and not os.environ.get("WAYLAND_DISPLAY"):
            from launcher.display.front import take_keys  # late: loads Xlib

            await asyncio.to_thread(take_keys, display)

    async def kept(officer: OfficerId) -> None:
        """Wait until the station has laid out what is kept of the officer, where this session may not read it."""
        if KEPT in os.environ:
            link.tell(WantsKept(issuer=officer.issuer, subject=officer.subject))
            with suppress(TimeoutError):  # the officer is then asked for what is kept
                async with asyncio.timeout(KEPT_WITHIN_S):
                    await laid.wait()

    loop = asyncio.get_running_loop()

    def lock_pressed() -> None:  # in the lock key's own thread
        with suppress(RuntimeError):  # the loop has ended, and with it what there was to lock
            loop.call_soon_threadsafe(inbox.put_nowait, Lock())

    async def beat() -> None:
        while True:
            link.tell(Beat(screen_age_ms=shell.bridge.screen_age_ms()))
            await asyncio.sleep(facts.heartbeat_s)

    async def complete(session: Session) -> None:
        await shell.warmed()
        link.tell(Complete())
        await session.load_terminals()

    async def commands() -> None:
        while True:
            inbox.put_nowait(await shell.bridge.next_command())

    pumps = [asyncio.create_task(pump) for pump in (link.receive(take), commands())]
    pumps.append(asyncio.create_task(beat()))
    await shell.settled()
    try:
        session = await asyncio.to_thread(_build, shell, where, link, residue_check, kept, lock_pressed)
    except LauncherError as fault:
        from launcher.session.only_say import only_say  # late: loads what a sign-in needs

        await only_say(fault, shell.first, shell.bridge, link, inbox)
    else:
        pumps.append(asyncio.create_task(complete(session)))
        await session.run(inbox)
    for pump in pumps:
        pump.cancel()
    await asyncio.gather(*pumps, return_exceptions=True)
    await link.close()


def _build(
    shell: Shell,
    where: Where,
    link: StationLink,
    residue_check: bool,
    kept: Callable[[OfficerId], Awaitable[None]],
    lock_pressed: Callable[[], None],
) -> Session:
    from launcher.bootstrap.parts import session_parts  # late: loads the clients of directory and provider
    from launcher.display.lock_key import lock_key_of
    from launcher.session.outside import OutsidePrograms
    from launcher.session.session import Session

    settings = where.settings()
    outside = OutsidePrograms(stop=settings.lock.programs == "stop")
    parts = session_parts(
        where,
        settings,
        surfaces=shell.surfaces,
        screen=shell.bridge,
        station=link,
        outside=outside,
        lock_key=lock_key_of(os.environ, lock_pressed, outside.is_of_session),
        kept=kept,
        residue_check=residue_check,
    )
    return Session(parts)
