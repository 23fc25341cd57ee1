"""The answers that are not yes and that more than one sign-in method can give, each with its own reference.

An unknown name and a wrong password are one answer on purpose: a terminal must not tell who has an account.
"""

from __future__ import annotations

from typing import ClassVar, Self

from launcher.identity.proof import SignInRefused


class _Answer(SignInRefused):
    """An answer whose words are always the same."""

    text: ClassVar[str]

    @classmethod
    def given(cls, detail: str = "") -> Self:
        """Make the answer; ``detail`` is the directory's own text, for the log."""
        return cls(cls.text, detail=detail)


class NameOrPasswordMissing(_Answer):
    """A field was left empty; nothing was sent (many directories accept an empty password as nobody's)."""

    reference = "name-or-password-missing"
    text = "Type your name and your password."
    hint = "Both fields are needed. Nothing was sent."
    retryable = True


class PasswordNotAccepted(_Answer):
    """The name is unknown or the password wrong; ``tries_left`` where the directory lets us know."""

    reference = "password-not-accepted"
    text = "That name and password were not accepted."
    hint = "Check the name and Caps Lock, then type the password again."
    retryable = True


class AccountLocked(_Answer):
    """Too many wrong passwords, or an administrator locked the account."""

    reference = "account-locked"
    text = "Your account is locked."
    hint = "Wait, or ask the helpdesk to unlock it. Trying again now can make the wait longer."


class PasswordMustChange(_Answer):
    """The password was right and has to be changed before anything else."""

    reference = "password-must-change"
    text = "Your password must be changed before you can go on."
    hint = "Choose a new password."
    must_change = True


class PasswordExpired(_Answer):
    """The password was right but has ended; this terminal can change it."""

    reference = "password-expired"
    text = "Your password has expired."
    hint = "Choose a new password."
    must_change = True


class PasswordExpiredForGood(_Answer):
    """The password was right but has ended, and the directory lets nobody but the helpdesk change it now."""

    reference = "password-expired-helpdesk"
    text = "Your password has expired and can no longer be changed here."
    hint = "Ask the helpdesk for a new password."


class AccountDisabled(_Answer):
    """The account is switched off."""

    reference = "account-disabled"
    text = "Your account is switched off."
    hint = "Ask the helpdesk. A new password does not help."


class AccountExpired(_Answer):
    """The account had an end date, and it has passed."""

    reference = "account-expired"
    text = "Your account has ended."
    hint = "Ask the helpdesk to extend it. A new password does not help."


class OutsideLogonHours(_Answer):
    """The directory allows this officer to log on at other hours only."""

    reference = "logon-hours"
    text = "Your account may not log on at this time."
    hint = "Log on within your hours, or ask the helpdesk to change them."


class NotAtThisTerminal(_Answer):
    """The directory allows this officer to log on at other computers only."""

    reference = "logon-workstation"
    text = "Your account may not log on at this computer."
    hint = "Use a computer you are allowed at, or ask the helpdesk."


class SignInThrottled(SignInRefused):
    """Too many wrong passwords at this terminal; nothing was checked."""

    reference = "sign-in-throttled"
    hint = "Wait, then type the password again. Check Caps Lock first."
    retryable = True


class NewPasswordRefused(_Answer):
    """The directory did not take the new password and did not say more closely why."""

    reference = "new-password-refused"
    text = "The new password was not accepted."
    hint = "Choose another: longer, with letters, digits and signs, and not one you had before."
    must_change = True
    retryable = True


class NewPasswordTooShort(NewPasswordRefused):
    """The new password has too few characters."""

    reference = "new-password-too-short"
    text = "The new password is too short."
    hint = "Choose a longer one."


class NewPasswordTooSimple(NewPasswordRefused):
    """The new password does not meet the directory's rules."""

    reference = "new-password-too-simple"
    text = "The new password is too simple."
    hint = "Mix capital and small letters, digits and signs, and leave out your name."


class NewPasswordUsedBefore(NewPasswordRefused):
    """The new password is the present one or one of the last."""

    reference = "new-password-used-before"
    text = "You have used that password before."
    hint = "Choose one that you have not had lately."


class NewPasswordTooSoon(_Answer):
    """The present password is too young to be changed."""

    reference = "new-password-too-soon"
    text = "Your password was changed too recently to be changed again."
    hint = "Log on with the present password, or ask the helpdesk."


class PasswordChangeNotPossible(_Answer):
    """The password cannot be changed from this terminal."""

    reference = "password-change-not-possible"
    text = "The password cannot be changed at this computer."
    hint = "Ask the helpdesk to change it."


class PasswordChangeUnknown(_Answer):
    """The change was sent and no answer came: either password may be the right one now."""

    reference = "password-change-unknown"
    text = "The change was sent, but no answer came."
    hint = "Log on with the new password first. If it is not accepted, use the old one."
