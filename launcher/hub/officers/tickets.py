"""Kerberos tickets for the hub's own service, and which officer a principal is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from launcher.errors import LauncherError
from launcher.hub.officers import rows
from launcher.hub.officers.errors import OfficerTicketRefusedError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from launcher.hub.officers.seats import Seat
    from launcher.hub.settings import KerberosSettings


SEVERAL: Final = "several officers have that name"


def principal_of(untrusted_token: str, settings: KerberosSettings) -> tuple[str, str]:
    """Return the user name and realm that a ticket proves. Raises :class:`OfficerTicketRefusedError`."""
    try:
        from launcher.identity.kerberos import gss  # late: not every computer has it

        who, service = gss.accept(untrusted_token, settings.keytab)
    except ImportError:
        raise OfficerTicketRefusedError(
            "The hub's computer does not speak Kerberos.", detail="kerberos-missing", hint="Tell IT the detail."
        ) from None
    except LauncherError as refused:
        raise OfficerTicketRefusedError("The ticket does not prove who you are.", detail=refused.detail) from None
    return name_and_realm(who, service)


def name_and_realm(who: str, service: str) -> tuple[str, str]:
    """Return a principal's two halves: only of the realm of the hub's own ``service``, and of a person.

    Names of other realms and of services are nobody's here. Raises :class:`OfficerTicketRefusedError`.
    """
    name, _, realm = who.rpartition("@")
    if realm != service.rpartition("@")[2] or not name or "/" in name or "\\" in name or "@" in name:
        raise OfficerTicketRefusedError("The ticket is not of an officer of this realm.")
    return name, realm


def officer_of(connection: Connection, user_name: str, seat: Seat | None) -> rows.KnownOfficer:
    """Return the officer whom stations know by this name to log on with.

    A sitting says which, where several issuers know one each. Who of one issuer it is a station's word never decides:
    a stolen one would have its thief's ticket prove whomever it names. Raises :class:`OfficerTicketRefusedError` where
    nobody is, or it is not clear who.
    """
    alike = rows.with_user_name(connection, user_name)
    found = alike
    if len(alike) > 1 and seat is not None:
        found = tuple(one for one in alike if one.officer == seat.officer)
    if len(found) != 1:
        raise _not_clear("nobody of that name has logged on anywhere" if not found else SEVERAL)
    officer = found[0]
    if officer.doubt:
        raise _not_clear("terminals do not agree on whose name that is")
    if any(one.issuer == officer.issuer and not one.doubt for one in alike if one is not officer):
        raise _not_clear(SEVERAL)
    return officer


def _not_clear(detail: str) -> OfficerTicketRefusedError:
    return OfficerTicketRefusedError(
        "The hub does not know which officer the ticket is of.",
        detail=detail,
        hint="Log on at a terminal first. If it happens again, tell IT the reference and the detail.",
    )


def groups_of(settings: KerberosSettings, name: str, realm: str) -> tuple[str, ...]:
    """Return the groups that the hub's own file gives a principal, by its name with or without the realm."""
    wanted = {name.casefold(), f"{name}@{realm}".casefold()}
    return tuple(
        group.lower() for principal, groups in settings.groups.items() if principal.casefold() in wanted
        for group in groups
    )  # fmt: skip
