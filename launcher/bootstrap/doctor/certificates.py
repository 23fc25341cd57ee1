"""Where officers' certificates come from: a folder of their files, and the library that reads their cards."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from launcher.bootstrap.doctor.finding import Finding
from launcher.policy.certificate_settings import CertificateSettings

_ENDINGS: Final = (".p12", ".pfx")
_READABLE: Final = 0o444
_NSS: Final = "libnss3.so"


def certificate_findings(settings: CertificateSettings) -> Iterator[Finding]:
    """Yield what is found of what the station file names; nothing where it names nothing."""
    if settings.folder is not None:
        yield _folder(settings.folder)
    if settings.card_library is not None:
        yield _library(settings.card_library)


def _folder(folder: Path) -> Finding:
    looked_at = "officers' certificates"
    try:
        files = [file for file in folder.iterdir() if file.suffix in _ENDINGS]
        hidden = sum(file.stat().st_mode & _READABLE != _READABLE for file in files)
    except OSError as fault:
        return Finding(looked_at, f"{folder}: {fault.strerror}", "Make certificates.folder there, readable by all.")
    if hidden:
        step = f"chmod 644 {folder}/*: sessions have other accounts. Each file is sealed: give it a long password."
        return Finding(looked_at, f"{hidden} of {len(files)} files are not readable by all", step)
    return Finding(looked_at, f"{len(files)} files in {folder}")


def _library(library: Path) -> Finding:
    looked_at = "officers' cards"
    step = "Install the library of the cards, e.g. the package opensc-pkcs11, or correct certificates.card_library."
    for name in (_NSS, str(library)):
        try:
            loaded = ctypes.CDLL(name)
        except OSError as fault:
            return Finding(looked_at, f"{name} cannot be used: {fault}", step)
    if not hasattr(loaded, "C_GetFunctionList"):
        return Finding(looked_at, f"{library} is no PKCS#11 library", step)
    return Finding(looked_at, f"{library.name} can be used")
