"""A station's link to its hub: proved, called again when it is lost, by a socket or, where none passes, by questions.

The socket carries a proof, wakes and signs of life. All else is asked over HTTP with the token that the proof gave.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Final, Protocol, TypeVar, Unpack

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from launcher.errors import LauncherError
from launcher.hub_client.errors import (
    HubAnswerFaultyError,
    HubAwayError,
    HubRefusedError,
    HubSocketRefusedError,
    is_of_this_address,
    most_telling,
    refused,
)
from launcher.hub_client.hub_clock import HubClock
from launcher.hub_client.jitter import SOCKET_LONGEST_S, elsewhere_s, socket_again_s, tries_after, wait_s
from launcher.hub_client.road import How, HubRoad, HubSocket, Method
from launcher.secret import Secret
from launcher.signing import SigningKey
from launcher.wire.hub.stations import (
    Beat,
    Challenge,
    Enrolled,
    Hello,
    Known,
    News,
    Proof,
    Proved,
    Refused,
    Wake,
    Welcome,
)

Answer = TypeVar("Answer")

QUARANTINED: Final = "station-quarantined"
MISSED_BEATS: Final = 3
HELLO_S: Final = 15.0
THERE_WITHIN_S: Final = 2.0
"""So long whoever asks waits for a link that is just being made again."""
QUARANTINED_AGAIN_S: Final = 3600.0
LONGEST_ASKED_S: Final = 3600.0
"""The longest that a hub can ask a station to stay away."""
RENEW_AGAIN_S: Final = 20.0
_RENEWED_AT: Final = 0.75
"""Of a token's time; the rest is for a hub that is away for a moment."""

_Said = Hello | Welcome | Wake | Beat | Refused
_said: TypeAdapter[_Said] = TypeAdapter(Annotated[_Said, Field(discriminator="kind")])


class Keeper(Protocol):
    """Keeps the hub's last link over a restart."""

    def link(self) -> str:
        """Return it; empty: none was given yet."""
        ...

    def keep_link(self, link: str) -> None:
        """Keep it, on the disk when this returns."""
        ...


class Heard(Protocol):
    """Who hears of the link. Nothing here waits."""

    def here(self, news: News) -> None:
        """The hub is there, for the first time or again, and has this for the station."""
        ...

    def news(self, news: News) -> None:
        """There is something new."""
        ...

    def away(self, why: LauncherError) -> None:
        """The hub could not be had; said at each try in vain."""
        ...


@dataclass(frozen=True, slots=True)
class Prover:
    """Who this run of the station is to its hub. ``boot``: a name that this run has made."""

    enrolled: Enrolled
    key: SigningKey
    boot: str
    terminal: str = ""
    place: str = ""
    version: str = ""

    def proved(self, challenge: Challenge, link: str) -> Proved:
        """Answer a challenge. Raises :class:`HubAnswerFaultyError` where it is another hub's."""
        if challenge.hub != self.enrolled.hub:
            raise HubAnswerFaultyError(f"The hub that answers is {challenge.hub!r}, not {self.enrolled.hub!r}.")
        proof = Proof(
            station=self.enrolled.station, hub=challenge.hub, nonce=challenge.nonce, boot=self.boot, link=link
        )
        return Proved(
            proof=proof, signature=self.key.sign("challenge", proof), terminal=self.terminal, place=self.place,
            version=self.version,
        )  # fmt: skip


class StationLink:
    """One run's link. :meth:`run` until it is cancelled; :meth:`ask` meanwhile, on the same loop."""

    def __init__(
        self,
        road: HubRoad,
        prover: Prover,
        keeper: Keeper,
        heard: Heard,
        *,
        sockets: bool = True,
        poll_s: float = 15.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._road = road
        self._prover = prover
        self._keeper = keeper
        self._heard = heard
        self._poll_s = poll_s
        self._chance = chance
        self._token = Secret("")
        self._there = asyncio.Event()
        self._renew_at = 0.0
        self._proving = asyncio.Lock()
        self._since = 0.0
        self._tries = 0
        self._in_vain = 0
        self._socket_at = 0.0 if sockets else float("inf")
        self.clock = HubClock()

    async def run(self) -> None:
        """Hold the link, and call again whenever it is lost."""
        while True:
            at_least_s = 0.0
            try:
                await self._hold()
            except HubRefusedError as no:
                self._lost(no)
                at_least_s = QUARANTINED_AGAIN_S if no.reference == QUARANTINED else no.retry_after_s or 0.0
            except HubAwayError as away:
                self._lost(away)
                at_least_s = away.retry_after_s or 0.0
            except LauncherError as away:
                self._lost(away)
            else:
                continue
            at_least_s = max(0.0, min(at_least_s, LONGEST_ASKED_S))
            await asyncio.sleep(wait_s(self._tries, self._chance(), at_least_s=at_least_s))
            self._tries += 1

    async def ask(
        self,
        method: Method,
        path: str,
        answer: type[Answer],
        said: BaseModel | None = None,
        **how: Unpack[How],
    ) -> Answer:
        """Ask as the station: :meth:`HubRoad.ask`. A token that the hub does not know any more is renewed once."""
        try:
            async with asyncio.timeout(THERE_WITHIN_S):
                await self._there.wait()
        except TimeoutError:
            raise HubAwayError("The hub is not there now.") from None
        for last in (False, True):
            token = self._token
            try:
                return await self._road.ask(method, path, answer, said, token=token, **how)
            except HubRefusedError as no:
                if no.status != 401 or last:
                    raise
            await self._prove(instead_of=token)
        raise AssertionError("unreachable")

    @property
    def is_there(self) -> bool:
        """Whether the hub was there when it was last asked."""
        return self._there.is_set()

    # --- holding it

    async def _hold(self) -> None:
        if self._now() >= self._socket_at:
            try:
                await self._hold_socket_at_any()
            except HubSocketRefusedError:
                self._socket_at = self._now() + SOCKET_LONGEST_S
            except HubAwayError as away:
                if away.retry_after_s is not None:
                    raise
                # Something on the way may swallow sockets without a word: after a second one that was never welcomed
                # the hub is asked in the other way. Where it does not answer so either, it is away.
                if self._in_vain == 0:
                    self._in_vain = 1
                    raise
                await self._prove()
                self._socket_at = self._now() + socket_again_s(self._in_vain, self._chance())
                self._in_vain += 1
            else:
                return  # another address is better
        await self._keep_asking()

    async def _hold_socket_at_any(self) -> None:
        """Hold a socket at the first address whose hub takes the proof; return when another one is better."""
        faults: list[LauncherError] = []
        for _ in self._road.addresses:
            try:
                return await self._hold_socket()
            except HubRefusedError as no:
                if not is_of_this_address(no):
                    raise
                faults.append(no)
        raise most_telling(faults)

    async def _hold_socket(self) -> None:
        async with self._road.socket("/stations/socket") as socket:
            beat_s = await self._enter(socket)
            is_away = asyncio.Event()
            aside = [asyncio.create_task(self._beat(socket, beat_s)), asyncio.create_task(self._renew())]
            until = [
                asyncio.create_task(self._hear(socket, beat_s * MISSED_BEATS, is_away)),
                asyncio.create_task(self._find_better(socket.origin, is_away)),
            ]
            try:
                done, _ = await asyncio.wait(until, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in (*aside, *until):
                    task.cancel()
                await asyncio.wait((*aside, *until))

    async def _enter(self, socket: HubSocket) -> float:
        """Be proved on a socket; return how long it is between signs of life."""
        try:
            hello = await _first_word(socket, Hello, HELLO_S)
            async with self._proving:
                await socket.say(self._prover.proved(hello.challenge, self._keeper.link()))
                known = (await _first_word(socket, Welcome, HELLO_S)).known
                self._take(known)
        except (HubAwayError, HubRefusedError):  # who is in quarantine is so at each address
            self._road.put_last(socket.origin)
            raise
        self._in_vain = 0
        self._heard.here(known.news)
        return hello.beat_s

    async def _hear(self, socket: HubSocket, within_s: float, is_away: asyncio.Event) -> None:
        """Hear the hub's words, and note whether its store is away."""
        while True:
            match _read(await socket.hear(within_s)):
                case Wake(news=news):
                    self._heard.news(news)
                case Refused() as said:
                    raise refused(0, said)
                case Beat(ready=False):
                    is_away.set()
                case Beat():
                    is_away.clear()
                case _:
                    pass  # a word of a later version

    async def _find_better(self, here: str, is_away: asyncio.Event) -> None:
        """Return when the hub's store is away at this address while another one answers.

        Where none does, all stay: ten thousand stations that let go of their sockets would have to be let in again.
        """
        if len(self._road.addresses) == 1:
            await asyncio.Future()
        times = 0
        while True:
            await is_away.wait()
            await asyncio.sleep(elsewhere_s(times, self._chance()))
            if not is_away.is_set():
                times = 0
                continue
            times += 1
            with suppress(LauncherError):
                await self.ask("GET", "/stations/news", News)
                if self._road.addresses[0] != here:
                    return

    async def _beat(self, socket: HubSocket, each_s: float) -> None:
        with suppress(HubAwayError):  # whoever hears notices it, too
            while True:
                await asyncio.sleep(each_s)
                await socket.say(Beat())

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(max(1.0, self._renew_at - self._now()))
            try:
                await self._prove()
            except LauncherError:  # a token that is over is renewed by whoever asks with it
                await asyncio.sleep(RENEW_AGAIN_S * (0.5 + self._chance()))

    async def _keep_asking(self) -> None:
        """Ask for news in intervals, until a socket is to be tried."""
        await self._prove()
        known = await self.ask("GET", "/stations/news", News)
        self._heard.here(known)
        while self._now() < self._socket_at:
            await asyncio.sleep(self._poll_s * (0.9 + 0.2 * self._chance()))
            if self._now() >= self._renew_at:
                await self._prove()
            news = await self.ask("GET", "/stations/news", News)
            if news != known:
                known = news
                self._heard.news(news)

    # --- proving

    async def _prove(self, *, instead_of: Secret | None = None) -> None:
        """Prove the station over HTTP; ``instead_of``: unless somebody else has, since that token was used."""
        async with self._proving:
            if instead_of is not None and self._token is not instead_of:
                return
            challenge = await self._road.ask("POST", "/stations/challenge", Challenge, again=True)
            proved = self._prover.proved(challenge, self._keeper.link())
            self._take(await self._road.ask("POST", "/stations/proof", Known, proved))

    def _lost(self, why: LauncherError) -> None:
        if self._there.is_set():
            self._tries = tries_after(self._tries, self._now() - self._since)
        self._there.clear()
        self._heard.away(why)

    def _take(self, known: Known) -> None:
        self._keeper.keep_link(known.link)  # before the token is used: see `launcher.wire.hub.stations.Proof`
        self._token = Secret(known.token)
        self._renew_at = self._now() + known.expires_s * _RENEWED_AT
        self.clock.set(known.now)
        if not self._there.is_set():
            self._since = self._now()
        self._there.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def _first_word(socket: HubSocket, kind: type[Answer], within_s: float) -> Answer:
    """Return the next word, which must be of this kind; a refusal is raised."""
    match _read(await socket.hear(within_s)):
        case Refused() as said:
            raise refused(0, said)
        case kind() as said:
            return said
        case _:
            raise HubAnswerFaultyError("The hub's first words are not as they should be.")


def _read(untrusted: str) -> _Said | None:
    try:
        return _said.validate_json(untrusted)
    except ValidationError:
        return None
