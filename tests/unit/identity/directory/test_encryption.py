"""Certificates that prove nothing and lines that are not encrypted: nothing is sent, nothing is believed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.identity.directory import faults
from tests.contract.identity.password_method import sign_in
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.fault_proxy import FaultProxy
from tests.servers.people import ALICE, PASSWORD
from tests.servers.process import LOOPBACK
from tests.servers.slapd import Slapd, running_slapd
from tests.unit.identity.directory.estate import TEMPLATE, method_for, through
from tests.unit.identity.directory.lying import (
    ALICE_DN,
    BIND,
    EXTENDED,
    QUICK,
    carry,
    number_of,
    plain_server,
    response,
)


@contextmanager
def _bad(certificates: Certificates, name: str) -> Iterator[Slapd]:
    certificate: ServerCertificate = getattr(certificates, name)
    with running_slapd(certificates, certificate=certificate) as server:
        yield server


def test_the_keys_of_a_line_are_written_nowhere(
    certificates: Certificates, fresh_directory: Slapd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    for url in (fresh_directory.ldaps_url, fresh_directory.ldap_url):
        sign_in(method_for(certificates.ca, url), ALICE.uid, PASSWORD)
    assert not (tmp_path / "keys").exists()


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
        line.sendall(response(number_of(received[0]), EXTENDED, code=2))  # as a server without it (RFC 4511 §4.14.2)
        while more := line.recv(4096):
            received.append(more)

    with plain_server(refuse) as port:
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
        number = number_of(line.recv(4096))
        started, success = response(number, EXTENDED, code=0), response(number + 1, BIND, code=0)
        line.sendall(started + success)
        line.recv(4096)

    with plain_server(inject) as port:
        method = method_for(certificates.ca, through(port, tls_first=False), **QUICK, **TEMPLATE)
        with pytest.raises(faults.DirectoryUnreachable):
            sign_in(method, ALICE.uid, PASSWORD)


def test_over_starttls_no_proxy_sees_a_bind(fresh_directory: Slapd, certificates: Certificates) -> None:
    seen: list[bytes] = []

    def relay(line: socket.socket) -> None:
        with socket.create_connection((LOOPBACK, fresh_directory.ldap_port)) as server:
            back = threading.Thread(target=carry, args=(server, line, None))
            back.start()
            carry(line, server, seen)
            server.shutdown(socket.SHUT_WR)
            back.join()

    with plain_server(relay) as port:
        sign_in(method_for(certificates.ca, through(port, tls_first=False)), ALICE.uid, PASSWORD)
    sent = b"".join(seen)
    assert b"1.3.6.1.4.1.1466.20037" in sent
    for secret in (PASSWORD.encode(), ALICE_DN.encode(), b"uid="):
        assert secret not in sent
