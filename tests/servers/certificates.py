"""Certificates for the test servers: one authority to trust, one not to, and leaves that are wrong in known ways."""

from __future__ import annotations

import contextlib
import datetime
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import server_folder

CONTROLLER = f"127.77.{os.getpid() >> 8 & 255}.{os.getpid() & 255 or 1}"
"""An address of this run alone, for a server whose ports are fixed."""

NAMES = (
    "localhost",
    "127.0.0.1",
    "id.localhost",
    "warrants.localhost",
    "custody.localhost",
    "wiki.localhost",
    "records.localhost",
    "admin.localhost",
    "idp.localhost",
    "exhibits.localhost",
    "cas.localhost",
    "courts.localhost",
    "rosters.localhost",
    "hub.localhost",
    "dc1.station.test",
    CONTROLLER,
)
"""The names in every good server certificate; browsers resolve ``*.localhost`` to loopback by themselves."""


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """The PEM files of one server: the certificate (its chain included) and its key."""

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """A context with which a Python server presents this certificate."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


@dataclass(frozen=True, slots=True)
class Certificates:
    """All certificates of one run, as PEM files in ``folder``."""

    folder: Path
    ca: Path
    """The authority that clients are told to trust."""
    other_ca: Path
    """An authority that clients are not told to trust."""
    server: ServerCertificate
    """Good: signed by ``ca`` for every name in :data:`NAMES`."""
    untrusted: ServerCertificate
    """The right names, signed by ``other_ca``."""
    expired: ServerCertificate
    """Signed by ``ca``, the right names, over since yesterday."""
    wrong_host: ServerCertificate
    """Signed by ``ca`` for a name that no test server has."""


def missing() -> str | None:
    """What is not installed, if anything."""
    try:
        import trustme  # noqa: F401 - asked for here so that the module imports without it
    except ImportError:
        return "trustme not installed (extra: test)"
    return None


@contextlib.contextmanager
def certificates() -> Iterator[Certificates]:
    """Make both authorities and the four server certificates; they are deleted at the end."""
    with server_folder("certificates") as folder:
        # Servers started as root hand their pages to another account; certificates are no secret between them.
        folder.chmod(0o711)
        yield write_certificates(folder)


def write_certificates(folder: Path) -> Certificates:
    """Write the PEM files of a fresh pair of authorities into ``folder``."""
    import trustme  # not at the top: see missing()

    good, other = trustme.CA(organization_name="Station test CA"), trustme.CA(organization_name="Somebody else's CA")
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)

    def save(name: str, leaf: trustme.LeafCert) -> ServerCertificate:
        files = ServerCertificate(folder / f"{name}.pem", folder / f"{name}.key")
        files.certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        files.key.write_bytes(leaf.private_key_pem.bytes())
        files.key.chmod(0o600)
        return files

    ca, other_ca = folder / "ca.pem", folder / "other-ca.pem"
    good.cert_pem.write_to_path(str(ca))
    other.cert_pem.write_to_path(str(other_ca))
    return Certificates(
        folder=folder,
        ca=ca,
        other_ca=other_ca,
        server=save("server", good.issue_cert(*NAMES, common_name="localhost")),
        untrusted=save("untrusted", other.issue_cert(*NAMES, common_name="localhost")),
        expired=save(
            "expired",
            good.issue_cert(
                *NAMES,
                common_name="localhost",
                not_before=yesterday - datetime.timedelta(days=30),
                not_after=yesterday,
            ),
        ),
        wrong_host=save("wrong-host", good.issue_cert("somewhere-else.test", common_name="somewhere-else.test")),
    )
