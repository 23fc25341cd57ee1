"""A proof is good on the connection it was made for: taken by who has the same certificate, and by nobody between."""

from __future__ import annotations

import asyncio
import base64
import ssl
from pathlib import Path

import pytest

from launcher.identity.http import Client, trusting
from launcher.identity.kerberos import TicketCache
from launcher.identity.kerberos.end_point import end_point_of
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret
from tests.servers.apache_gssapi import HOST, Rosters
from tests.servers.certificates import Certificates
from tests.servers.kdc import REALM, Kdc
from tests.servers.people import PASSWORD


def der(file: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(
        file.read_text().partition("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----"
    )


def test_an_answer_has_the_certificate_that_was_verified(rosters: Rosters, certificates: Certificates) -> None:
    client = Client(trusting([certificates.ca]))
    try:
        for place in ("open/", "on/", ""):  # a page, a redirect, a refusal
            answer = client.ask("GET", f"{rosters.url}{place}")
            assert answer.certificate == der(certificates.server.certificate)
    finally:
        client.close()


def test_a_proof_is_bound_to_the_certificate(
    rosters: Rosters, shared_realm: Kdc, certificates: Certificates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gssapi
    from gssapi.raw import ChannelBindings

    monkeypatch.setenv("KRB5_CONFIG", str(shared_realm.config))
    monkeypatch.setenv("KRB5RCACHENAME", "none:")
    cache = TicketCache(KerberosSettings(realm=REALM), tmp_path / "tickets")
    asyncio.run(cache.obtain("alice", Secret(PASSWORD)))
    mine, other = der(certificates.server.certificate), der(certificates.untrusted.certificate)
    server = gssapi.Credentials(usage="accept", store={"keytab": str(rosters.folder / "keytab")})

    def accepts(certificate: bytes) -> bool:
        first = cache.context(HOST, mine).step("")
        assert first is not None
        bindings = ChannelBindings(application_data=end_point_of(certificate))
        accepting = gssapi.SecurityContext(creds=server, usage="accept", channel_bindings=bindings)
        try:
            accepting.step(base64.b64decode(first.reveal()))
            return bool(accepting.complete)
        except gssapi.exceptions.GSSError:
            return False

    assert [accepts(mine), accepts(other)] == [True, False]


def test_a_certificate_that_is_not_known_here_binds_nothing(certificates: Certificates) -> None:
    known = der(certificates.server.certificate)
    assert end_point_of(known) is not None
    oids = (bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a8648ce3d040302"))  # SHA-256 with RSA, with ECDSA
    other = known
    for oid in oids:
        other = other.replace(oid, oid[:-1] + b"\x7f")
    assert other != known
    for unknown in (other, b"no certificate"):
        assert end_point_of(unknown) is None
