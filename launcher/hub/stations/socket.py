"""A station's socket: hello with a challenge, a proof, then wakes and signs of life; all else it asks for over HTTP."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from launcher.hub.errors import HubError, MalformedError, StoreAwayError
from launcher.hub.lateness import whenever
from launcher.hub.refusal import refusal
from launcher.hub.stations import challenges, reach, rows
from launcher.hub.stations.ends import note_end, tell_reach_changed
from launcher.hub.stations.errors import QuarantinedError
from launcher.wire.hub import PREFIX
from launcher.wire.hub.stations import Beat, Hello, Known, News, Proved, Wake, Welcome

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

    from launcher.hub.service import Hub
    from launcher.hub.wakes import Listening

_log = logging.getLogger("launcher.hub")

PROVE_WITHIN_S: Final = 15.0
REFUSED: Final = 4403
"""The code a socket is closed with after a refusal."""

ADDRESS: Final = f"{PREFIX}/stations/socket"

_BEAT: Final = Beat().model_dump_json()
_BEAT_WITHOUT_STORE: Final = Beat(ready=False).model_dump_json()


class WithSockets:
    """Serves the stations' sockets, and hands all else on to the application.

    Before it and not as one of its routes: what it wraps around a request would be kept for each station that is
    connected, which is most of what one costs.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket" and scope["path"] == ADDRESS:
            with whenever():
                await serve_socket(WebSocket(scope, receive, send), self.app.state.hub)
        else:
            await self.app(scope, receive, send)


async def serve_socket(socket: WebSocket, hub: Hub) -> None:
    """Serve one socket until it ends."""
    try:
        entered = await _enter(socket, hub)
        if entered is not None:
            await _serve_known(socket, hub, *entered)
    except Exception:
        _log.exception("hub-fault")  # nobody else tells it: see :mod:`launcher.hub.logs`
        await _close(socket)


async def _enter(socket: WebSocket, hub: Hub) -> tuple[str, Known, Listening] | None:
    """Let a station prove itself; None: it has not, and its socket is closed."""
    await socket.accept()
    try:
        await _say(socket, Hello(challenge=challenges.challenge(hub), beat_s=hub.settings.serve.beat_s))
        async with asyncio.timeout(PROVE_WITHIN_S):
            proved = await _first_words(socket)
            # From before the store is asked: what comes about between its answer and the welcome is not missed.
            listening = hub.wakes.listening(f"station:{proved.proof.station}")
            try:
                with hub.door.entering():
                    known = await _Proving(hub, proved).known()
            except BaseException:
                listening.end()
                raise
    except HubError as refused:
        await _refuse(socket, refused)
    except (TimeoutError, WebSocketDisconnect):
        await _close(socket)
    else:
        return proved.proof.station, known, listening
    return None


async def _serve_known(socket: WebSocket, hub: Hub, station: str, known: Known, listening: Listening) -> None:
    hub.metrics.sockets.inc()
    try:
        await _say(socket, Welcome(known=known))
        async with asyncio.TaskGroup() as group:
            waking = group.create_task(_wake(socket, hub, station, known.news, listening))
            try:
                await _hear(socket, hub)
            finally:
                waking.cancel()
    except* (WebSocketDisconnect, TimeoutError, RuntimeError):
        pass  # the station calls again
    except* HubError as refused:
        await _refuse(socket, next(one for one in refused.exceptions if isinstance(one, HubError)))
    finally:
        listening.end()
        hub.metrics.sockets.dec()
        await run_in_threadpool(note_end, hub, station, known.now)
        await _close(socket)


async def _first_words(socket: WebSocket) -> Proved:
    untrusted = await _heard(socket)
    try:
        return Proved.model_validate_json(untrusted)
    except ValidationError:
        raise MalformedError("The first words of a station are its proof.") from None


class _Proving:
    """One proof on a thread, which nobody can stop: what it proves for a socket that was given up is taken back."""

    def __init__(self, hub: Hub, proved: Proved) -> None:
        self._hub = hub
        self._proved = proved
        self._changing = threading.Lock()
        self._given_up = threading.Event()
        self._known: Known | None = None

    async def known(self) -> Known:
        """Return what the station is told. Raises :class:`HubError`."""
        try:
            known = await run_in_threadpool(self._prove)
        except asyncio.CancelledError:
            with self._changing:
                self._given_up.set()
                late = self._known
            if late is not None:
                await run_in_threadpool(self._take_back, late)
            raise
        if known is None:
            self._hub.wakes.wake(f"station:{self._proved.proof.station}")
            raise QuarantinedError("Two computers have used the same key.")
        return known

    def _prove(self) -> Known | None:
        if self._given_up.is_set():
            raise TimeoutError  # before a thread was free
        known = _prove(self._hub, self._proved)
        with self._changing:
            self._known, late = known, self._given_up.is_set()
        if known is not None:
            tell_reach_changed(self._hub, (self._proved.proof.station,))
            if late:
                self._take_back(known)
        return known

    def _take_back(self, known: Known) -> None:
        note_end(self._hub, self._proved.proof.station, known.now)


async def _hear(socket: WebSocket, hub: Hub) -> None:
    """Hear signs of life, and give one for each; a station that gives none is gone."""
    async with asyncio.timeout(None) as within:
        line = hub.lines.begin(within, hub.settings.serve.beat_s * reach.MISSED_BEATS)
        try:
            while True:
                await _heard(socket)
                hub.lines.heard(line)
                await socket.send_text(_BEAT_WITHOUT_STORE if hub.store_away.is_set() else _BEAT)
        finally:
            hub.lines.end(line)


async def _wake(socket: WebSocket, hub: Hub, station: str, told: News, listening: Listening) -> None:
    owed = False
    hub.news.told[station] = told
    try:
        while True:
            await listening.woken(hub.settings.serve.beat_s if owed else None)
            try:
                now = await hub.news.of(station)
            except StoreAwayError:  # no fault of the station's: it stays connected, and is told when the store is back
                owed = True
                continue
            owed = False
            if now != told:
                hub.news.told[station] = told = now
                await _say(socket, Wake(news=now))
    finally:
        if hub.news.told.get(station) is told:  # else another socket has taken the place of this one
            del hub.news.told[station]


def _prove(hub: Hub, proved: Proved) -> Known | None:
    with hub.store.writing() as connection:
        return rows.prove(connection, hub, proved, on_socket=True)


async def _heard(socket: WebSocket) -> str:
    """Return the next words. Raises :class:`WebSocketDisconnect`, and :class:`MalformedError` where it is no text."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    text = message.get("text")
    if not isinstance(text, str):
        raise MalformedError("A station says text on its socket.")
    return text


async def _say(socket: WebSocket, said: BaseModel) -> None:
    await socket.send_text(said.model_dump_json())


async def _refuse(socket: WebSocket, error: HubError) -> None:
    try:
        await _say(socket, refusal(error))
        await socket.close(REFUSED)
    except (RuntimeError, WebSocketDisconnect):
        return


async def _close(socket: WebSocket) -> None:
    try:
        await socket.close()
    except (RuntimeError, WebSocketDisconnect):
        return
