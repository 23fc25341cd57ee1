"""Named keys in protected files, where the operating system has no key store. Every call blocks.

Protected means: of our own account, mode 0600, in a folder of ours with mode 0700. It keeps other accounts out and
nobody who has this account or the disk: whoever chooses it encrypts the disk.
"""

from __future__ import annotations

from pathlib import Path

from launcher.grants.errors import StoreDamagedError
from launcher.grants.safe_files import add_own, own_folder, read_own, remove_own, write_own
from launcher.secret import Secret


class FileKeyStore:
    """A folder with a file for each name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> Secret | None:
        """Return the secret, None if there is none under this name."""
        content = read_own(self._path(name))
        if content is None:
            return None
        try:
            return Secret(content.decode())
        except UnicodeDecodeError:
            raise StoreDamagedError("A key file is damaged.", detail=name) from None

    def put(self, name: str, secret: Secret) -> None:
        """Keep the secret, in place of one that is there."""
        own_folder(self._folder)
        write_own(self._path(name), secret.reveal().encode())

    def add(self, name: str, secret: Secret) -> Secret:
        """Keep the secret if there is none yet, and return the one that is kept."""
        own_folder(self._folder)
        add_own(self._path(name), secret.reveal().encode())
        return self.get(name) or secret

    def remove(self, name: str) -> bool:
        """Keep the secret no longer; return whether there was one."""
        return remove_own(self._path(name))

    def _path(self, name: str) -> Path:
        if not name or not name.replace("-", "").isalnum():
            raise ValueError(f"no name for a key: {name!r}")
        return self._folder / f"{name}.key"
