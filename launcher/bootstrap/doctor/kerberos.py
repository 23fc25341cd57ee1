"""Whether officers can have tickets here: the package, the realm's servers, and what renews a ticket."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launcher.bootstrap.doctor.finding import Finding
from launcher.errors import LauncherError
from launcher.identity.kerberos import TicketCache, speaks_kerberos
from launcher.identity.kerberos.errors import (
    KerberosAccountRefusedError,
    KerberosPasswordExpiredError,
    KerberosPasswordRefusedError,
)
from launcher.policy.kerberos_settings import KerberosSettings
from launcher.secret import Secret

NOBODY: Final = "station-launcher-doctor"
"""Whom the realm is asked for: where it says that there is no such officer it has answered, and has counted nothing."""

_PACKAGE: Final = "Debian 12: install python3-gssapi and run the set-up again (python3 -m installer setup)."
_CONFIG: Final = "Correct kerberos.config in the station file, or put the krb5.conf there, readable by all."
_REALM: Final = (
    "Look at kerberos.realm in the station file, at the servers that krb5.conf names for it (port 88), and at the "
    "network."
)
_KINIT: Final = "Install kinit (Debian: krb5-user), or the password of the log-on is used for another ticket."
_HOSTS: Final = (
    "Name the hosts of web systems that take a ticket in kerberos.hosts; terminals by SSH need no entry there."
)


def kerberos_findings(settings: KerberosSettings | None) -> Iterator[Finding]:
    """Yield what is found; nothing where the station file names no realm."""
    if settings is None:
        return
    if not speaks_kerberos():
        yield Finding("tickets", "the Python package gssapi is missing: no ticket can be had", _PACKAGE)
        return
    yield Finding("tickets", "the package for Kerberos is there")
    if settings.config is not None:
        found = config(settings.config)
        yield found
        if not found.well:
            return
        os.environ["KRB5_CONFIG"] = str(settings.config)
    yield asyncio.run(realm(settings))
    if settings.renew:
        yield renews()
    if not settings.hosts:
        yield Finding("hosts for tickets", "no web system is shown a ticket", _HOSTS, by_hand=True)


def config(file: Path) -> Finding:
    """Say whether the station's own krb5.conf can be read by every session."""
    try:
        mode = file.stat().st_mode
    except OSError as fault:
        return Finding("krb5.conf", f"{file}: {fault.strerror}", _CONFIG)
    if mode & 0o444 != 0o444:
        return Finding(
            "krb5.conf", f"{file} is not readable by all", f"chmod 644 {file}: sessions have other accounts."
        )
    return Finding("krb5.conf", f"{file} is there")


async def realm(settings: KerberosSettings) -> Finding:
    """Ask the realm for nobody's ticket: it says no, and has answered."""
    looked_at = f"realm {settings.realm}"
    with tempfile.TemporaryDirectory() as folder:
        try:
            await TicketCache(settings, Path(folder) / "tickets").obtain(NOBODY, Secret("no password"))
        except (KerberosPasswordRefusedError, KerberosPasswordExpiredError, KerberosAccountRefusedError):
            return Finding(looked_at, "answers")
        except LauncherError as fault:
            return Finding(looked_at, fault.message.rstrip("."), f"{_REALM}\n{fault.detail}")
    return Finding(looked_at, f"gives {NOBODY} a ticket for a password that nobody knows", "Remove that account.")


def renews() -> Finding:
    """Say whether tickets can be renewed without the password."""
    if shutil.which("kinit"):
        return Finding("renewing tickets", "kinit is there")
    return Finding("renewing tickets", "kinit is missing", _KINIT)
