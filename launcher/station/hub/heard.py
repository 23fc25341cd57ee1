"""What the link last heard of the hub, noted on the disk for whoever looks after this computer (``doctor``)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from launcher.station.hub.enrolment import hub_folder

HEARD: Final = "heard.json"
_LARGEST: Final = 16 * 1024


class LastHeard(BaseModel):
    """``reference``, ``words``, ``next_step``: of what was wrong, if anything was.

    ``offset_s``: the hub's clock ahead of this one.
    """

    model_config = ConfigDict(frozen=True)

    reachable: bool
    offset_s: float = 0.0
    reference: str = ""
    words: str = ""
    next_step: str = ""


def note_heard(state: Path, heard: LastHeard) -> None:
    """Note it. Raises ``OSError``."""
    file = hub_folder(state) / HEARD
    new = file.with_name(f"{HEARD}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(heard.model_dump_json())
    new.replace(file)


def last_heard(state: Path) -> LastHeard | None:
    """Return it; None where nothing was noted yet."""
    try:
        with (hub_folder(state) / HEARD).open("rb") as file:
            return LastHeard.model_validate_json(file.read(_LARGEST))
    except (OSError, ValidationError):
        return None
