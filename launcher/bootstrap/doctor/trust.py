"""The certificate authorities of the station file: readable, in force for a while yet, and known to the browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509

from launcher.bootstrap.doctor.finding import Finding
from launcher.policy.settings import Settings

SOON: Final = timedelta(days=30)


def trust_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what is found of each file that the station file names."""
    yield _certutil(needed=bool(settings.web.private_ca_file or settings.proxy.ca_file))
    named = {
        "web.private_ca_file": settings.web.private_ca_file,
        "directory.ca_file": settings.directory.ca_file if settings.directory else None,
        "federated.ca_file": settings.federated.ca_file if settings.federated else None,
        "terminals.ca_file": settings.terminals.ca_file,
        **{f"force {force.name}": force.ca_file for force in settings.force},
        "proxy.ca_file": settings.proxy.ca_file,
    }
    for key, file in named.items():
        if file is not None:
            yield authority(key, file, datetime.now(UTC))


def authority(key: str, file: Path, now: datetime) -> Finding:
    """Say whether a PEM file of authorities can be read, and how long they last."""
    looked_at = f"CA of {key}"
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
    except OSError as fault:
        return Finding(looked_at, f"{file}: {fault.strerror}", "Put the file there, readable by all: it is no secret.")
    except ValueError:
        return Finding(looked_at, f"{file} is no PEM file of certificates", "Export the CA's certificate as PEM.")
    first = min(found, key=lambda one: one.not_valid_after_utc)
    until = first.not_valid_after_utc
    when = f"{until:%d %B %Y}"
    if until <= now:
        return Finding(looked_at, f"expired on {when}", "Put the authority's new certificate in its place.")
    if until <= now + SOON:
        return Finding(looked_at, f"expires on {when}", "Add the authority's new certificate to the file before that.")
    if file.stat().st_mode & 0o444 != 0o444:
        return Finding(looked_at, f"{file} is not readable by all", f"chmod 644 {file}: sessions have other accounts.")
    return Finding(looked_at, f"good until {when}")


def _certutil(*, needed: bool) -> Finding:
    if shutil.which("certutil"):
        return Finding("certutil", "there")
    if needed:
        return Finding("certutil", "missing", "Install libnss3-tools: the browser learns web.private_ca_file by it.")
    return Finding("certutil", "missing; needed for a CA of the force's own only")
