"""Every way a ticket can fail to be had or to be taken; each has its help page."""

from __future__ import annotations

from typing import Final

from launcher.errors import LauncherError


class KerberosMissingError(LauncherError):
    """This computer has no package that speaks Kerberos for Python."""

    reference = "kerberos-missing"
    hint = "Tell IT the reference: station-launcher doctor says which package is missing."


class KerberosNotSetUpError(LauncherError):
    """The station file names no realm, or what it names cannot be used."""

    reference = "kerberos-not-set-up"
    hint = "Tell IT the reference: [kerberos] of the station file, or the krb5.conf that it names, is to be mended."


class KerberosNoPasswordError(LauncherError):
    """The officer logged on without a password that a ticket could be had for."""

    reference = "kerberos-no-password"
    hint = "Log off, and log on with name and password; or tell the helpdesk the reference."


class KerberosPasswordRefusedError(LauncherError):
    """The realm does not know the name, or did not take the password: it is not tried again."""

    reference = "kerberos-password-refused"
    hint = "It is not tried again. Log off and log on again; if that was right, tell the helpdesk the reference."


class KerberosPasswordExpiredError(LauncherError):
    """The realm wants a new password before it gives a ticket."""

    reference = "kerberos-password-expired"
    hint = "Log off, log on again and choose a new password, or ask the helpdesk for one."


class KerberosAccountRefusedError(LauncherError):
    """The account is locked, switched off, ended, or not allowed now: the realm gives no ticket for it."""

    reference = "kerberos-account-refused"
    hint = "Tell the helpdesk the reference: the account is locked, switched off or has ended."


class KerberosUnreachableError(LauncherError):
    """No server of the realm answered."""

    reference = "kerberos-unreachable"
    hint = "Try again in a minute. If it stays so, tell the helpdesk the reference."
    retryable = True


class KerberosClockError(LauncherError):
    """This computer's clock and the realm's, or the system's, are too far apart."""

    reference = "kerberos-clock"
    hint = "Tell IT the reference: the clock of this computer or of the system is wrong."
    retryable = True


class KerberosHostUnknownError(LauncherError):
    """The realm knows no such host: it gives no ticket for it."""

    reference = "kerberos-host-unknown"
    hint = "Tell IT the reference: the system has no name (HTTP/host) in the realm, or the entry names it otherwise."


class KerberosTicketEndedError(LauncherError):
    """The ticket has ended, or is gone, and no other could be had."""

    reference = "kerberos-ticket-ended"
    hint = "Lock and unlock with your password, or log off and on again; a new ticket is then asked for."
    retryable = True


class KerberosServerUnprovedError(LauncherError):
    """The system took the ticket and did not prove in return that it is the one it was for."""

    reference = "kerberos-server-unproved"
    hint = "Do not go on there. Tell IT the reference: another server may be standing in its place."


class KerberosFaultError(LauncherError):
    """Kerberos failed in a way that has no name of its own here; ``detail`` has its words."""

    reference = "kerberos-fault"
    hint = "Tell IT the reference and the detail."
    # The realm may count what it has refused in a way that is not known here: it is not asked again by itself.
    retryable = False


_BASE: Final = -1765328384 & 0xFFFFFFFF
"""Where MIT's and Heimdal's error numbers of the protocol begin (krb5_err.et)."""

_REFUSED: Final = (6, 24, 31, 210)  # unknown client, pre-authentication failed, wrong key
_EXPIRED: Final = (23,)
_ACCOUNT: Final = (1, 9, 12, 18)  # ended, no key, by policy, revoked
_CLOCK: Final = (37, 33)  # skew, not yet valid
_HOST: Final = (7, 8, 2)  # unknown service, ended service
_UNREACHABLE: Final = (154, 155, 156, 29)  # unknown realm, no server found, none answers, unavailable
_ENDED: Final = (32, 141, 195, 11)  # expired, not in the cache, no cache


def fault_of(minor: int, untrusted_words: str) -> LauncherError:
    """Tell the library's numbers apart; ``untrusted_words`` are its own, and go into the detail."""
    code = (minor & 0xFFFFFFFF) - _BASE
    kinds: tuple[tuple[tuple[int, ...], type[LauncherError], str], ...] = (
        (_REFUSED, KerberosPasswordRefusedError, "The realm did not accept your name and password for a ticket."),
        (_EXPIRED, KerberosPasswordExpiredError, "The realm wants a new password before it gives a ticket."),
        (_ACCOUNT, KerberosAccountRefusedError, "The realm gives no ticket for your account."),
        (_CLOCK, KerberosClockError, "The clocks are too far apart for a ticket."),
        (_HOST, KerberosHostUnknownError, "The realm knows no system of that name."),
        (_UNREACHABLE, KerberosUnreachableError, "The realm's servers do not answer."),
        (_ENDED, KerberosTicketEndedError, "Your ticket has ended."),
    )
    for codes, kind, message in kinds:
        if code in codes:
            return kind(message, detail=untrusted_words)
    return KerberosFaultError("Kerberos failed.", detail=untrusted_words)
