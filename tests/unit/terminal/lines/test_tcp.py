"""A line over TCP: encrypted with the host's name checked, in clear to this computer only, and its ends."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.terminal.errors import (
    TerminalCertificateRefusedError,
    TerminalLineError,
    TerminalNotEncryptedError,
)
from launcher.terminal.lines.tcp import TcpLine, open_tcp
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.fault_proxy import FaultProxy
from tests.unit.terminal.hosts import WITHIN_S, Plays, host


async def echoes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def hangs_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"bye")
    await writer.drain()


def break_off(writer: asyncio.StreamWriter) -> None:
    """End the connection below TLS, as whoever is on the way can."""
    writer.get_extra_info("socket").shutdown(socket.SHUT_WR)


@contextlib.asynccontextmanager
async def tls_host(certificate: ServerCertificate, plays: Plays) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            await plays(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate.server_context())
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def all_of(line: TcpLine, length: int) -> bytes:
    data = b""
    while len(data) < length:
        data += await line.read()
    return data


def refused(certificate: ServerCertificate | None, expected: type[LauncherError], **options: object) -> LauncherError:
    """Call an echo host with that certificate, and return why no line came of it."""

    async def run() -> None:
        async with host(echoes) as port:
            with FaultProxy(port, tls=certificate) as front:
                await open_tcp("localhost", front.port, within_s=WITHIN_S, **options)  # type: ignore[arg-type]

    with pytest.raises(expected) as caught:
        asyncio.run(run())
    return caught.value


def test_bytes_go_both_ways_through_tls(certificates: Certificates, trusted_ca: Path) -> None:
    async def run() -> None:
        async with host(echoes) as port:
            with FaultProxy(port, tls=certificates.server) as front:
                line = await open_tcp("localhost", front.port, ca_file=trusted_ca, within_s=WITHIN_S)
                assert (line.facts.host, line.facts.port, line.facts.encrypted) == ("localhost", front.port, True)
                data = bytes(range(256)) * 1000
                await line.write(data)
                assert await all_of(line, len(data)) == data
                await line.resize(43, 80)
                await line.close()
                await line.close()
                with pytest.raises(TerminalLineError):
                    await line.write(b"more")

    asyncio.run(run())


def test_a_certificate_that_is_not_valid_for_the_host_is_refused(certificates: Certificates, trusted_ca: Path) -> None:
    said = {
        name: refused(certificate, TerminalCertificateRefusedError, ca_file=trusted_ca).detail
        for name, certificate in (
            ("untrusted", certificates.untrusted),
            ("expired", certificates.expired),
            ("wrong-host", certificates.wrong_host),
        )
    }
    assert "expired" in said["expired"]
    assert "localhost" in said["wrong-host"]
    assert said["untrusted"]


def test_the_systems_own_authorities_count_where_no_file_is_named(certificates: Certificates) -> None:
    assert refused(certificates.server, TerminalCertificateRefusedError).reference == "terminal-certificate-refused"


def test_a_file_of_authorities_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "cannot be read" in refused(None, TerminalCertificateRefusedError, ca_file=tmp_path / "no.pem").message


@pytest.mark.parametrize(
    ("plays", "said"), [(echoes, "does not speak TLS at port"), (hangs_up, "ended the line at once|does not speak TLS")]
)
def test_a_host_that_speaks_no_tls_is_said(plays: Plays, said: str, trusted_ca: Path) -> None:
    async def run() -> None:
        async with host(plays) as port:
            await open_tcp("localhost", port, ca_file=trusted_ca, within_s=WITHIN_S)

    with pytest.raises(TerminalLineError, match=said):
        asyncio.run(run())


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "records.localhost"])
def test_this_computer_is_reached_in_clear(name: str) -> None:
    async def run() -> None:
        async with host(hangs_up) as port:
            line = await open_tcp(name, port, tls=False, within_s=WITHIN_S)
            assert not line.facts.encrypted
            assert await line.read() == b"bye"
            assert await line.read() == b""
            await line.close()

    asyncio.run(run())


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "2001:db8::1", "0.0.0.0"])
def test_no_other_computer_is_reached_in_clear(address: str) -> None:
    with pytest.raises(TerminalNotEncryptedError) as caught:
        asyncio.run(open_tcp(address, 23, tls=False, within_s=WITHIN_S))
    assert caught.value.reference == "terminal-not-encrypted"


def test_a_name_that_leads_to_this_computer_and_elsewhere_is_called_here_only(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[object] = []
    real = socket.getaddrinfo

    def both(name: str, port: int, **_options: object) -> list[tuple[object, ...]]:
        looked_up.append(name)
        here = real("127.0.0.1", port, type=socket.SOCK_STREAM)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", port)), *here]

    async def run() -> None:
        async with host(hangs_up) as port:
            monkeypatch.setattr(socket, "getaddrinfo", both)
            line = await open_tcp("both.example", port, tls=False, within_s=WITHIN_S)
            assert await line.read() == b"bye"
            await line.close()

    asyncio.run(run())
    assert looked_up == ["both.example"]


def test_a_host_that_is_not_there_is_said() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        with pytest.raises(TerminalLineError, match="cannot be reached at port"):
            asyncio.run(open_tcp("localhost", held.getsockname()[1], tls=False, within_s=WITHIN_S))
    with pytest.raises(TerminalLineError, match="cannot be reached"):
        asyncio.run(open_tcp("nowhere.invalid", 992, within_s=WITHIN_S))


def test_a_host_that_says_nothing_is_given_up(silent: FaultProxy, trusted_ca: Path) -> None:
    with pytest.raises(TerminalLineError, match="did not answer in time"):
        asyncio.run(open_tcp("localhost", silent.port, ca_file=trusted_ca, within_s=0.2))


def test_a_line_that_is_broken_off_is_an_error_of_ours() -> None:
    async def run() -> None:
        async with host(echoes) as port:
            with FaultProxy(port) as front:
                line = await open_tcp("localhost", front.port, tls=False, within_s=WITHIN_S)
                await line.write(b"x")
                assert await line.read() == b"x"
                front.break_connections()
                with pytest.raises(TerminalLineError) as caught:
                    await all_of(line, 1)
                assert caught.value.reference == "terminal-line-lost"
                await line.close()

    asyncio.run(run())


def test_only_an_end_of_tls_that_the_host_has_said_is_the_hosts(certificates: Certificates, trusted_ca: Path) -> None:
    async def breaks_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hangs_up(reader, writer)
        await reader.readexactly(1)
        break_off(writer)
        await reader.read()

    async def run(plays: Plays) -> bytes:
        async with asyncio.timeout(WITHIN_S), tls_host(certificates.server, plays) as port:
            line = await open_tcp("localhost", port, ca_file=trusted_ca, within_s=WITHIN_S)
            try:
                assert await all_of(line, 3) == b"bye"
                if plays is breaks_off:
                    await line.write(b"x")
                return await line.read()
            finally:
                await line.close()

    assert asyncio.run(run(hangs_up)) == b""
    with pytest.raises(TerminalLineError) as caught:
        asyncio.run(run(breaks_off))
    assert caught.value.detail == "TLS ended without its close_notify"


def test_what_the_host_said_before_it_ended_tls_is_read_however_late(
    certificates: Certificates, trusted_ca: Path
) -> None:
    said = bytes(range(256)) * 4000

    async def says_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async def run() -> None:
        async with asyncio.timeout(WITHIN_S), tls_host(certificates.server, says_much) as port:
            line = await open_tcp("localhost", port, ca_file=trusted_ca, within_s=WITHIN_S)
            assert await all_of(line, len(said)) == said
            assert await line.read() == b""
            await line.close()

    asyncio.run(run())


def test_a_certificate_says_whom_it_is_for_by_its_names_only(tmp_path: Path) -> None:
    import trustme

    authority = trustme.CA()
    leaf = authority.issue_cert("records@station.test", common_name="localhost")
    certificate = ServerCertificate(tmp_path / "leaf.pem", tmp_path / "leaf.key")
    certificate.certificate.write_bytes(leaf.cert_chain_pems[0].bytes())
    certificate.key.write_bytes(leaf.private_key_pem.bytes())
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    said = refused(certificate, TerminalCertificateRefusedError, ca_file=tmp_path / "ca.pem").detail
    assert "not valid for 'localhost'" in said


def test_the_keys_of_a_line_are_written_nowhere(
    certificates: Certificates, trusted_ca: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with host(echoes) as port:
            with FaultProxy(port, tls=certificates.server) as front:  # its own keys it would write as well
                monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
                line = await open_tcp("localhost", front.port, ca_file=trusted_ca, within_s=WITHIN_S)
                await line.close()

    asyncio.run(run())
    assert not (tmp_path / "keys").exists()


def test_the_kernel_asks_whether_a_silent_host_is_still_there() -> None:
    async def run() -> None:
        async with host(echoes) as port:
            line = await open_tcp("localhost", port, tls=False, within_s=WITHIN_S)
            wire = line._writer.get_extra_info("socket")
            assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30
            assert wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
            await line.close()

    asyncio.run(run())
