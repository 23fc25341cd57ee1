"""The one module of ours that speaks GSSAPI; blocking, so it is called in worker threads.

Every call names the credential cache: what the environment or another officer of this process holds is never used.
"""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Final

import gssapi
from gssapi.raw import ChannelBindings, acquire_cred_with_password

from launcher.errors import LauncherError
from launcher.identity.kerberos.errors import KerberosServerUnprovedError, KerberosTicketRefusedError, fault_of
from launcher.secret import Secret

_SPNEGO: Final = gssapi.OID.from_int_seq("1.3.6.1.5.5.2")  # RFC 4178
_KRB5: Final = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2")


def obtain(principal: str, password: Secret, cache: Path) -> None:
    """Ask for a ticket, once, and write it into the file. Raises :class:`LauncherError`."""
    try:
        name = gssapi.Name(principal, gssapi.NameType.kerberos_principal)
        made = acquire_cred_with_password(name, password.reveal().encode(), mechs=[_KRB5], usage="initiate")
        credentials = gssapi.Credentials(made.creds)
        credentials.store(store=_store(cache), usage="initiate", mech=_KRB5, overwrite=True)
    except gssapi.exceptions.GSSError as fault:
        raise _told_apart(fault) from None


def left_s(cache: Path) -> float:
    """Return for how many seconds the ticket is still good. Raises :class:`LauncherError`."""
    try:
        return float(gssapi.Credentials(usage="initiate", mechs=[_KRB5], store=_store(cache)).lifetime or 0)
    except gssapi.exceptions.ExpiredCredentialsError:
        return 0.0
    except gssapi.exceptions.GSSError as fault:
        raise _told_apart(fault) from None


class Context:
    """One proof of the officer to one host, and of the host to the officer; ``end_point`` binds it to a connection."""

    def __init__(self, cache: Path, service: str, host: str, end_point: bytes | None = None) -> None:
        bindings = ChannelBindings(application_data=end_point) if end_point else None
        try:
            self._context = gssapi.SecurityContext(
                name=gssapi.Name(f"{service}@{host}", gssapi.NameType.hostbased_service),
                creds=gssapi.Credentials(usage="initiate", store=_store(cache)),
                mech=_SPNEGO,
                usage="initiate",
                # Never delegated: what is shown is this one ticket, and no power to ask for others.
                flags=[gssapi.RequirementFlag.mutual_authentication],
                channel_bindings=bindings,
            )
        except gssapi.exceptions.GSSError as fault:
            raise _told_apart(fault) from None
        # Else a false answer is met with one more token, and raises only when something else is asked.
        self._context.__DEFER_STEP_ERRORS__ = False

    def step(self, untrusted_answer: str) -> Secret | None:
        """Take the host's token in base64, nothing at first, and return the next one to send, if there is one.

        Raises :class:`KerberosServerUnprovedError` for an answer that is none of the host's, and what the realm says.
        """
        try:
            answer = base64.b64decode(untrusted_answer, validate=True) if untrusted_answer else None
            token = self._context.step(answer)
        except (binascii.Error, ValueError):
            raise _unproved("not base64") from None
        except gssapi.exceptions.GSSError as fault:
            told = _told_apart(fault)
            raise (_unproved(told.detail) if untrusted_answer else told) from None
        return Secret(base64.b64encode(token).decode()) if token else None

    @property
    def proved(self) -> bool:
        """Whether the host has proved itself too."""
        context = self._context
        return bool(context.complete and context.actual_flags & gssapi.RequirementFlag.mutual_authentication)


def accept(untrusted_token: str, keytab: Path) -> tuple[str, str]:
    """Take a token in base64 that somebody shows to a service of ours; return who they are and the service's name.

    Both with their realm. One that was shown before is refused: the library's replay cache is on, whatever the
    environment says. Raises :class:`LauncherError`.
    """
    store = {"keytab": f"FILE:{keytab}", "rcache": "dfl:"}
    try:
        token = base64.b64decode(untrusted_token, validate=True)
        service = gssapi.Credentials(usage="accept", store=store)
        context = gssapi.SecurityContext(creds=service, usage="accept")
        context.__DEFER_STEP_ERRORS__ = False
        context.step(token)
        if not context.complete:
            raise KerberosTicketRefusedError("The ticket proves nobody.", detail="more was to follow")
        return str(context.initiator_name), str(context.target_name)
    except (binascii.Error, ValueError):
        raise KerberosTicketRefusedError("The ticket proves nobody.", detail="not base64") from None
    except gssapi.exceptions.GSSError as fault:
        raise KerberosTicketRefusedError("The ticket proves nobody.", detail=str(fault)) from None


def _store(cache: Path) -> dict[str, str]:
    return {"ccache": f"FILE:{cache}"}


def _told_apart(fault: gssapi.exceptions.GSSError) -> LauncherError:
    return fault_of(fault.min_code, str(fault))


def _unproved(detail: str) -> LauncherError:
    return KerberosServerUnprovedError("The system did not prove that it is the one you were meant for.", detail=detail)
