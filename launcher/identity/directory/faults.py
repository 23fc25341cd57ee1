"""What can be wrong with the directory itself, rather than with the officer's name or password."""

from __future__ import annotations

from launcher.identity.proof import SignInRefused


class DirectoryUnreachable(SignInRefused):
    """No server of the list could be reached, or the one that was fell silent before a password was sent."""

    reference = "directory-unreachable"
    hint = "Wait a minute and try again. If it stays so, tell the helpdesk."
    retryable = True


class DirectoryOutcomeUnknown(SignInRefused):
    """The password was sent and no answer came; it is never sent again by itself, as directories count failures."""

    reference = "directory-outcome-unknown"
    hint = "Wait a minute, then log on again. The password was sent once and is not sent again by itself."
    retryable = True


class DirectoryCertificateRefused(SignInRefused):
    """A server showed a certificate that does not prove who it is; nothing was sent to it."""

    reference = "directory-certificate-refused"
    hint = "Do not go on. Tell IT the reference: someone may be standing between this computer and the directory."


class DirectoryNotEncrypted(SignInRefused):
    """A server does not take an encrypted connection; a password is never sent without one."""

    reference = "directory-not-encrypted"
    hint = "Tell IT the reference. The password was not sent."


class DirectorySearchRefused(SignInRefused):
    """The station may not look officers up: its read account was refused, or nobody may search unnamed."""

    reference = "directory-search-refused"
    hint = "Tell IT: the account under search_as, or its password, is not accepted. Your own password was not sent."


class DirectoryNameAmbiguous(SignInRefused):
    """More than one entry answers to the name; none was tried."""

    reference = "directory-name-ambiguous"
    hint = "Tell IT: more than one entry answers to this name. Your password was not sent."


class DirectoryEntryIncomplete(SignInRefused):
    """The officer's entry cannot be read or lacks what the launcher needs: the immutable id, above all."""

    reference = "directory-entry-incomplete"
    hint = "Tell IT the reference: your entry in the directory cannot be read or lacks its id."


class DirectoryAnswerUnexpected(SignInRefused):
    """The directory gave an answer that this program does not know; ``detail`` has its number and text."""

    reference = "directory-answer-unexpected"
    hint = "Tell IT the reference; the log has the directory's own words."
