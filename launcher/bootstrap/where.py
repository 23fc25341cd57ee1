"""Which station file and state folder this run uses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import platformdirs

from launcher.errors import SettingsError
from launcher.policy.settings import Settings
from launcher.policy.station_file import load

APPLICATION = "station-launcher"
MACHINE_FILE = Path("/etc") / APPLICATION / "station.toml"


@dataclass(frozen=True, slots=True)
class Where:
    """The station file and the state folder of this run."""

    station: Path
    state: Path

    @classmethod
    def of(cls, station: Path | None, state: Path | None) -> Where:
        """Return what was named on the command line, else the machine's, else the user's own."""
        own = Path(platformdirs.user_config_dir(APPLICATION)) / "station.toml"
        found = station or (MACHINE_FILE if MACHINE_FILE.exists() else own)
        return cls(found.absolute(), (state or Path(platformdirs.user_state_dir(APPLICATION))).absolute())

    @property
    def spool(self) -> Path:
        """Where the timings are kept."""
        return self.state / "timings.db"

    def settings(self) -> Settings:
        """Read the station file. Raises :class:`SettingsError`."""
        if not self.station.exists():
            raise SettingsError(
                f"There is no station file at {self.station}.",
                hint="Write one (the help page station-file says how), or try: station-launcher demo",
            )
        return load(self.station)
