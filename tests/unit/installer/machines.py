"""Machines that the set-up may meet, as values."""

from __future__ import annotations

from pathlib import Path

from installer.machine import Machine

DEBIAN_ROOT = Machine(
    system="Debian GNU/Linux 12 (bookworm)",
    debian_like=True,
    root=True,
    sudo=False,
    display=False,
    python=Path("/usr/bin/python3.11"),
    python_version=(3, 11),
)
