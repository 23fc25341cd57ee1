"""Which station file and state folder this run uses."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from launcher.errors import SettingsError

if TYPE_CHECKING:
    from launcher.policy.settings import Settings

APPLICATION = "station-launcher"
MACHINE_FILE = Path("/etc") / APPLICATION / "station.toml"
MACHINE_STATE = Path("/var/lib") / APPLICATION


def has_screen() -> bool:
    """Say whether the environment names a display."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def must_have_a_display(message: str, hint: str | None = None) -> None:
    """Raise :class:`DisplayMissingError` where nothing could be shown: the screen's library would end the process."""
    if sys.platform == "linux" and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        from launcher.station.errors import DisplayMissingError  # late: it is there as a rule

        raise DisplayMissingError(message, hint=hint)


class Where:
    """The station file and the state folder of this run.

    Written out: each process starts with it, and a class that is generated costs a hundredth of a start.
    """

    __slots__ = ("state", "station")

    def __init__(self, station: Path, state: Path) -> None:
        self.station = station
        self.state = state

    @classmethod
    def of(cls, station: Path | None, state: Path | None) -> Where:
        """Return what was named on the command line, else the machine's, else the user's own."""
        return cls((station or _station_file()).absolute(), (state or _state_folder()).absolute())

    @property
    def spool(self) -> Path:
        """Where the timings are kept."""
        return self.state / "timings.db"

    def settings(self) -> Settings:
        """Read the station file. Raises :class:`SettingsError`."""
        self.must_exist()
        from launcher.policy.station_file import load  # late: pydantic's models are more than a first screen needs

        return load(self.station)

    def must_exist(self) -> None:
        """Raise :class:`SettingsError` where there is no station file."""
        if not self.station.exists():
            raise SettingsError(
                f"There is no station file at {self.station}.",
                hint=f"Write one there or at {MACHINE_FILE} (the help page station-file says how), or try: "
                "station-launcher demo",
            )


def _station_file() -> Path:
    if MACHINE_FILE.exists():
        return MACHINE_FILE
    from platformdirs import user_config_dir  # late, as below: a session is told where

    return Path(user_config_dir(APPLICATION)) / "station.toml"


def _state_folder() -> Path:
    if os.access(MACHINE_STATE, os.W_OK):  # root, on a computer that was made a station
        return MACHINE_STATE
    from platformdirs import user_state_dir

    return Path(user_state_dir(APPLICATION))
