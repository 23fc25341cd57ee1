"""What a person may choose when a computer becomes a station."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from launcher.station.slots import SLOTS

Windows = Literal["openbox", "none"]

ETC: Final = "/etc/station-launcher"
STATE: Final = "/var/lib/station-launcher"
LIB: Final = "/usr/local/lib/station-launcher"
RECORD: Final = "/var/lib/station-launcher-install"
UNITS: Final = "/etc/systemd/system"
DISPLAY_VT: Final = 7

SERVICE: Final = "station-launcher.service"
DISPLAY_SERVICE: Final = "station-launcher-display.service"
WINDOWS_SERVICE: Final = "station-launcher-windows.service"


@dataclass(frozen=True, slots=True)
class Choices:
    """``display`` is the X display's name, or "none" where something else makes it; ``root`` where all is put."""

    root: Path = Path("/")
    display: str = ":0"
    windows: Windows = "openbox"
    slots: int = SLOTS
    groups: tuple[str, ...] = ()
    python: str = sys.executable
    terminal: str = ""

    @property
    def live(self) -> bool:
        """Say whether this is the running system."""
        return self.root == Path("/")

    @property
    def has_display(self) -> bool:
        """Say whether the kiosk's own display is wanted."""
        return self.display != "none"

    @property
    def has_windows(self) -> bool:
        """Say whether a window manager is wanted."""
        return self.has_display and self.windows == "openbox"
