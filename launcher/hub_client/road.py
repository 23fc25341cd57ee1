"""The one module that knows the HTTP library of the road to the hub: TLS with our own trust, several addresses, limits.

No proxy of the environment is used, no redirect followed, no cookie kept. Nothing that is said or heard is in an error:
it may hold a secret. Loaded late: no first screen waits for it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal, TypedDict, TypeVar

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from pydantic import BaseModel, TypeAdapter, ValidationError

from launcher.addresses import address_fault, host_of, hostname_of
from launcher.errors import LauncherError
from launcher.hub_client.errors import (
    BUSY,
    HubAnswerFaultyError,
    HubAnswerMissingError,
    HubAwayError,
    HubCertificateRefusedError,
    HubRefusedError,
    HubSocketRefusedError,
    is_of_this_address,
    most_telling,
    refused,
)
from launcher.hub_client.looking_up import looked_up
from launcher.secret import Secret
from launcher.wire.hub import PREFIX, SAID_BY_HUB
from launcher.wire.hub.stations import Refused

Answer = TypeVar("Answer")

_adapters: Final[dict[object, TypeAdapter[Any]]] = {}
"""By the answer's type: a fixed few."""
Method = Literal["GET", "PUT", "POST"]
CONNECT_S: Final = 3.0
ANSWER_S: Final = 10.0
LARGEST_ANSWER: Final = 8 << 20
LARGEST_WORD: Final = 256 * 1024
"""Of one message on a socket."""
_IDLE_S: Final = 4.0
"""A connection that nobody uses is closed before the hub closes it: what is said into a closing one has no answer."""


class How(TypedDict, total=False):
    """How something is asked: :meth:`HubRoad.ask` says what each means, and what holds where it is left out."""

    query: Mapping[str, str] | None
    wait_s: float
    again: bool | None


class HubRoad:
    """The road of one process to the hub, by any of its addresses: one that cannot serve is tried last from then on.

    Use it on one loop, and :meth:`close` it there.
    """

    def __init__(self, addresses: Sequence[str], ca_file: Path | None = None) -> None:
        faults = [fault for fault in map(address_fault, addresses) if fault is not None]
        if faults or not addresses:
            raise HubAnswerFaultyError(faults[0] if faults else "The hub has no address.")
        self._addresses = [one.rstrip("/") for one in addresses]
        self._ca_file = ca_file
        self._session: aiohttp.ClientSession | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses in the order in which they are tried."""
        return tuple(self._addresses)

    async def ask(
        self,
        method: Method,
        path: str,
        answer: type[Answer],
        said: BaseModel | None = None,
        *,
        query: Mapping[str, str] | None = None,
        token: Secret | None = None,
        wait_s: float = 0.0,
        again: bool | None = None,
    ) -> Answer:
        """Ask at ``/v1`` + ``path`` and return what was answered; ``object`` takes any answer, also none.

        ``again``: being asked twice is as being asked once, so another address is tried when an answer is missing, or
        is that this one cannot serve now (by default GET and PUT). ``wait_s``: so long the hub may wait before it
        answers. Raises an error of :mod:`launcher.hub_client.errors`.
        """
        repeatable = method != "POST" if again is None else again
        body = None if said is None else said.model_dump_json().encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token.reveal()}"

        async def asked(origin: str) -> Answer:
            async with self._open().request(
                method, f"{origin}{PREFIX}{path}", data=body, params=query, headers=headers, allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=CONNECT_S + ANSWER_S + wait_s, sock_connect=CONNECT_S),
            ) as response:  # fmt: skip
                return _read(response.status, await _body(response), answer, origin)

        return await self._by_any(asked, repeatable=repeatable)

    @asynccontextmanager
    async def socket(self, path: str) -> AsyncIterator[HubSocket]:
        """Open a WebSocket at ``/v1`` + ``path``. Raises as :meth:`ask`."""

        async def opened(origin: str) -> tuple[str, aiohttp.ClientWebSocketResponse]:
            async with asyncio.timeout(CONNECT_S + ANSWER_S):
                return origin, await self._open().ws_connect(
                    f"{origin}{PREFIX}{path}", max_msg_size=LARGEST_WORD, timeout=aiohttp.ClientWSTimeout(ws_close=0.3)
                )

        origin, hub = await self._by_any(opened, repeatable=True)
        line = hub.get_extra_info("socket")
        try:
            yield HubSocket(hub, origin)
        finally:
            await hub.close()
            with suppress(OSError):  # it is closed: without TLS, or by a hub that was not too busy to end that, too
                if line is not None:  # it was lost as it was opened
                    line.shutdown(socket.SHUT_RDWR)

    async def close(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _by_any(self, asked: Callable[[str], Awaitable[Answer]], *, repeatable: bool) -> Answer:
        faults: list[LauncherError] = []
        for origin in tuple(self._addresses):
            try:
                return await asked(origin)
            except HubRefusedError as no:
                if not is_of_this_address(no):
                    raise
                self.put_last(origin)
                if not repeatable and no.reference != BUSY:
                    raise  # its store may have been lost just as it took it
                faults.append(no)
            except (*_FAULTS, HubAwayError) as fault:  # the latter: what stands before the hub says that it is away
                self.put_last(origin)
                if not repeatable and not isinstance(fault, _NOT_REACHED):
                    message = f"The hub at {host_of(origin)} was asked and did not answer{_perhaps_tls(origin, fault)}."
                    raise HubAnswerMissingError(message, detail=_why(fault)) from None
                faults.append(_error(origin, fault))
        raise most_telling(faults)

    def put_last(self, origin: str) -> None:
        """Try an address after all others from now on. Where each fails in turn, the order is as it was."""
        self._addresses.remove(origin)
        self._addresses.append(origin)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                ssl=_trusting(self._ca_file) if any(one.startswith("https:") for one in self._addresses) else False,
                resolver=_Resolver(), limit=16, keepalive_timeout=_IDLE_S,
            )  # fmt: skip
            self._session = aiohttp.ClientSession(
                connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
                headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "station-launcher"},
            )  # fmt: skip
        return self._session


class HubSocket:
    """An open socket: one record a message, in text. ``origin``: the address at which it was opened."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, origin: str) -> None:
        self._socket = socket
        self.origin = origin

    async def say(self, said: BaseModel) -> None:
        """Say something. Raises :class:`HubAwayError` where the socket has ended."""
        try:
            await self._socket.send_str(said.model_dump_json())
        except (aiohttp.ClientError, ConnectionError):
            raise HubAwayError("The hub's socket has ended.") from None

    async def hear(self, within_s: float) -> str:
        """Return the next message, untrusted. Raises :class:`HubAwayError` where none comes, or the socket ended."""
        try:
            message = await self._socket.receive(within_s)
        except TimeoutError:
            raise HubAwayError(f"The hub gave no sign of life for {within_s:g} s.") from None
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise HubAwayError("The hub's socket has ended.")
        return str(message.data)


class _Resolver(AbstractResolver):
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host=one.address, port=one.port, family=one.family, proto=one.protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for one in await looked_up(host, port, family)
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


_FAULTS: Final = (aiohttp.ClientError, TimeoutError, OSError)
_NOT_REACHED: Final = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
"""Nothing was said yet."""
_AWAY: Final = frozenset({502, 503, 504})
"""What a proxy in front of the hub says for it while it is away."""


def _error(origin: str, fault: BaseException) -> LauncherError:
    if isinstance(fault, LauncherError):
        return fault
    host = host_of(origin)
    if isinstance(fault, aiohttp.ClientConnectorCertificateError):
        message = f"The certificate of the hub at {host} is not trusted here."
        return HubCertificateRefusedError(message, detail=_why(fault))
    if isinstance(fault, aiohttp.WSServerHandshakeError) and fault.status not in _AWAY:
        return HubSocketRefusedError(f"The hub at {host} opens no socket (HTTP status {fault.status}).")
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return HubAwayError(f"No address is known here for the hub's name {hostname_of(origin)}.", detail=_why(fault))
    message = f"The hub at {host} does not answer{_perhaps_tls(origin, fault)}."
    return HubAwayError(message, detail=_why(fault), retry_after_s=_retry_after_s(fault))


def _perhaps_tls(origin: str, fault: BaseException) -> str:
    """Return the likely cause, within a sentence, where a hub hung up on who spoke no TLS to it."""
    hung_up = origin.startswith("http:") and isinstance(fault, aiohttp.ServerDisconnectedError)
    return ": its address says http, and if it speaks TLS that should be https" if hung_up else ""


def _retry_after_s(fault: BaseException) -> float | None:
    """Return when to try again, where the hub's own answer to a handshake says it in seconds (RFC 9110, 10.2.3)."""
    headers = getattr(fault, "headers", None) or {}
    untrusted = headers.get("Retry-After", "") if headers.get(SAID_BY_HUB) == BUSY else ""
    return float(untrusted) if untrusted.isascii() and untrusted.isdigit() and len(untrusted) < 10 else None


def _why(fault: BaseException) -> str:
    """Return the kind of a fault, in one line that holds nothing of what was said."""
    within = getattr(fault, "os_error", None) or getattr(fault, "certificate_error", None)
    if isinstance(within, ssl.SSLCertVerificationError):
        return f"certificate: {within.verify_message}"
    if isinstance(within, OSError) and within.strerror:
        return f"{type(fault).__name__}: {within.strerror}"
    return type(fault).__name__


async def _body(response: aiohttp.ClientResponse) -> bytes:
    parts, length = [], 0
    async for part in response.content.iter_any():
        length += len(part)
        if length > LARGEST_ANSWER:
            raise HubAnswerFaultyError("The hub's answer is larger than it may be.")
        parts.append(part)
    return b"".join(parts)


def _read(status: int, untrusted: bytes, answer: type[Answer], origin: str) -> Answer:
    host = host_of(origin)
    if status < 300:
        try:
            answered: Answer = _adapter(answer).validate_json(untrusted or b"null")
        except ValidationError as fault:
            places = "\n".join(".".join(map(str, one["loc"])) for one in fault.errors()[:10])
            raise HubAnswerFaultyError(f"The answer of {host} is not the hub's.", detail=places) from None
        return answered
    try:
        said = Refused.model_validate_json(untrusted)
    except ValidationError:
        if status in _AWAY:
            raise HubAwayError(f"The hub at {host} does not answer (HTTP status {status}).") from None
        raise HubAnswerFaultyError(f"What answers at {host} is not the hub (HTTP status {status}).") from None
    raise refused(status, said)


def _adapter(answer: type[Answer]) -> TypeAdapter[Answer]:
    if answer not in _adapters:
        _adapters[answer] = TypeAdapter(answer)
    return _adapters[answer]


def _trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Return whom we trust: the authority of the file alone, else the system's. Raises `HubCertificateRefusedError`."""
    # Not the default context: it writes keys into a file that the environment names (SSLKEYLOGFILE).
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if ca_file is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(cafile=ca_file)
    except OSError as fault:
        message = f"The file of the hub's authority cannot be read: {ca_file}."
        raise HubCertificateRefusedError(message, detail=str(fault.strerror or "")) from None
    return context
