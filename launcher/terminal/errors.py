"""What a person can meet of a host or its line."""

from __future__ import annotations

from launcher.errors import LauncherError


class TerminalLineError(LauncherError):
    """The line to the host ended, or could not be made."""

    reference = "terminal-line-lost"
    hint = "Press Connect again. If it happens again, tell the helpdesk the reference and the host's name."
    retryable = True


class HostClosedLineError(TerminalLineError):
    """The host itself has closed the line, in good order: after a log-off that may be what proves it."""


class SignInCutError(TerminalLineError):
    """The line ended when the host had been given the password, and before it took or refused it."""


class TerminalNotEncryptedError(LauncherError):
    """The host would be reached without encryption, and it is not on this computer."""

    reference = "terminal-not-encrypted"
    hint = "Tell IT the reference: the entry must use TLS or SSH, or the station file must allow telnet to this host."


class TerminalCertificateRefusedError(LauncherError):
    """The certificate that the host showed is not valid for it, or nobody here vouches for it."""

    reference = "terminal-certificate-refused"
    hint = "Do not go round it. Tell the helpdesk the reference: it may not be the host you think it is."


class HostKeyUnknownError(LauncherError):
    """The host's SSH key is not the one that IT has entered, or none is entered."""

    reference = "terminal-host-key-refused"
    hint = "Do not go round it. Tell the helpdesk the reference: it may not be the host you think it is."


class TerminalSignInRefusedError(LauncherError):
    """The host did not take the name with the password, key or ticket that it was offered."""

    reference = "terminal-logon-refused"
    hint = "Check your name and password for this system. What was refused is not tried again until you give a new one."
    retryable = True


class TerminalSignInNotTriedError(TerminalSignInRefusedError):
    """The host was given nothing to sign on with: that says nothing against the name and password."""

    hint = "Tell the helpdesk the reference: what this system is set up to sign on with is not what its host takes."


class TerminalPasswordExpiredError(LauncherError):
    """The host has taken the password, and wants a new one before it lets anybody in."""

    reference = "terminal-password-expired"
    hint = "Change your password where this system lets you, or ask the helpdesk for a new one."


class NewPasswordNotTakenError(TerminalPasswordExpiredError):
    """The host wants a new password, and does not take the one that it was given; ``detail`` is what it has said."""


class EngineMissingError(LauncherError):
    """The engine for this kind of terminal is not installed on this computer."""

    reference = "terminal-engine-missing"
    hint = "Tell IT the reference: a package is missing on this computer."


class FieldRefusedError(LauncherError):
    """A field of the screen will not take the value: nothing was sent."""

    reference = "terminal-field-refused"
    hint = "Sign on by hand in the open tab, and tell the helpdesk: the host's screen has changed."
