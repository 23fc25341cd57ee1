"""Makes the session's browser trust a CA of the force's own, for this session only.

The embedded browser reads the NSS database under the session's own HOME, which vanishes with the session. It has to be
there before the first browser profile. The files come from NSS's own tool, certutil (Debian: libnss3-tools).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from launcher.errors import LauncherError

WITHIN_S = 20.0


class BrowserTrustError(LauncherError):
    """The CA could not be made known to the browser: pages with its certificates will be refused."""

    reference = "browser-trust-not-set"
    hint = "Run station-launcher doctor: it says what is missing. Systems with the force's own certificates stay shut."


def trust_authority(ca_file: Path, home: Path | None = None, *, name: str = "station") -> None:
    """Add the CA of a PEM file to the session's database; blocks for some 50 ms. Raises :class:`BrowserTrustError`.

    ``name``: what it is called there; another file under the same name would take its place.
    """
    certutil = shutil.which("certutil")
    if certutil is None:
        raise BrowserTrustError("certutil is not installed.")
    folder = (home or Path(os.environ["HOME"])) / ".pki" / "nssdb"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = f"sql:{folder}"
    steps = [[certutil, "-d", database, "-A", "-t", "C,,", "-n", name, "-i", str(ca_file)]]
    if not (folder / "cert9.db").exists():
        steps.insert(0, [certutil, "-d", database, "-N", "--empty-password"])
    for step in steps:
        try:
            done = subprocess.run(
                step, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=WITHIN_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as fault:
            raise BrowserTrustError("The CA could not be made known to the browser.") from fault
        if done.returncode != 0:
            raise BrowserTrustError("The CA could not be made known to the browser.", detail=done.stderr.strip())
