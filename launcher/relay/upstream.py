"""Opens the way that was decided: straight, or by a proxy's CONNECT (RFC 9110, 9.3.6) with the proof it wants."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError
from launcher.relay.aside import aside
from launcher.relay.errors import (
    ProxyCertificateRefusedError,
    ProxyRefusedError,
    ProxyUnknownError,
    ProxyUnreachableError,
)
from launcher.relay.lookup import addresses_of, connected
from launcher.relay.proof import UpstreamProof
from launcher.relay.road import place_of
from launcher.relay.ways import Direct, Proxy, Way
from launcher.secret import Secret

CONNECT_S: Final = 5.0
ANSWER_S: Final = 15.0
"""A proxy looks the name up and connects before it answers."""

LARGEST_HEAD: Final = 32 * 1024
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_AGAIN_S: Final = 30.0
"""So long a proxy that took no connection is asked last."""

UNANSWERED_S: Final = 300.0
"""So long a password that no proxy has let in yet is not sent again to one that took it and said nothing."""


class FarEndError(Exception):
    """The proxy, or this computer, could not reach the host itself; no fault of the road."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An open connection to the far end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class Upstream:
    """Opens connections by ways; remembers which proxies were away."""

    def __init__(self, proof: UpstreamProof, ca_file: Path | None) -> None:
        self._proof = proof
        self._ca_file = ca_file
        self._context: ssl.SSLContext | None = None
        self._away: dict[Proxy, float] = {}
        self._answered: set[Proxy] = set()
        self._asking = asyncio.Lock()
        self._proved = False
        self._unanswered: dict[tuple[Proxy, Secret], float] = {}

    async def open(self, ways: Sequence[Way], host: str, port: int) -> Stream:
        """Open a connection by the first way that stands, in their order; proxies that were just away come last.

        Raises :class:`LauncherError` of the road and :class:`FarEndError`.
        """
        if not ways:
            raise ProxyUnknownError(f"No way to {host} is named.")
        now = asyncio.get_running_loop().time()
        fault: ProxyUnreachableError | None = None
        for way in sorted(ways, key=lambda way: isinstance(way, Proxy) and self._away.get(way, 0.0) > now):
            if isinstance(way, Direct):
                return await self._direct(host, port)
            try:
                stream = await self._by(way, host, port)
            except ProxyUnreachableError as away:
                self._away[way] = now + _AGAIN_S
                fault = fault or away
            else:
                self._away.pop(way, None)
                return stream
        assert fault is not None  # noqa: S101 - each way that is left gave one
        raise fault

    async def call(self, proxy: Proxy) -> None:
        """Connect to a proxy, up to its certificate, and ask it nothing. Raises :class:`LauncherError`."""
        stream = await self._called(proxy)
        stream.writer.close()
        with suppress(OSError):
            await stream.writer.wait_closed()

    async def _direct(self, host: str, port: int) -> Stream:
        try:
            async with asyncio.timeout(CONNECT_S + ANSWER_S):
                wire = await connected(await addresses_of(host, port))
            return Stream(*await asyncio.open_connection(sock=wire))
        except (OSError, TimeoutError, UnicodeError) as fault:
            raise FarEndError(str(fault)) from fault

    async def _by(self, proxy: Proxy, host: str, port: int) -> Stream:
        # Until one was let in, one at a time: ten that asked together would count as ten wrong passwords.
        if self._proof.counted and not self._proved:
            async with self._asking:
                if not self._proved:
                    stream = await self._asked(proxy, host, port)
                    self._proved = True
                    return stream
        return await self._asked(proxy, host, port)

    async def _asked(self, proxy: Proxy, host: str, port: int) -> Stream:
        sent = await aside(lambda: self._proof.authorization(proxy), "proof")
        untried = sent if self._proof.counted and not self._proved else None
        if untried is not None and self._unanswered.get((proxy, untried), 0.0) > asyncio.get_running_loop().time():
            raise ProxyUnreachableError(
                f"The proxy {proxy} took a name and password and did not answer.",
                hint="They are not sent again for five minutes: the proxy may have counted them as wrong.",
            )
        stream = await self._called(proxy)
        try:
            if untried is not None:  # until there is an answer, whatever comes in its place
                self._unanswered[proxy, untried] = asyncio.get_running_loop().time() + UNANSWERED_S
            async with asyncio.timeout(ANSWER_S):
                stream.writer.write(_connect(host, port, sent))
                await stream.writer.drain()
                head = await stream.reader.readuntil(b"\r\n\r\n")
            self._answered.add(proxy)
            self._judge(proxy, host, head, sent)
            self._unanswered.clear()
        except LauncherError:
            stream.writer.transport.abort()
            raise
        except FarEndError:
            self._proved = True  # it asked the far end for us
            stream.writer.transport.abort()
            raise
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as fault:
            stream.writer.transport.abort()
            if isinstance(fault, TimeoutError) and proxy in self._answered:
                raise FarEndError(f"proxy {proxy}: no answer in time") from fault  # it waits for the far end itself
            raise ProxyUnreachableError(f"The proxy {proxy} does not answer.", detail=type(fault).__name__) from fault
        except BaseException:
            stream.writer.transport.abort()
            raise
        return stream

    async def _called(self, proxy: Proxy) -> Stream:
        context = self._tls() if proxy.tls else None
        try:
            async with asyncio.timeout(CONNECT_S):
                wire = await connected(await addresses_of(proxy.host, proxy.port))
                try:
                    return Stream(
                        *await asyncio.open_connection(
                            sock=wire,
                            ssl=context,
                            server_hostname=proxy.host if context is not None else None,
                            limit=LARGEST_HEAD,
                        )
                    )
                except BaseException:
                    wire.close()
                    raise
        except ssl.SSLCertVerificationError as fault:
            raise ProxyCertificateRefusedError(
                f"The proxy {proxy} has shown a certificate that is not valid for it.", detail=fault.verify_message
            ) from fault
        except (OSError, TimeoutError, UnicodeError) as fault:
            raise ProxyUnreachableError(f"The proxy {proxy} cannot be reached.", detail=str(fault)) from fault

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            # Not the default context: it writes keys into a file that the environment names (SSLKEYLOGFILE).
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.load_default_certs()
            if self._ca_file is not None:
                try:
                    context.load_verify_locations(self._ca_file)
                except OSError as fault:
                    raise ProxyCertificateRefusedError(
                        f"The file of certificate authorities cannot be read: {self._ca_file}.",
                        hint="Tell IT the reference: `[proxy] ca_file` of the station file must name a file of them.",
                        detail=str(fault),
                    ) from fault
            self._context = context
        return self._context

    def _judge(self, proxy: Proxy, host: str, untrusted_head: bytes, sent: Secret | None) -> None:
        match = _STATUS.match(untrusted_head)
        status = int(match[1]) if match else 0
        if 200 <= status < 300:
            return
        detail = f"proxy {proxy}, status {status}"
        if status == 407:
            if sent is None:
                raise ProxyRefusedError("The proxy wants to know who asks, which policy does not say.", detail=detail)
            self._proved = False
            self._unanswered.pop((proxy, sent), None)
            self._proof.refused(sent)
            raise ProxyRefusedError("The proxy has refused who asks.", detail=detail)
        if 400 <= status < 500:
            self._proved = True
            raise ProxyRefusedError(f"The proxy does not let anyone here go to {host}.", detail=detail)
        if status >= 500:
            raise FarEndError(detail)
        raise ProxyUnreachableError(f"The proxy {proxy} does not speak as a proxy.", detail=detail)


def _connect(host: str, port: int, sent: Secret | None) -> bytes:
    place = place_of(host, port)
    proof = f"Proxy-Authorization: {sent.reveal()}\r\n" if sent is not None else ""
    return f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{proof}\r\n".encode("ascii")
