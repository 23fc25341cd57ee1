"""Everything that can be wrong with what a session holds; each has its help page."""
# ruff: noqa: N818 - some are answers, not faults

from __future__ import annotations

from launcher.errors import LauncherError


class CredentialMissing(LauncherError):
    """No name and password of the officer's are known for the system: they are asked once."""

    reference = "credential-missing"
    hint = "Type your name and password for this system. They are kept sealed once they have worked."


class CredentialRefused(LauncherError):
    """The system refused this name and password; they are not tried again until the officer gives new ones."""

    reference = "credential-refused"
    hint = "Type your name and password for this system anew. If they are right, tell the helpdesk the reference."


class OneTimeSeedMissing(LauncherError):
    """The system wants a one-time code and nothing here can make it."""

    reference = "one-time-code-missing"
    hint = "Type the code of your own device into the open tab, or press Retry and give the key that makes the codes."
    retryable = True


class OneTimeSeedFaultyError(LauncherError):
    """What is kept for making one-time codes is no seed."""

    reference = "one-time-seed-faulty"
    hint = "Type the code of your own device into the open tab, or press Retry and give the key anew."
    retryable = True


class ProviderNotSetUpError(LauncherError):
    """A system wants a token and this station has no provider to get it from."""

    reference = "provider-not-set-up"
    hint = "Tell the helpdesk the reference: the station file names no provider, or you logged on without it."


class ProviderForgotError(LauncherError):
    """The provider does not know the session's browser any more, and nothing was tried that it could refuse."""

    reference = "provider-forgot"
    hint = "Open a system of the force account and log on there once; then try this one again."
    retryable = True


class StoreDamagedError(LauncherError):
    """A sealed name and password cannot be opened: changed, cut short, or moved from elsewhere."""

    reference = "credential-store-damaged"
    hint = "Type your name and password for this system anew; that replaces what is damaged."


class StoreOtherKeyError(LauncherError):
    """What is kept here was sealed with another key than the one this station has now."""

    reference = "credential-store-other-key"
    hint = "Tell the helpdesk the reference. Your systems can be opened by typing names and passwords meanwhile."


class StoreUnsafeError(LauncherError):
    """A file or folder of the store can be reached by other accounts, or belongs to one: it is not used."""

    reference = "credential-store-unsafe"
    hint = "Tell the helpdesk the reference. Your systems can be opened by typing names and passwords meanwhile."


class StoreUnavailableError(LauncherError):
    """The store's files cannot be read or written."""

    reference = "credential-store-unavailable"
    hint = "Go on without: type names and passwords. Tell the helpdesk the reference."
    retryable = True


class KeyStoreUnavailableError(LauncherError):
    """This computer has no key store that keeps a key safely."""

    reference = "key-store-unavailable"
    hint = 'Tell IT: set up the system\'s key store, or set keep = "file" in the station file.'


class KeyStoreLockedError(LauncherError):
    """The system's key store is locked, or does not answer."""

    reference = "key-store-locked"
    hint = "Unlock the system's key store, then try again; else tell the helpdesk the reference."
    retryable = True


class CertificateMissing(LauncherError):
    """A system wants a certificate of the officer's, and none is known here."""

    reference = "client-certificate-missing"
    hint = "Tell the helpdesk the reference: your certificate's file has to be laid where this computer looks for it."


class CertificatePasswordWrong(LauncherError):
    """The password does not open the file of the officer's certificate."""

    reference = "client-certificate-password"
    hint = "Type the password that your certificate's file was sealed with; it may be another than your own."


class CertificateFaultyError(LauncherError):
    """What should hold an officer's certificate does not."""

    reference = "client-certificate-faulty"
    hint = "Tell the helpdesk the reference: your certificate has to be made anew."


class CertificateExpired(LauncherError):
    """The time of the officer's certificate is over, or has not come."""

    reference = "client-certificate-expired"
    hint = "Tell the helpdesk the reference: your certificate has to be renewed."


STORE_FAULTS = (
    StoreDamagedError,
    StoreOtherKeyError,
    StoreUnsafeError,
    StoreUnavailableError,
    KeyStoreUnavailableError,
    KeyStoreLockedError,
)
"""What can be wrong with the store as such. A system is opened all the same: the officer is asked."""
