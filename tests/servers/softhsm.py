"""A card in software: SoftHSM with one token, whose PIN guards a certificate and its key."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.servers.process import clean_environment, files_missing, programs_missing, server_folder

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "471108"

_PACKAGES = "softhsm2 libnss3-tools"


def missing() -> str | None:
    """What is not installed, if anything."""
    programs = programs_missing(_PACKAGES, "softhsm2-util", "certutil", "modutil", "pk12util")
    return programs or files_missing(_PACKAGES, str(LIBRARY))


class Pkcs12(Protocol):
    """Who has a certificate with its key."""

    def pkcs12(self, word: str, /) -> bytes:
        """Both in one file under a word."""
        ...


@dataclass(frozen=True, slots=True)
class SoftCard:
    """The card; ``settings`` is what the library must be told in ``SOFTHSM2_CONF``, before it is loaded."""

    folder: Path
    settings: Path

    def hold(self, holder: Pkcs12) -> None:
        """Write a certificate and its key on it."""
        database, file, word, pin = (self.folder / name for name in ("nss", "holder.p12", "word", "pin"))
        if not database.exists():
            database.mkdir()
            self._run("certutil", "-d", f"sql:{database}", "-N", "--empty-password")
            self._run("modutil", "-dbdir", f"sql:{database}", "-add", "card", "-libfile", str(LIBRARY), "-force")
        file.write_bytes(holder.pkcs12("a word"))
        word.write_text("a word")
        pin.write_text(PIN)
        tools = ("-h", "officer", "-k", str(pin), "-w", str(word))
        self._run("pk12util", "-d", f"sql:{database}", "-i", str(file), *tools)

    def _run(self, *argv: str) -> None:
        env = clean_environment(self.folder) | {"SOFTHSM2_CONF": str(self.settings)}
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def soft_card() -> Iterator[SoftCard]:
    """A card of a test's own, deleted afterwards."""
    with server_folder("softhsm") as folder:
        settings = folder / "softhsm2.conf"
        (folder / "tokens").mkdir()
        settings.write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n")
        card = SoftCard(folder, settings)
        made = ("--init-token", "--free", "--label", "officer", "--so-pin", "87654321", "--pin", PIN)
        card._run("softhsm2-util", *made)
        yield card
