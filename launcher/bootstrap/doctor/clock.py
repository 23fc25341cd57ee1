"""The clock: whether something sets it, and how far it is from the provider's."""

from __future__ import annotations

import ctypes
import email.utils
import http.client
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from launcher.addresses import is_this_computer
from launcher.bootstrap.doctor.finding import Finding, behind_proxy
from launcher.errors import LauncherError
from launcher.relay.errors import NobodyKnownError
from launcher.relay.road import way_out

SKEW_S: Final = 60.0
"""Half of what ID tokens and Kerberos commonly bear, so that it is said before it is felt."""

_STA_UNSYNC: Final = 0x40
_STATUS_AT: Final = 40
"""Where ``status`` stands in the kernel's ``struct timex`` of a 64-bit system (adjtimex(2))."""

_AGAIN: Final = "Put right what is said of the provider, then run doctor again; until then look yourself: timedatectl."
_NEXT: Final = "Run a time service (systemd-timesyncd, chrony) against the force's time servers: timedatectl."


def clock_findings(authority: str, ca_file: Path | None) -> Iterator[Finding]:
    """Yield what is found; ``authority`` is the provider's address, or ""."""
    yield kept(kernel_status())
    if authority:
        yield skew(authority, ca_file)


def kernel_status() -> int | None:
    """Return the kernel's own word on its clock (STA_… of adjtimex(2)); None where it has none."""
    room = ctypes.create_string_buffer(512)  # modes = 0: nothing is set
    try:
        if ctypes.CDLL(None).adjtimex(room) < 0:
            return None
    except (AttributeError, OSError):
        return None
    return ctypes.c_int.from_buffer(room, _STATUS_AT).value


def kept(status: int | None) -> Finding:
    """Say whether a time service keeps the clock right."""
    if status is None:
        return Finding("clock", "this system does not say whether it is kept right", _NEXT)
    if status & _STA_UNSYNC:
        return Finding("clock", "nothing keeps it right", _NEXT)
    return Finding("clock", "kept right by a time service")


def skew(authority: str, ca_file: Path | None, connect_s: float = 5.0) -> Finding:
    """Compare the clock with the provider's, as its answers tell it."""
    parts = urlsplit(authority)
    looked_at = f"clock against {parts.netloc}"
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port or 443, timeout=connect_s, context=context
        )
        try:
            if (road := way_out()) is not None and not is_this_computer(connection.host):
                wire = road.connect_blocking(connection.host, connection.port, connect_s)
                connection.sock = context.wrap_socket(wire, server_hostname=connection.host)
            connection.request("HEAD", "/")
            said = connection.getresponse().getheader("Date", "")
        finally:
            connection.close()
    except NobodyKnownError:
        return behind_proxy(looked_at)
    except (OSError, LauncherError, http.client.HTTPException):
        return Finding(looked_at, "cannot be compared: no answer", _AGAIN)
    return compared(looked_at, said, time.time())


def compared(looked_at: str, untrusted_date: str, now: float) -> Finding:
    """Compare a time as HTTP writes it with this computer's, in seconds of the epoch."""
    try:
        theirs = email.utils.parsedate_to_datetime(untrusted_date).timestamp()
    except (ValueError, TypeError):
        return Finding(
            looked_at, "cannot be compared: the answer has no date", "Look yourself: timedatectl.", by_hand=True
        )
    off_s = now - theirs
    if abs(off_s) <= SKEW_S:
        return Finding(looked_at, "less than a minute apart")
    which = "ahead" if off_s > 0 else "behind"
    return Finding(looked_at, f"{abs(off_s):.0f} s {which}: ID tokens are refused as too old or too new", _NEXT)
