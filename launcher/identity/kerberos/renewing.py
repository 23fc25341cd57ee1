"""Renews a ticket by the system's ``kinit``: the binding for Python cannot. No secret is given to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from launcher.identity.kerberos.errors import KerberosTicketEndedError

_NAMES: Final = ("PATH", "KRB5_CONFIG", "LD_LIBRARY_PATH")


def renew_in(cache: Path, within_s: float) -> None:
    """Renew the ticket in a file. Raises :class:`KerberosTicketEndedError`."""
    program = shutil.which("kinit")
    if program is None:
        raise _not_renewed("kinit is not on this computer")
    environment = {name: os.environ[name] for name in _NAMES if name in os.environ}
    try:
        ran = subprocess.run(
            (program, "-R", "-c", f"FILE:{cache}"),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=within_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise _not_renewed(type(fault).__name__) from None
    if ran.returncode:
        raise _not_renewed(ran.stderr.strip()[:200])


def _not_renewed(detail: str) -> KerberosTicketEndedError:
    return KerberosTicketEndedError("Your ticket was not renewed.", detail=detail)
