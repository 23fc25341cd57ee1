"""Dead, silent, lying and unencrypted servers: what is tried next, what is refused, and what is never sent twice."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from launcher.identity import refusals
from launcher.identity.directory import faults
from launcher.identity.proof import Proof
from launcher.secret import Secret
from tests.contract.identity.password_method import change_password, sign_in
from tests.contract.identity.watch import RecordingWatch
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.fault_proxy import Cut, FaultProxy, PassThrough, WithholdResponses
from tests.servers.people import ALICE, DAVE, PASSWORD
from tests.servers.process import LOOPBACK
from tests.servers.slapd import Slapd, running_slapd, user_dn
from tests.unit.identity.directory.estate import TEMPLATE, method_for, through

QUICK: dict[str, object] = {"answer_s": 1.0}
"""A wait short enough for a test of a server that never answers, long enough for a busy machine."""

ALICE_DN = user_dn(ALICE.uid)


class SignallingWatch(RecordingWatch):
    """Says when the bind begins."""

    def __init__(self) -> None:
        super().__init__()
        self.binding = asyncio.Event()

    @contextmanager
    def phase(self, name: str, *, human: bool = False) -> Iterator[None]:
        with super().phase(name, human=human):
            if name == "primary":
                self.binding.set()
            yield


# Dead servers.


@pytest.mark.parametrize("tls_first", [True, False], ids=["ldaps", "starttls"])
def test_a_dead_first_server_is_passed_over_and_remembered(
    directory_pair: tuple[Slapd, Slapd], certificates: Certificates, tls_first: bool
) -> None:
    first, second = directory_pair
    urls = [server.ldaps_url if tls_first else server.ldap_url for server in directory_pair]
    method = method_for(certificates.ca, *urls)
    first.stop()
    watch = RecordingWatch()
    assert sign_in(method, ALICE.uid, PASSWORD, watch).officer.number == ALICE.number
    assert watch.phases.count("connect") == 2
    watch = RecordingWatch()
    sign_in(method, ALICE.uid, PASSWORD, watch)
    assert watch.phases.count("connect") == 1
    second.stop()
    first.start()
    sign_in(method, ALICE.uid, PASSWORD)
    assert first.bind_count(ALICE_DN) == 1


def test_a_dead_server_is_found_while_the_officer_types(
    directory_pair: tuple[Slapd, Slapd], certificates: Certificates
) -> None:
    directory_pair[0].stop()
    method = method_for(certificates.ca, *(server.ldaps_url for server in directory_pair))
    asyncio.run(method.prepare())
    watch = RecordingWatch()
    sign_in(method, ALICE.uid, PASSWORD, watch)
    assert watch.phases == ["connect", "locate", "primary", "entitle"]
    assert directory_pair[1].bind_count(ALICE_DN) == 1


def test_preparing_never_raises(certificates: Certificates) -> None:
    with FaultProxy(None, fault=Cut(0)) as gone:
        url = through(gone.port)
    asyncio.run(method_for(certificates.ca, url, "ldaps://nowhere.invalid").prepare())


def test_no_server_at_all_is_unreachable_and_names_each(
    directory_pair: tuple[Slapd, Slapd], certificates: Certificates
) -> None:
    for server in directory_pair:
        server.stop()
    urls = [*(server.ldaps_url for server in directory_pair), "ldaps://nowhere.invalid"]
    with pytest.raises(faults.DirectoryUnreachable) as refused:
        sign_in(method_for(certificates.ca, *urls), ALICE.uid, PASSWORD)
    for url in urls:
        assert url in refused.value.detail
    assert refused.value.retryable


def test_a_server_that_stays_silent_at_first_is_passed_over(
    fresh_directory: Slapd, silent: FaultProxy, certificates: Certificates
) -> None:
    for url in (through(silent.port), through(silent.port, tls_first=False)):
        method = method_for(certificates.ca, url, fresh_directory.ldaps_url, connect_s=1)
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number


def test_a_server_that_speaks_no_tls_is_passed_over(fresh_directory: Slapd, certificates: Certificates) -> None:
    method = method_for(certificates.ca, f"ldaps://localhost:{fresh_directory.ldap_port}", fresh_directory.ldaps_url)
    assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number


def test_a_search_without_answer_is_repeated_elsewhere_and_the_bind_is_sent_there_only(
    directory_pair: tuple[Slapd, Slapd], certificates: Certificates
) -> None:
    first, second = directory_pair
    with FaultProxy(first.ldaps_port, fault=WithholdResponses()) as proxy:
        method = method_for(certificates.ca, through(proxy.port), second.ldaps_url, connect_s=1)
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number
    assert (first.bind_count(ALICE_DN), second.bind_count(ALICE_DN)) == (0, 1)


# Silence after the bind.


@pytest.mark.parametrize("fault", [WithholdResponses(), Cut(0)], ids=["silent", "cut off"])
def test_a_bind_without_answer_is_unknown_and_never_sent_again(
    directory_pair: tuple[Slapd, Slapd], certificates: Certificates, fault: WithholdResponses | Cut
) -> None:
    first, second = directory_pair
    with FaultProxy(first.ldaps_port, fault=fault) as proxy:
        method = method_for(certificates.ca, through(proxy.port), second.ldaps_url, **QUICK, **TEMPLATE)
        watch = RecordingWatch()
        with pytest.raises(faults.DirectoryOutcomeUnknown) as refused:
            sign_in(method, ALICE.uid, PASSWORD, watch)
        assert watch.phases.count("primary") == 1
        assert refused.value.retryable
        assert second.bind_count(ALICE_DN) == 0
        # When the officer says so it is sent again: now to the server that answers.
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number
        assert second.bind_count(ALICE_DN) == 1
    # Stopped, its log is whole.
    first.stop()
    assert first.bind_count(ALICE_DN) == 1


def test_a_change_without_answer_is_unknown_and_may_have_been_made(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    # Answered are the bind and the look at the entry; the change is carried out, its answer kept back.
    with _answers(2, fresh_directory, certificates) as url:
        method = method_for(certificates.ca, url, **QUICK, **TEMPLATE)
        with pytest.raises(refusals.PasswordChangeUnknown):
            change_password(method, DAVE.uid, PASSWORD, "Brand-New-Pw-9")
    direct = method_for(certificates.ca, fresh_directory.ldaps_url)
    assert sign_in(direct, DAVE.uid, "Brand-New-Pw-9").officer.number == DAVE.number


def test_silence_before_a_change_was_sent_says_that_nothing_changed(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    with _answers(1, fresh_directory, certificates) as url:
        method = method_for(certificates.ca, url, **QUICK, **TEMPLATE)
        with pytest.raises(faults.DirectoryUnreachable, match="was not changed"):
            change_password(method, DAVE.uid, PASSWORD, "Brand-New-Pw-9")


def test_silence_after_the_bind_was_accepted_is_said_as_that(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    with _answers(1, fresh_directory, certificates) as url:
        method = method_for(certificates.ca, url, **QUICK, **TEMPLATE)
        with pytest.raises(faults.DirectoryUnreachable, match="was accepted"):
            sign_in(method, ALICE.uid, PASSWORD)
    assert fresh_directory.bind_count(ALICE_DN) == 1


@pytest.mark.parametrize(
    "octets",
    [
        b"\x30\x03\x02\x01",
        b"\x30\x84\xff\xff\xff\xff\x00",
        b"\x30\x80" + b"\x00" * 40,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x0c\x02\x01\x63\x61\x07\x0a\x01\x00\x04\x00\x04\x00",  # success, but to a message nobody sent
        b"\x30\x05\x02\x01\x01\x61\x00",
        b"\xff" * 200,
    ],
)
def test_an_answer_that_is_none_is_not_a_yes(certificates: Certificates, octets: bytes) -> None:
    def answer(line: socket.socket) -> None:
        line.recv(4096)
        line.sendall(octets)

    with _tls_server(certificates.server, answer) as url:
        method = method_for(certificates.ca, url, **QUICK, **TEMPLATE)
        with pytest.raises(faults.DirectoryOutcomeUnknown):
            sign_in(method, ALICE.uid, PASSWORD)


def test_leaving_a_sign_in_that_waits_ends_its_line(fresh_directory: Slapd, certificates: Certificates) -> None:
    with FaultProxy(fresh_directory.ldaps_port, fault=WithholdResponses()) as proxy:
        method = method_for(certificates.ca, through(proxy.port), **TEMPLATE)

        async def run() -> None:
            watch = SignallingWatch()
            task = asyncio.create_task(method.sign_in(Proof(ALICE.uid, Secret(PASSWORD)), watch))
            await watch.binding.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert watch.running == []

        asyncio.run(run())
        for thread in threading.enumerate():
            if thread.name == "directory":
                thread.join(5)
                assert not thread.is_alive()
        proxy.set(PassThrough())


# Certificates.


@contextmanager
def _bad(certificates: Certificates, name: str) -> Iterator[Slapd]:
    certificate: ServerCertificate = getattr(certificates, name)
    with running_slapd(certificates, certificate=certificate) as server:
        yield server


@pytest.mark.parametrize("tls_first", [True, False], ids=["ldaps", "starttls"])
@pytest.mark.parametrize("name", ["untrusted", "wrong_host"])
def test_a_certificate_that_proves_nothing_ends_the_sign_in(
    certificates: Certificates, fresh_directory: Slapd, name: str, tls_first: bool
) -> None:
    with _bad(certificates, name) as bad:
        url = bad.ldaps_url if tls_first else bad.ldap_url
        with pytest.raises(faults.DirectoryCertificateRefused) as refused:
            sign_in(method_for(certificates.ca, url, fresh_directory.ldaps_url), ALICE.uid, PASSWORD)
        assert url in refused.value.detail
        assert not refused.value.retryable
        assert "method=128" not in bad.log_text()  # no simple bind
    assert fresh_directory.bind_count(ALICE_DN) == 0


@pytest.mark.parametrize("tls_first", [True, False], ids=["ldaps", "starttls"])
def test_a_certificate_out_of_date_is_refused_and_another_server_proves_itself(
    certificates: Certificates, fresh_directory: Slapd, tls_first: bool
) -> None:
    with _bad(certificates, "expired") as bad:
        url = bad.ldaps_url if tls_first else bad.ldap_url
        method = method_for(certificates.ca, url, fresh_directory.ldaps_url)
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number
        with pytest.raises(faults.DirectoryCertificateRefused, match="not sent"):
            sign_in(method_for(certificates.ca, url), ALICE.uid, PASSWORD)
        assert "method=128" not in bad.log_text()  # no simple bind


def test_without_a_ca_file_only_the_systems_trust_counts(certificates: Certificates, directory: Slapd) -> None:
    method = method_for(certificates.ca, directory.ldaps_url, ca_file="")
    with pytest.raises(faults.DirectoryCertificateRefused):
        sign_in(method, ALICE.uid, PASSWORD)


def test_a_good_certificate_counts_for_its_names_only(certificates: Certificates, directory: Slapd) -> None:
    by_address = method_for(certificates.ca, f"ldaps://127.0.0.1:{directory.ldaps_port}")
    assert sign_in(by_address, ALICE.uid, PASSWORD).officer.number == ALICE.number  # the certificate names it
    with FaultProxy(directory.ldaps_port) as proxy, pytest.raises(faults.DirectoryCertificateRefused) as refused:
        sign_in(method_for(certificates.ca, f"ldaps://127.1:{proxy.port}"), ALICE.uid, PASSWORD)
    assert "mismatch" in refused.value.detail


# No encryption.


def test_a_server_that_refuses_starttls_gets_nothing(certificates: Certificates, fresh_directory: Slapd) -> None:
    received: list[bytes] = []

    def refuse(line: socket.socket) -> None:
        received.append(line.recv(4096))
        line.sendall(_answer(_message_id(received[0]), _EXTENDED, code=2))  # as a server without it (RFC 4511 §4.14.2)
        while more := line.recv(4096):
            received.append(more)

    with _plain_server(refuse) as port:
        method = method_for(certificates.ca, through(port, tls_first=False), fresh_directory.ldaps_url)
        with pytest.raises(faults.DirectoryNotEncrypted):
            sign_in(method, ALICE.uid, PASSWORD)
    sent = b"".join(received)
    assert b"1.3.6.1.4.1.1466.20037" in sent
    assert len(sent) == 2 + sent[1], "one message: the request for StartTLS, and no more"
    assert PASSWORD.encode() not in sent
    assert fresh_directory.bind_count(ALICE_DN) == 0


def test_what_comes_in_clear_before_tls_is_no_answer_to_the_bind(certificates: Certificates) -> None:
    """Someone in between sends a success along with the answer to StartTLS, for the client to read later."""

    def inject(line: socket.socket) -> None:
        number = _message_id(line.recv(4096))
        started, success = _answer(number, _EXTENDED, code=0), _answer(number + 1, _BIND, code=0)
        line.sendall(started + success)
        line.recv(4096)

    with _plain_server(inject) as port:
        method = method_for(certificates.ca, through(port, tls_first=False), **QUICK, **TEMPLATE)
        with pytest.raises(faults.DirectoryUnreachable):
            sign_in(method, ALICE.uid, PASSWORD)


def test_over_starttls_no_proxy_sees_a_bind(fresh_directory: Slapd, certificates: Certificates) -> None:
    seen: list[bytes] = []

    def relay(line: socket.socket) -> None:
        with socket.create_connection((LOOPBACK, fresh_directory.ldap_port)) as server:
            back = threading.Thread(target=_copy, args=(server, line, None))
            back.start()
            _copy(line, server, seen)
            server.shutdown(socket.SHUT_WR)
            back.join()

    with _plain_server(relay) as port:
        sign_in(method_for(certificates.ca, through(port, tls_first=False)), ALICE.uid, PASSWORD)
    sent = b"".join(seen)
    assert b"1.3.6.1.4.1.1466.20037" in sent
    for secret in (PASSWORD.encode(), ALICE_DN.encode(), b"uid="):
        assert secret not in sent


_BIND, _EXTENDED = 0x61, 0x78  # the tags of the responses


def _message_id(request: bytes) -> int:
    return int.from_bytes(request[4 : 4 + request[3]], "big")


def _answer(number: int, tag: int, *, code: int) -> bytes:
    message_id = number.to_bytes(number.bit_length() // 8 + 1, "big")
    body = bytes([0x02, len(message_id)]) + message_id + bytes([tag, 7, 0x0A, 1, code, 4, 0, 4, 0])
    return bytes([0x30, len(body)]) + body


def _copy(source: socket.socket, target: socket.socket, seen: list[bytes] | None) -> None:
    with contextlib.suppress(OSError):  # either side is gone
        while data := source.recv(65536):
            if seen is not None:
                seen.append(data)
            target.sendall(data)


@contextmanager
def _answers(count: int, directory: Slapd, certificates: Certificates) -> Iterator[str]:
    """A server in front of the directory that passes every request on, but only the first ``count`` answers."""

    def answer(line: socket.socket) -> None:
        with _to_directory(directory, certificates) as server:
            for _ in range(count):
                server.sendall(line.recv(4096))
                line.sendall(server.recv(4096))
            while data := line.recv(4096):
                server.sendall(data)

    with _tls_server(certificates.server, answer) as url:
        yield url


@contextmanager
def _to_directory(directory: Slapd, certificates: Certificates) -> Iterator[socket.socket]:
    context = ssl.create_default_context(cafile=str(certificates.ca))
    with (
        socket.create_connection((LOOPBACK, directory.ldaps_port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        yield line


@contextmanager
def _tls_server(certificate: ServerCertificate, talk: Callable[[socket.socket], None]) -> Iterator[str]:
    context = certificate.server_context()

    def encrypted(plain: socket.socket) -> None:
        with context.wrap_socket(plain, server_side=True) as line:
            talk(line)

    with _plain_server(encrypted) as port:
        yield through(port)


@contextmanager
def _plain_server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server for one connection, in a thread of its own; what goes wrong on the line is the client's to say."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            try:
                line, _ = listener.accept()
            except OSError:
                return  # nobody came
            with line, contextlib.suppress(OSError):  # the client left, which some tests are about
                talk(line)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # A thread in accept() is not woken by close(); in a conversation it sees the client go.
            with contextlib.suppress(OSError):  # a listening socket is not "connected" everywhere
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()
