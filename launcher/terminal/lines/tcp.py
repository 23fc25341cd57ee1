"""A line of bytes over TCP, as a 3270 has it: TLS with the host's name checked; in clear to this computer only."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from typing import Final

from launcher.addresses import is_this_computer
from launcher.relay.calling import called
from launcher.relay.lookup import addresses_of, connected
from launcher.terminal.errors import (
    TerminalCertificateRefusedError,
    TerminalLineError,
    TerminalNotEncryptedError,
)
from launcher.terminal.line import LineFacts

WITHIN_S: Final = 15.0
_CHUNK_BYTES: Final = 64 * 1024
_CLOSING_S: Final = 1.0


class TcpLine:
    """An open line; made by :func:`open_tcp`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, facts: LineFacts) -> None:
        self._reader = reader
        self._writer = writer
        self._facts = facts
        self._closed = False

    @property
    def facts(self) -> LineFacts:
        """What is known of it; the name of the LU is the engine's to say."""
        return self._facts

    async def read(self) -> bytes:
        """Return what came next; b"" when the host has ended the line, and in TLS has said so."""
        try:
            data = await self._reader.read(_CHUNK_BYTES)
        except OSError as fault:
            raise _line_lost(self._facts.host) from fault
        if not data and self._broken_off():
            raise _line_lost(self._facts.host, detail="TLS ended without its close_notify")
        return data

    def _broken_off(self) -> bool:
        """Say whether the connection ended below TLS: anyone on the way can do that, so it is no word of the host's."""
        tls: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        if tls is None:
            return False
        try:
            return bool(tls.read(1))  # b"" once the host has ended TLS itself (RFC 8446, 6.1)
        except ssl.SSLZeroReturnError:
            return False
        except ssl.SSLError:
            return True

    async def write(self, data: bytes) -> None:
        """Send, and wait while the host takes nothing more."""
        if self._closed:
            raise _line_lost(self._facts.host)
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as fault:
            raise _line_lost(self._facts.host) from fault

    async def resize(self, rows: int, columns: int) -> None:
        """Do nothing: the line has no size."""

    async def close(self) -> bool:
        """End it now; nobody confirms that."""
        self._closed = True
        self._writer.close()
        try:
            async with asyncio.timeout(_CLOSING_S):
                await self._writer.wait_closed()
        except (TimeoutError, OSError):
            self._writer.transport.abort()
            await asyncio.sleep(0)  # the transport lets go of its socket in the next turn, which may be the loop's last
        return False


async def open_tcp(
    host: str, port: int, *, tls: bool = True, ca_file: Path | None = None, within_s: float = WITHIN_S
) -> TcpLine:
    """Call a host. ``ca_file``: the authorities to trust instead of the system's own.

    Raises :class:`TerminalNotEncryptedError`, :class:`TerminalCertificateRefusedError` and :class:`TerminalLineError`.
    """
    context = _context(ca_file) if tls else None
    failed = "cannot be reached"
    try:
        async with asyncio.timeout(within_s):
            if context is None:
                addresses = [address for address in await addresses_of(host, port) if is_this_computer(address[1][0])]
                if not addresses:
                    raise TerminalNotEncryptedError(f"{host} would be reached without encryption.")
                wire = await connected(addresses)
            else:
                wire = await called(host, port)
            failed = "ended the line at once"
            try:
                reader, writer = await asyncio.open_connection(
                    sock=wire,
                    ssl=context,
                    server_hostname=host if context is not None else None,
                    ssl_shutdown_timeout=_CLOSING_S if context is not None else None,
                )
            except BaseException:
                wire.close()
                raise
    except TimeoutError as fault:
        raise TerminalLineError(f"{host} did not answer in time.") from fault
    except ssl.SSLCertVerificationError as fault:
        raise TerminalCertificateRefusedError(
            f"{host} has shown a certificate that is not valid for it.", detail=fault.verify_message
        ) from fault
    except ssl.SSLError as fault:
        raise TerminalLineError(f"{host} does not speak TLS at port {port}.", detail=str(fault)) from fault
    except (OSError, UnicodeError) as fault:
        raise TerminalLineError(f"{host} {failed} at port {port}.", detail=str(fault)) from fault
    return TcpLine(reader, writer, LineFacts(host, port, encrypted=tls))


def _context(ca_file: Path | None) -> ssl.SSLContext:
    # Not the default context: it writes the keys of the line into a file that the environment names (SSLKEYLOGFILE).
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False  # RFC 9525, 6.3
    if ca_file is None:
        context.load_default_certs()
        return context
    try:
        context.load_verify_locations(ca_file)
    except OSError as fault:
        raise TerminalCertificateRefusedError(
            f"The file of certificate authorities cannot be read: {ca_file}.",
            hint="Tell IT the reference: `[terminals] ca_file` of the station file must name a file that can be read.",
            detail=str(fault),
        ) from fault
    return context


def _line_lost(host: str, detail: str = "") -> TerminalLineError:
    return TerminalLineError(f"The line to {host} has ended.", detail=detail)
