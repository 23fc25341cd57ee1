"""A certificate of an officer's with its key, in memory: out of a PKCS#12 file, and as the store keeps it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from launcher.grants.credential import Credential
from launcher.grants.errors import CertificateExpired, CertificateFaultyError, CertificatePasswordWrong
from launcher.secret import Secret

LARGEST: Final = 1 << 16

_SEQUENCE: Final = 0x30


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """One certificate and its key, both PEM; ``name`` and ``issuer`` are what it says of its holder and its issuer."""

    certificate: str
    key: Secret
    name: str
    issuer: str
    from_s: float
    until_s: float

    def must_be_valid(self, now_s: float) -> None:
        """Refuse one whose time is over or has not come. Raises :class:`CertificateExpired`."""
        if now_s > self.until_s:
            raise CertificateExpired(f"Your certificate {self.name} has ended on {_day(self.until_s)}.")
        if now_s < self.from_s:
            raise CertificateExpired(f"Your certificate {self.name} begins on {_day(self.from_s)}.")

    def kept_as(self) -> Credential:
        """Return what the store seals: the holder's name, and certificate and key in the place of a password."""
        return Credential(self.name, Secret(f"{self.certificate}{self.key.reveal()}"))


@dataclass(frozen=True, slots=True)
class CardCertificate:
    """The certificate on the officer's card, which is open; with an ``issuer``, the one by it."""

    issuer: str = ""


AnyCertificate = ClientCertificate | CardCertificate


def is_for_logon(certificate: bytes) -> bool:
    """Say whether a certificate (DER) may prove a client in TLS: cards hold others to sign and to decrypt with."""
    try:
        extensions = x509.load_der_x509_certificate(certificate).extensions
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return ExtendedKeyUsageOID.CLIENT_AUTH in purposes or ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in purposes


def from_store(kept: Credential) -> ClientCertificate:
    """Return what was kept. Raises :class:`CertificateFaultyError`."""
    pem = kept.password.reveal().encode()
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CertificateFaultyError("The certificate that is kept for you cannot be read.") from None
    return _made(certificate, key)


def from_pkcs12(untrusted: bytes, password: Secret) -> ClientCertificate:
    """Open an officer's file. Blocks: a password is made slow to guess.

    Raises :class:`CertificatePasswordWrong` or :class:`CertificateFaultyError`.
    """
    if len(untrusted) > LARGEST or untrusted[:1] != bytes([_SEQUENCE]):
        raise CertificateFaultyError("The file of your certificate is no PKCS#12 file.")
    try:
        opened = pkcs12.load_pkcs12(untrusted, password.reveal().encode())
    except UnsupportedAlgorithm:
        raise CertificateFaultyError(
            "The file of your certificate is sealed in a way that is no longer used."
        ) from None
    except (ValueError, TypeError):
        # A file that was damaged is not told from a password that does not open it.
        raise CertificatePasswordWrong("This password does not open the file of your certificate.") from None
    if opened.cert is None or opened.key is None:
        raise CertificateFaultyError("The file of your certificate holds no certificate with its key.")
    return _made(opened.cert.certificate, opened.key)


def _made(certificate: x509.Certificate, key: PrivateKeyTypes) -> ClientCertificate:
    if key.public_key() != certificate.public_key():
        raise CertificateFaultyError("Your certificate and its key do not belong together.")
    sealed_by_us = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ClientCertificate(
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
        key=Secret(sealed_by_us.decode()),
        name=_common_name(certificate.subject),
        issuer=_common_name(certificate.issuer),
        from_s=certificate.not_valid_before_utc.timestamp(),
        until_s=certificate.not_valid_after_utc.timestamp(),
    )


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = str(found[0].value) if found else name.rfc4514_string()
    return "".join(mark for mark in text if mark.isprintable())[:80]


def _day(at_s: float) -> str:
    return f"{datetime.datetime.fromtimestamp(at_s, datetime.UTC):%d %B %Y}".lstrip("0")
