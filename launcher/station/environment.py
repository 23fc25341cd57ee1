"""The environment a session starts with: an allow-list, and folders of its own that vanish with it.

DBUS_SESSION_BUS_ADDRESS is not on the list. What D-Bus activates is a child of the bus, not of the session: it would
outlive the officer with the officer's data. A station that keeps its credential key in the OS key store needs the bus
in the session itself and passes the variable by name (``pass_env``); the session keeps it from the programs it starts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from launcher.wire.mark import TOKEN

LINK: Final = "STATION_LAUNCHER_LINK"
"""The number of the descriptor the session speaks to the station on; the session makes it close-on-exec."""

KEPT: Final = "STATION_LAUNCHER_KEPT"
"""Set where the session may not read the station's state folder: the folder in which the station lays what is kept of
the officer who is proved (see the message ``WantsKept``)."""

SEARCH: Final = "STATION_LAUNCHER_SEARCH"
"""The number of a descriptor, set with :data:`KEPT`: the directory-search password can be read from it, once."""

_NAMES: Final = frozenset(
    {
        "PATH",
        "LANG",
        "LANGUAGE",
        "TZ",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "XCURSOR_THEME",
        "XCURSOR_SIZE",
        "XDG_SESSION_TYPE",
        "XDG_CURRENT_DESKTOP",
        "XDG_DATA_DIRS",
        "XDG_CONFIG_DIRS",
        "KRB5_CONFIG",
        "PYTHONPATH",
        "PYTHONDONTWRITEBYTECODE",
        "VIRTUAL_ENV",
    }
)
_PREFIXES: Final = ("LC_", "QT_", "QTWEBENGINE_")

FOLDERS: Final = {
    "HOME": "home",
    "TMPDIR": "tmp",
    "XDG_RUNTIME_DIR": "run",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
}


def session_environment(
    ours: Mapping[str, str],
    home: Path,
    *,
    token: str,
    link: int,
    passed: Iterable[str] = (),
    own: Mapping[str, str] | None = None,
    search: int | None = None,
) -> dict[str, str]:
    """Return the environment of a session whose folders lie under ``home``; ``passed`` adds names to the allow-list.

    ``own`` is what holds for this session alone: its account's name, its key to the display. ``search``: see
    :data:`SEARCH`.
    """
    allowed = _NAMES | frozenset(passed)
    cleaned = {name: value for name, value in ours.items() if name in allowed or name.startswith(_PREFIXES)}
    cleaned.setdefault("PATH", os.defpath)
    _find_the_display(ours, cleaned)
    cleaned.update({name: str(home / folder) for name, folder in FOLDERS.items()})
    cleaned["KRB5CCNAME"] = f"FILE:{home / 'run' / 'tickets'}"
    cleaned.update(own or {})
    cleaned[TOKEN] = token
    cleaned[LINK] = str(link)
    if search is not None:
        cleaned[SEARCH] = str(search)
    return cleaned


def _find_the_display(ours: Mapping[str, str], cleaned: dict[str, str]) -> None:
    """Name by full path what a display's clients find through HOME and XDG_RUNTIME_DIR, since both are replaced."""
    if "DISPLAY" in cleaned and "XAUTHORITY" not in cleaned and "HOME" in ours:
        authority = Path(ours["HOME"]) / ".Xauthority"
        if authority.exists():
            cleaned["XAUTHORITY"] = str(authority)
    wayland = cleaned.get("WAYLAND_DISPLAY")
    if wayland and not wayland.startswith("/") and "XDG_RUNTIME_DIR" in ours:
        cleaned["WAYLAND_DISPLAY"] = str(Path(ours["XDG_RUNTIME_DIR"]) / wayland)
