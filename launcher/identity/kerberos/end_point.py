"""What binds a proof to its TLS connection: the server's certificate (tls-server-end-point, RFC 5929, 4)."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes


def end_point_of(certificate: bytes) -> bytes | None:
    """Return the binding of a certificate (DER); None for one whose signature names no hash: none is defined then.

    None too for a certificate or a signature that is not known here, though TLS has taken it.
    """
    try:
        algorithm = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return None
    if algorithm is None:
        return None
    if isinstance(algorithm, hashes.MD5 | hashes.SHA1):
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(certificate)
    return b"tls-server-end-point:" + digest.finalize()
