"""RSA key pairs for SAML: self-signed, known to the other side by its metadata and to nobody else."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

_BITS = 2048


@dataclass(frozen=True, slots=True)
class SigningPair:
    """The PEM files of one side, which any account may read: they are worth nothing beyond the run."""

    certificate: Path
    key: Path

    @property
    def certificate_text(self) -> str:
        """The certificate as metadata wants it: base64 in one line."""
        return "".join(line for line in self.certificate.read_text().splitlines() if not line.startswith("-----"))


def signing_pair(folder: Path, name: str) -> SigningPair:
    """Make a key pair that is good for a week around now."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=6))
        .sign(key, hashes.SHA256())
    )
    pair = SigningPair(folder / f"{name}.crt", folder / f"{name}.pem")
    pair.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pair.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    for file in (pair.certificate, pair.key):
        file.chmod(0o644)
    return pair
