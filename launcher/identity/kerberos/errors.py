"""Every way a ticket can fail to be had or to be taken; each has its help page."""

from __future__ import annotations

from dataclasses import dataclass
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
    """The officer logged on without a password that a ticket could be had for: they are asked once."""

    reference = "kerberos-no-password"
    hint = "Type your name with the password, or with your card's PIN, once. They are not kept."


class KerberosPasswordRefusedError(LauncherError):
    """The realm does not know the name, or did not take the password: it is not tried again."""

    reference = "kerberos-password-refused"
    hint = "It is not tried again. Log off and log on again; if that was right, tell the helpdesk the reference."


class KerberosCardRefusedError(LauncherError):
    """The card is not there, its PIN was wrong, or the realm does not take its certificate."""

    reference = "kerberos-card-refused"
    hint = "Look whether the card is in, then try again with the right PIN: after a few wrong ones a card locks."
    retryable = True


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


class KerberosTicketRefusedError(LauncherError):
    """A ticket that somebody showed to a service of ours is not for it, has ended, or was shown before."""

    reference = "kerberos-ticket-refused"
    hint = "Log off and log on again. If it happens again, tell IT the reference and the detail."


class KerberosFaultError(LauncherError):
    """Kerberos failed in a way that has no name of its own here; ``detail`` has its words."""

    reference = "kerberos-fault"
    hint = "Tell IT the reference and the detail."
    # The realm may count what it has refused in a way that is not known here: it is not asked again by itself.
    retryable = False


_BASE: Final = -1765328384 & 0xFFFFFFFF
"""Where the numbers of the protocol's own errors begin (MIT's krb5_err.et)."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of refusal: the protocol's numbers for it, and what its words hold.

    The mechanism that speaks to web servers numbers errors anew where another one has used the number (gss_mecherrmap),
    so that the words are needed too.
    """

    codes: tuple[int, ...]
    words: tuple[str, ...]
    error: type[LauncherError]
    message: str


_KINDS: Final = (
    _Kind(
        (6, 24, 31, 210),  # unknown client, pre-authentication failed, wrong key
        ("client '", "preauthentication failed", "integrity check failed"),
        KerberosPasswordRefusedError,
        "The realm did not accept your name and password for a ticket.",
    ),
    _Kind(
        (23,),
        ("password has expired",),
        KerberosPasswordExpiredError,
        "The realm wants a new password before it gives a ticket.",
    ),
    _Kind(
        (1, 9, 12, 18),  # ended, no key, by policy, revoked
        ("credentials have been revoked", "client's entry in database has expired", "policy rejects"),
        KerberosAccountRefusedError,
        "The realm gives no ticket for your account.",
    ),
    _Kind((33, 37), ("clock skew", "not yet valid"), KerberosClockError, "The clocks are too far apart for a ticket."),
    _Kind(
        (2, 7, 8),  # unknown or ended service
        ("not found in kerberos database",),
        KerberosHostUnknownError,
        "The realm knows no system of that name.",
    ),
    _Kind(
        (29, 154, 155, 156),  # unavailable, unknown realm, no server found, none answers
        ("cannot contact any kdc", "cannot find kdc", "unable to reach any kdc"),
        KerberosUnreachableError,
        "The realm's servers do not answer.",
    ),
    _Kind(
        (11, 32, 141, 195),  # never valid, expired, not in the cache, no cache
        ("ticket expired", "credentials cache file", "no kerberos credentials available"),
        KerberosTicketEndedError,
        "Your ticket has ended.",
    ),
)


def fault_of(minor: int, untrusted_words: str) -> LauncherError:
    """Tell the library's numbers apart; ``untrusted_words`` are its own, and go into the detail."""
    code, words = (minor & 0xFFFFFFFF) - _BASE, untrusted_words.casefold()
    by_code = next((one for one in _KINDS if code in one.codes), None)
    kind = by_code or next((one for one in _KINDS if any(known in words for known in one.words)), None)
    if kind is None:
        return KerberosFaultError("Kerberos failed.", detail=untrusted_words)
    return kind.error(kind.message, detail=untrusted_words)
