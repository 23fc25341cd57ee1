"""What the system's ``kinit`` does and the binding for Python cannot: renew a ticket, and get one with a card."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from launcher.errors import LauncherError
from launcher.identity.kerberos.errors import (
    KerberosAccountRefusedError,
    KerberosCardRefusedError,
    KerberosClockError,
    KerberosMissingError,
    KerberosTicketEndedError,
    KerberosUnreachableError,
    fault_of,
)
from launcher.secret import Secret

_SYSTEM_CONFIG: Final = "/etc/krb5.conf"
_CARD_ALONE: Final = """\
[libdefaults]
spake_preauth_groups = none
[realms]
{realm} = {{
  disable_encrypted_timestamp = true
}}
"""
"""Without it kinit goes on to a password where a card does not do, and takes the PIN for one: the realm counts that."""

_NOT_THE_CARD: Final = (KerberosAccountRefusedError, KerberosClockError, KerberosUnreachableError)


def renew_in(cache: Path, within_s: float) -> None:
    """Renew the ticket in a file; no secret is needed. Raises :class:`KerberosTicketEndedError`."""
    try:
        said = _kinit(("-R", "-c", f"FILE:{cache}"), within_s)
    except KerberosMissingError as missing:
        said = missing.detail
    if said is not None:
        raise KerberosTicketEndedError("Your ticket was not renewed.", detail=said)


def obtain_with_card(principal: str, realm: str, identity: str, pin: Secret, cache: Path, within_s: float) -> None:
    """Get a ticket with a certificate (PKINIT, RFC 4556) and write it into the file; the PIN goes in by a pipe.

    ``identity`` is kinit's X509_user_identity. Raises :class:`KerberosCardRefusedError` or what the realm says.
    """
    own = cache.with_name(f"{cache.name}.conf")
    own.write_text(_CARD_ALONE.format(realm=realm), encoding="utf-8")
    config = f"{own}:{os.environ.get('KRB5_CONFIG', _SYSTEM_CONFIG)}"
    arguments = ("-c", f"FILE:{cache}", "-X", f"X509_user_identity={identity}", "--", principal)
    try:
        said = _kinit(arguments, within_s, pin, {"KRB5_CONFIG": config})
    finally:
        own.unlink(missing_ok=True)
    if said is None:
        return
    told = fault_of(0, said)
    if isinstance(told, _NOT_THE_CARD):
        raise told
    raise KerberosCardRefusedError("Your card, or its PIN, was not accepted.", detail=said)


def _kinit(
    arguments: tuple[str, ...], within_s: float, pin: Secret | None = None, more: Mapping[str, str] | None = None
) -> str | None:
    """Run it; return what it says where it does not do what it should. Raises :class:`KerberosMissingError`."""
    program = shutil.which("kinit")
    if program is None:
        raise _missing()
    environment = {name: value for name, value in os.environ.items() if name != "KRB5CCNAME"} | dict(more or {})
    try:
        ran = subprocess.run(
            (program, *arguments),
            env=environment,
            input=f"{pin.reveal()}\n" if pin is not None else "",
            capture_output=True,
            text=True,
            errors="replace",
            timeout=within_s,
            check=False,
            start_new_session=True,  # it asks at no terminal of whoever began this process
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return type(fault).__name__
    return ran.stderr.strip()[:400] or "kinit failed" if ran.returncode else None


def _missing() -> LauncherError:
    return KerberosMissingError("This computer has no kinit.", detail="kinit is not on this computer")
