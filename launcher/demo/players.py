"""Whoever plays the officers: listens for the sessions of one station and tells each what its officer does.

The other end is :mod:`launcher.shell.hands`. Passwords go this way and no other; a session is believed to be one of
ours when the kernel says that its account is.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from launcher.errors import LauncherError
from launcher.wire.hands import HANDS, MAX_LINE_BYTES, SLOTS, peer_of

ANSWER_S = 180.0


class ActFailedError(LauncherError):
    """An officer could not do what they were told to; ``detail`` is what the screen showed."""

    reference = "demo-act-failed"
    hint = "Run it again with nothing else running; if it stays so, look at the station's log named above."


class SessionGoneError(LauncherError):
    """A session ended before its officer had done what they were told to."""

    reference = "demo-session-gone"
    hint = "Look at the station's log named above: it says why the session ended."


class Player:
    """The officer at one session's screens, as told by whoever holds this."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.ms = 0.0  # what the last act took, from its first key to what it waited for
        self._reader = reader
        self._writer = writer

    async def do(self, act: str, **order: object) -> dict[str, object]:
        """Do one act; return what the screens then show.

        Raises :class:`ActFailedError`, with the screen's own reference as its message where that shows an error, and
        :class:`SessionGoneError`.
        """
        said = await self.ask(act, **order)
        seen = said.get("seen")
        if said.get("done") is not True:
            raise ActFailedError(str(said.get("why")), detail=f"{act}: {json.dumps(seen)}")
        return seen if isinstance(seen, dict) else {}

    async def ask(self, act: str, **order: object) -> Mapping[str, object]:
        """Do one act; return the whole answer, also where it says that it could not be done."""
        try:
            self._writer.write(json.dumps({"act": act, **order}).encode() + b"\n")
            async with asyncio.timeout(ANSWER_S):
                untrusted_line = await self._reader.readline()
        except OSError:
            untrusted_line = b""
        except TimeoutError:
            raise ActFailedError(f"{act} was not answered within {ANSWER_S:.0f} s") from None
        if not untrusted_line:
            raise SessionGoneError(f"The session ended during: {act}.")
        untrusted = json.loads(untrusted_line)
        if not isinstance(untrusted, dict):
            raise ActFailedError(f"{act} was answered with something else")
        took = untrusted.get("ms")
        self.ms = float(took) if isinstance(took, int | float) else 0.0
        return untrusted

    async def go(self, act: str, **order: object) -> None:
        """Do an act that the session may end with."""
        try:
            await self.do(act, **order)
        except SessionGoneError:
            return

    async def refused(self, act: str, **order: object) -> str:
        """Do an act that is to be refused; return the reference of what the screen says. Raises where it is not."""
        said = await self.ask(act, **order)
        if said.get("done") is True:
            raise ActFailedError(f"{act} was not refused", detail=json.dumps(said.get("seen")))
        return str(said.get("why"))

    async def ended(self) -> None:
        """Wait until the session's process has let go of its end."""
        async with asyncio.timeout(ANSWER_S):
            while await self._reader.readline():
                pass

    @property
    def closed(self) -> bool:
        """Whether the session has let go of its end, and all it said was taken."""
        return self._reader.at_eof() or self._writer.transport.is_closing()

    def close(self) -> None:
        """Let go of it: its officer sits still from now on."""
        self._writer.transport.abort()


class Players:
    """The sessions that have connected so far, by process. ``variables`` is what the station is started with."""

    def __init__(self, path: Path, accounts: frozenset[int]) -> None:
        self.path = path
        self.variables = {HANDS: str(path)}
        self._accounts = accounts
        self._players: dict[int, Player] = {}
        self._news = asyncio.Condition()

    async def player(self, pid: int) -> Player:
        """Return the officer at the session of process ``pid``, waiting for it."""
        async with asyncio.timeout(ANSWER_S), self._news:
            await self._news.wait_for(lambda: pid in self._players)
            return self._players[pid]

    async def first(self) -> Player:
        """Return the officer at the session that connected first, waiting for it."""
        async with asyncio.timeout(ANSWER_S), self._news:
            await self._news.wait_for(lambda: bool(self._players))
            return next(iter(self._players.values()))

    def forget_closed(self) -> None:
        """Forget the sessions that have let go of their end."""
        for pid in [pid for pid, player in self._players.items() if player.closed]:
            self._players.pop(pid).close()

    def let_go(self) -> None:
        """Let go of every session."""
        for player in self._players.values():
            player.close()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take a session's end of the socket; another account's is closed."""
        peer = peer_of(writer.get_extra_info("socket"))
        if peer.uid not in self._accounts:
            writer.transport.abort()
            return
        async with self._news:
            self._players[peer.pid] = Player(peer.pid, reader, writer)
            self._news.notify_all()


async def sitting(players: Players, user_name: str, password: str, leave: asyncio.Event) -> None:
    """Play one officer at the first screen: log on, open all that is theirs, log off once told to."""
    player = await players.first()
    await player.do("log-on", user_name=user_name, secret=password)
    await player.do("open-my-systems")
    await leave.wait()
    await player.go("log-off")


@asynccontextmanager
async def listening(account: int | None = None, slots: Collection[int] = ()) -> AsyncIterator[Players]:
    """Listen for the sessions of a station that runs as ``account`` (by default ours), or whose sessions do as others.

    ``slots``: these others, of a station that is root's.
    """
    owner = os.geteuid() if account is None else account
    # Not below the caller's folder: a Unix socket's path is limited to some 100 bytes.
    with tempfile.TemporaryDirectory(prefix="hands-") as made:
        path = Path(made) / "socket"
        players = Players(path, frozenset({owner, *slots}))
        if not slots:
            players.variables[SLOTS] = "off"
        server = await asyncio.start_unix_server(players.connected, path, limit=MAX_LINE_BYTES)
        if slots:
            os.chmod(made, 0o711)  # noqa: PTH101, S103 - the loop has nothing else to do; to pass through, not to list
            os.chmod(path, 0o666)  # noqa: PTH101, S103 - whoever connects is asked the kernel for
        if owner != os.geteuid():
            for one in (path, Path(made)):
                os.chown(one, owner, -1)
        try:
            yield players
        finally:
            players.let_go()
            server.close()
