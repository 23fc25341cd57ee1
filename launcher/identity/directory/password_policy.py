"""What the directory's answer to a bind or a password change means, told apart as finely as it says.

Two dialects: the password policy control of OpenLDAP and others (draft-behera-ldap-password-policy-10), and the
``data`` code in the text of Active Directory (Microsoft: "Common Active Directory bind errors"). Pure functions over
:class:`~launcher.identity.directory.client.Answer`; no answer here is ever "probably right".
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from launcher.identity import refusals
from launcher.identity.directory import faults
from launcher.identity.directory.client import Answer
from launcher.identity.proof import SignInRefused

SUCCESS = 0
NO_SUCH_OBJECT = 32
INSUFFICIENT_ACCESS = 50
BUSY = frozenset({51, 52})  # busy, unavailable

_CONSTRAINT_VIOLATION = 19
_UNWILLING = 53
# RFC 4511 appendix A: invalidDNSyntax, noSuchObject and inappropriateAuthentication of a bind say "no such officer,
# or one without a password": the same answer as invalidCredentials.
_NOT_ACCEPTED = frozenset({49, NO_SUCH_OBJECT, 34, 48})
_ENCRYPTION_WANTED = frozenset({8, 13})

_AD_BIND = re.compile(r"\bdata ([0-9a-f]{2,8})\b", re.IGNORECASE)
_AD_REFUSALS: dict[int, type[refusals._Answer]] = {
    0x525: refusals.PasswordNotAccepted,  # no such user: the same answer as a wrong password
    0x52E: refusals.PasswordNotAccepted,
    0x530: refusals.OutsideLogonHours,
    0x531: refusals.NotAtThisTerminal,
    0x532: refusals.PasswordExpired,
    0x533: refusals.AccountDisabled,
    0x701: refusals.AccountExpired,
    0x773: refusals.PasswordMustChange,
    0x775: refusals.AccountLocked,
}
_AD_WRONG_OLD_PASSWORD = re.compile(r"\b0*56:", re.IGNORECASE)
_AD_PASSWORD_RULES = re.compile(r"\b0*52D\b", re.IGNORECASE)


class PolicyError(enum.IntEnum):
    """The error of a password policy response (draft §6.2)."""

    PASSWORD_EXPIRED = 0
    ACCOUNT_LOCKED = 1
    CHANGE_AFTER_RESET = 2
    MODIFICATION_NOT_ALLOWED = 3
    MUST_SUPPLY_OLD = 4
    INSUFFICIENT_QUALITY = 5
    TOO_SHORT = 6
    TOO_YOUNG = 7
    IN_HISTORY = 8


@dataclass(frozen=True, slots=True)
class PolicyResponse:
    """A decoded password policy control; None where it says nothing."""

    error: PolicyError | None = None
    expires_in_s: int | None = None
    grace_left: int | None = None


def decode(untrusted: bytes | None) -> PolicyResponse:
    """Decode the control's value; a malformed one says nothing.

    ``SEQUENCE { warning [0] CHOICE { timeBeforeExpiration [0] INTEGER, graceAuthNsRemaining [1] INTEGER } OPTIONAL,
    error [1] ENUMERATED OPTIONAL }``, in BER.
    """
    if not untrusted:
        return PolicyResponse()
    try:
        tag, body, rest = _element(untrusted)
        if tag != 0x30 or rest:
            return PolicyResponse()
        error: PolicyError | None = None
        expires_in_s: int | None = None
        grace_left: int | None = None
        while body:
            tag, value, body = _element(body)
            if tag == 0xA0:
                kind, number, _ = _element(value)
                if kind == 0x80:
                    expires_in_s = _number(number)
                elif kind == 0x81:
                    grace_left = _number(number)
            elif tag == 0x81:
                error = PolicyError(_number(value))
        return PolicyResponse(error, expires_in_s, grace_left)
    except (IndexError, ValueError):
        return PolicyResponse()


def judge_bind(answer: Answer, *, can_change_expired: bool = False) -> SignInRefused | None:
    """Return the refusal that an officer's bind was answered with, or None when it was accepted.

    ``can_change_expired``: the station has an account that may carry a change for an officer who cannot bind.
    """
    said = f"{answer.code} {answer.untrusted_text}".strip()
    policy = decode(answer.untrusted_policy)
    if answer.code == SUCCESS:
        if policy.error is PolicyError.CHANGE_AFTER_RESET:
            return refusals.PasswordMustChange.given(said)
        return None
    if policy.error is PolicyError.ACCOUNT_LOCKED:
        return refusals.AccountLocked.given(said)
    if policy.error is PolicyError.PASSWORD_EXPIRED:
        # OpenLDAP takes no further bind, and a change of password only from who is bound.
        return refusals.PasswordExpiredForGood.given(said)
    if policy.error is PolicyError.CHANGE_AFTER_RESET:
        return refusals.PasswordExpiredForGood.given(said)
    if answer.code in _NOT_ACCEPTED:
        return _active_directory_refusal(answer, said, can_change_expired=can_change_expired)
    if answer.code == _CONSTRAINT_VIOLATION:  # 389 Directory Server: "Exceed password retry limit"
        return refusals.AccountLocked.given(said)
    if answer.code == _UNWILLING and "inactivat" in answer.untrusted_text.lower():  # and its "Account inactivated"
        return refusals.AccountDisabled.given(said)
    if answer.code in _ENCRYPTION_WANTED:
        return faults.DirectoryNotEncrypted("The directory wants a stronger connection than this one.", detail=said)
    if answer.code in BUSY:
        return faults.DirectoryUnreachable("The directory is too busy to check your password.", detail=said)
    return faults.DirectoryAnswerUnexpected("The directory gave an answer this computer does not know.", detail=said)


def _active_directory_refusal(answer: Answer, said: str, *, can_change_expired: bool) -> SignInRefused:
    code = _AD_BIND.search(answer.untrusted_text)
    kind = _AD_REFUSALS.get(int(code.group(1), 16)) if code else refusals.PasswordNotAccepted
    if kind is None:
        return faults.DirectoryAnswerUnexpected("The directory refused your name for a reason of its own.", detail=said)
    if kind in (refusals.PasswordExpired, refusals.PasswordMustChange) and not can_change_expired:
        # Active Directory takes no bind in either state, so that the officer alone cannot change it over LDAP.
        return refusals.PasswordExpiredForGood.given(said)
    return kind.given(said)


def judge_change(answer: Answer) -> SignInRefused | None:
    """Return the refusal that a change of password was answered with, or None when it was made."""
    if answer.code == SUCCESS:
        return None
    said = f"{answer.code} {answer.untrusted_text}".strip()
    match decode(answer.untrusted_policy).error:
        case PolicyError.TOO_SHORT:
            return refusals.NewPasswordTooShort.given(said)
        case PolicyError.IN_HISTORY:
            return refusals.NewPasswordUsedBefore.given(said)
        case PolicyError.INSUFFICIENT_QUALITY:
            return refusals.NewPasswordTooSimple.given(said)
        case PolicyError.TOO_YOUNG:
            return refusals.NewPasswordTooSoon.given(said)
        case PolicyError.MODIFICATION_NOT_ALLOWED | PolicyError.MUST_SUPPLY_OLD:
            return refusals.PasswordChangeNotPossible.given(said)
        case PolicyError.ACCOUNT_LOCKED:
            return refusals.AccountLocked.given(said)
        case PolicyError.PASSWORD_EXPIRED | PolicyError.CHANGE_AFTER_RESET | None:
            return _change_refusal_by_text(answer, said)


def _change_refusal_by_text(answer: Answer, said: str) -> SignInRefused:
    text = answer.untrusted_text.lower()
    if answer.code == INSUFFICIENT_ACCESS or answer.code in _ENCRYPTION_WANTED:
        return refusals.PasswordChangeNotPossible.given(said)
    if _AD_WRONG_OLD_PASSWORD.search(answer.untrusted_text) or answer.code == 49:
        return refusals.PasswordNotAccepted.given(said)
    # Active Directory proper only says 52D: length, history or complexity, it does not tell which. Samba's text does.
    if "too short" in text:
        return refusals.NewPasswordTooShort.given(said)
    if "history" in text or "already used" in text:
        return refusals.NewPasswordUsedBefore.given(said)
    if "too young" in text:
        return refusals.NewPasswordTooSoon.given(said)
    if "complexity" in text or "quality" in text:
        return refusals.NewPasswordTooSimple.given(said)
    if _AD_PASSWORD_RULES.search(answer.untrusted_text) or answer.code in (_CONSTRAINT_VIOLATION, _UNWILLING):
        return refusals.NewPasswordRefused.given(said)
    return faults.DirectoryAnswerUnexpected("The directory did not change the password.", detail=said)


def warning(answer: Answer) -> str:
    """Return what an accepted officer should be told of their password's end, or nothing."""
    policy = decode(answer.untrusted_policy)
    if policy.grace_left is not None:
        return grace_words(policy.grace_left)
    if policy.expires_in_s is not None:
        return expiry_words(policy.expires_in_s)
    return ""


def grace_words(left: int) -> str:
    """Say how often an officer can still log on with a password that has expired."""
    if left <= 0:
        return "Your password has expired. This was the last time you could log on with it: change it now."
    times = "once more" if left == 1 else f"{left} more times"
    return f"Your password has expired. You can log on {times}: change it now."


def expiry_words(seconds: float) -> str:
    """Say when a password ends: in days, or in hours on its last day."""
    days = int(seconds // 86400)
    if days >= 1:
        return f"Your password ends in {days} day{'s' if days != 1 else ''}."
    hours = int(seconds // 3600)
    if hours >= 1:
        return f"Your password ends in {hours} hour{'s' if hours != 1 else ''}."
    return "Your password ends within the hour."


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    """Take the first BER element off: its tag, its contents and what follows."""
    tag, length, start = data[0], data[1], 2
    if length & 0x80:
        size = length & 0x7F
        if not 1 <= size <= 4:
            raise ValueError("indefinite or absurd length")
        start += size
        length = int.from_bytes(data[2:start], "big")
    if len(data) < start + length:
        raise ValueError("cut short")
    return tag, data[start : start + length], data[start + length :]


def _number(contents: bytes) -> int:
    if not 1 <= len(contents) <= 8:
        raise ValueError("not a number")
    return int.from_bytes(contents, "big", signed=True)
