"""The mark of a session's processes, as the station gives it and the session's programs keep it."""

from __future__ import annotations

from typing import Final

TOKEN: Final = "STATION_LAUNCHER_SESSION"  # noqa: S105 - a name
"""A variable of the environment: a random name that every process of one session inherits, its programs too.

By it a process is found again wherever it went, also where the session ended before anybody had seen the two together.
"""
