"""Dead, silent and lying servers: what is tried next, what is refused, and what is never sent twice."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from launcher.identity import refusals
from launcher.identity.directory import faults
from launcher.identity.proof import Proof
from launcher.secret import Secret
from tests.contract.identity.password_method import change_password, sign_in
from tests.contract.identity.watch import RecordingWatch
from tests.servers.certificates import Certificates
from tests.servers.fault_proxy import Cut, FaultProxy, PassThrough, WithholdResponses
from tests.servers.people import ALICE, DAVE, PASSWORD
from tests.servers.slapd import Slapd
from tests.unit.identity.directory.estate import TEMPLATE, method_for, through
from tests.unit.identity.directory.lying import ALICE_DN, QUICK, some_answers, tls_server


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
        method = method_for(certificates.ca, url, fresh_directory.ldaps_url, connect_s=3)
        assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number


def test_a_server_that_speaks_no_tls_is_passed_over(fresh_directory: Slapd, certificates: Certificates) -> None:
    method = method_for(certificates.ca, f"ldaps://localhost:{fresh_directory.ldap_port}", fresh_directory.ldaps_url)
    assert sign_in(method, ALICE.uid, PASSWORD).officer.number == ALICE.number


def test_a_search_without_answer_is_repeated_elsewhere_and_the_bind_is_sent_there_only(
    directory_pair: tuple[Slapd, Slapd], certificates: Certificates
) -> None:
    first, second = directory_pair
    with FaultProxy(first.ldaps_port, fault=WithholdResponses()) as proxy:
        method = method_for(certificates.ca, through(proxy.port), second.ldaps_url, connect_s=3)
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
    with some_answers(2, fresh_directory, certificates) as url:
        method = method_for(certificates.ca, url, **QUICK, **TEMPLATE)
        with pytest.raises(refusals.PasswordChangeUnknown):
            change_password(method, DAVE.uid, PASSWORD, "Brand-New-Pw-9")
    direct = method_for(certificates.ca, fresh_directory.ldaps_url)
    assert sign_in(direct, DAVE.uid, "Brand-New-Pw-9").officer.number == DAVE.number


def test_silence_before_a_change_was_sent_says_that_nothing_changed(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    with some_answers(1, fresh_directory, certificates) as url:
        method = method_for(certificates.ca, url, **QUICK, **TEMPLATE)
        with pytest.raises(faults.DirectoryUnreachable, match="was not changed"):
            change_password(method, DAVE.uid, PASSWORD, "Brand-New-Pw-9")


def test_silence_after_the_bind_was_accepted_is_said_as_that(
    fresh_directory: Slapd, certificates: Certificates
) -> None:
    with some_answers(1, fresh_directory, certificates) as url:
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

    with tls_server(certificates.server, answer) as url:
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
