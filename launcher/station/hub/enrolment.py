"""Where a station's folder keeps what it is to its hub."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from launcher.wire.hub.stations import Enrolled

ENROLLED: Final = "enrolled.json"
JOURNAL: Final = "journal.db"
NEW_KEY: Final = "hub-station-new"
"""What a key is called in the key store until its enrolment has a name."""
_LARGEST: Final = 16 * 1024


def key_name(station: str) -> str:
    """Return what the key of an enrolment is called in the station's key store: each enrolment has one of its own."""
    return f"hub-station-{hashlib.sha256(station.encode()).hexdigest()[:16]}"


def hub_folder(state: Path) -> Path:
    """Return the folder, for the station's account alone."""
    return state / "hub"


def read_enrolled(state: Path) -> Enrolled | None:
    """Return who this station is to its hub; None: it is none of a hub's, or the file is not as it must be."""
    try:
        descriptor = os.open(hub_folder(state) / ENROLLED, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            return Enrolled.model_validate_json(file.read(_LARGEST))
    except (OSError, ValidationError):
        return None
