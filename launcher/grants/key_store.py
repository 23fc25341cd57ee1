"""Named keys in the operating system's key store; the one module that knows keyring. Every call blocks."""

from __future__ import annotations

from typing import Protocol

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import KeyringLocked

from launcher.grants.errors import KeyStoreLockedError, KeyStoreUnavailableError
from launcher.secret import Secret

SERVICE = "station-launcher"

# The stores that seal with the system's or the user's own key. Others (plain text, null, fail, third parties') are not.
_SAFE = frozenset(f"keyring.backends.{name}" for name in ("SecretService", "libsecret", "kwallet", "macOS", "Windows"))


class KeyStore(Protocol):
    """Keeps small secrets of this station by name."""

    def get(self, name: str) -> Secret | None:
        """Return the secret, None if there is none under this name."""
        ...

    def put(self, name: str, secret: Secret) -> None:
        """Keep the secret, in place of one that is there."""
        ...

    def add(self, name: str, secret: Secret) -> Secret:
        """Keep the secret if there is none yet, and return the one that is kept."""
        ...

    def remove(self, name: str) -> bool:
        """Keep the secret no longer; return whether there was one."""
        ...


class OsKeyStore:
    """The key store of the operating system: Secret Service, KWallet, Keychain or Windows' credential store."""

    def get(self, name: str) -> Secret | None:
        """Return the secret, None if there is none under this name."""
        backend = safe_backend()
        try:
            found = backend.get_password(SERVICE, name)
        except KeyringLocked:
            raise _locked() from None
        except Exception as fault:
            raise _unavailable(fault) from None
        return None if found is None else Secret(found)

    def put(self, name: str, secret: Secret) -> None:
        """Keep the secret, in place of one that is there."""
        backend = safe_backend()
        try:
            backend.set_password(SERVICE, name, secret.reveal())
        except KeyringLocked:
            raise _locked() from None
        except Exception as fault:
            raise _unavailable(fault) from None

    def add(self, name: str, secret: Secret) -> Secret:
        """Keep the secret if there is none yet, and return the one that is kept."""
        if found := self.get(name):
            return found
        self.put(name, secret)
        # No key store has "put if absent". Read back, so that two who added at once end with the same one.
        return self.get(name) or secret

    def remove(self, name: str) -> bool:
        """Keep the secret no longer; return whether there was one."""
        if self.get(name) is None:
            return False
        backend = safe_backend()
        try:
            backend.delete_password(SERVICE, name)
        except KeyringLocked:
            raise _locked() from None
        except Exception as fault:
            raise _unavailable(fault) from None
        return True


def safe_backend(backend: KeyringBackend | None = None) -> KeyringBackend:
    """Return the key store in use if it keeps secrets safely. Raises :class:`KeyStoreUnavailableError`."""
    chosen = backend
    try:
        chosen = chosen or keyring.get_keyring()
        candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    except Exception as fault:  # backends raise what their libraries raise
        raise _unavailable(fault) from None
    for candidate in candidates:
        # Of several in a chain, the safe one itself: the chain would write into any.
        if any(
            type(candidate).__module__ == safe or type(candidate).__module__.startswith(f"{safe}.") for safe in _SAFE
        ):
            return candidate
    raise KeyStoreUnavailableError(
        "This computer has no key store that keeps a key safely.", detail=type(chosen).__module__
    )


def _locked() -> KeyStoreLockedError:
    return KeyStoreLockedError("The system's key store is locked.")


def _unavailable(fault: Exception) -> KeyStoreUnavailableError:
    return KeyStoreUnavailableError("The system's key store cannot be used.", detail=type(fault).__name__)
