"""An officer's certificate: opened from its file, kept sealed, and refused where it is no use."""

from __future__ import annotations

import asyncio
import datetime
import time
from pathlib import Path

import pytest
import trustme

from launcher.grants.certificates import Certificates
from launcher.grants.client_certificate import ClientCertificate, from_pkcs12, from_store
from launcher.grants.credential import Credential
from launcher.grants.errors import (
    CertificateExpired,
    CertificateFaultyError,
    CertificateMissing,
    CertificatePasswordWrong,
)
from launcher.grants.held import Grants
from launcher.grants.key_files import FileKeyStore
from launcher.grants.sealed_store import SealedStore
from launcher.identity.officer import OfficerId
from launcher.secret import Secret
from tests.servers.nginx import Holder

OFFICER = OfficerId("local", "id-4471")
SEAL = "sea-Of-Slate 9"
CA = trustme.CA(organization_name="Officers")


def holder(name: str = "A. Okafor", *, kind: trustme.KeyType = trustme.KeyType.ECDSA, days: int = 30) -> Holder:
    now = datetime.datetime.now(datetime.UTC)
    leaf = CA.issue_cert(
        "4471@force.example",
        common_name=name,
        key_type=kind,
        not_before=now + datetime.timedelta(days=days - 40),
        not_after=now + datetime.timedelta(days=days),
    )
    return Holder(leaf.cert_chain_pems[0].bytes(), leaf.private_key_pem.bytes())


def opened(one: Holder) -> ClientCertificate:
    return from_pkcs12(one.pkcs12(SEAL), Secret(SEAL))


@pytest.mark.parametrize("kind", [trustme.KeyType.ECDSA, trustme.KeyType.RSA])
def test_a_file_is_opened_with_its_password(kind: trustme.KeyType) -> None:
    certificate = opened(holder(kind=kind))
    assert certificate.name == "A. Okafor"
    assert certificate.key.reveal().startswith("-----BEGIN PRIVATE KEY-----")
    assert "PRIVATE KEY" not in certificate.certificate
    assert "PRIVATE KEY" not in repr(certificate)
    certificate.must_be_valid(time.time())
    assert from_store(certificate.kept_as()) == certificate


def test_a_wrong_password_opens_nothing() -> None:
    with pytest.raises(CertificatePasswordWrong):
        from_pkcs12(holder().pkcs12(SEAL), Secret(SEAL + "x"))


@pytest.mark.parametrize("untrusted", [b"", b"not asn.1", b"\x30" * (1 << 17)])
def test_what_is_no_such_file_is_said(untrusted: bytes) -> None:
    with pytest.raises(CertificateFaultyError):
        from_pkcs12(untrusted, Secret(SEAL))


@pytest.mark.parametrize(("days", "said"), [(-1, "has ended on"), (60, "begins on")])
def test_one_whose_time_is_not_now_is_refused(days: int, said: str) -> None:
    with pytest.raises(CertificateExpired, match=said):
        opened(holder(days=days)).must_be_valid(time.time())


def test_what_was_kept_and_cannot_be_read_counts_as_missing() -> None:
    with pytest.raises(CertificateFaultyError):
        from_store(Credential("x", Secret("no certificate")))
    other, own = opened(holder()), opened(holder())
    mixed = f"{own.certificate}{other.key.reveal()}"
    with pytest.raises(CertificateFaultyError, match="do not belong together"):
        from_store(Credential("x", Secret(mixed)))


def test_one_that_worked_is_kept_sealed_and_one_that_did_not_is_not(tmp_path: Path) -> None:
    certificate = opened(holder())

    def sitting() -> Grants:
        return Grants(OFFICER, SealedStore(tmp_path / "kept", FileKeyStore(tmp_path / "keys")))

    async def play() -> None:
        first = sitting()
        with pytest.raises(CertificateMissing):
            await first.certificates.get("officer", time.time())
        first.certificates.give("officer", certificate)
        assert await first.certificates.get("officer", time.time()) == certificate
        assert certificate.key in first.secrets()
        with pytest.raises(CertificateMissing):
            await sitting().certificates.get("officer", time.time())
        await first.certificates.remember("officer")
        again = sitting()
        assert await again.certificates.get("officer", time.time()) == certificate
        with pytest.raises(CertificateMissing):
            await again.certificates.get("another", time.time())
        with pytest.raises(CertificateExpired):
            await again.certificates.get("officer", time.time() + 40 * 86400)
        await again.certificates.forget("another")
        assert await again.certificates.get("officer", time.time()) == certificate

    async def forget() -> None:
        one = sitting()
        await one.certificates.get("officer", time.time())
        await one.certificates.forget("officer")
        for each in (one, sitting()):
            with pytest.raises(CertificateMissing):
                await each.certificates.get("officer", time.time())

    asyncio.run(play())
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    asyncio.run(forget())
    assert files
    assert not any(b"PRIVATE KEY" in content or b"Okafor" in content for content in files)


def test_a_refused_one_is_in_doubt_until_it_works_or_another_is_given() -> None:
    async def none(_: str) -> None:
        return None

    async def kept(_: str, __: Credential) -> bool:
        return True

    async def play() -> None:
        async def forget(_: str) -> None:
            return

        certificates = Certificates(none, kept, forget)
        certificates.give("officer", opened(holder()))
        certificates.doubt("officer")
        assert certificates.is_in_doubt("officer")
        await certificates.remember("officer")
        assert not certificates.is_in_doubt("officer")
        certificates.doubt("officer")
        certificates.give("officer", opened(holder()))
        assert not certificates.is_in_doubt("officer")

    asyncio.run(play())
