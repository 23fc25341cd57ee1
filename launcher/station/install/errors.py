"""What can go wrong while a computer becomes a station, or ceases to be one."""

from __future__ import annotations

from launcher.errors import LauncherError


class InstallRefusedError(LauncherError):
    """Nothing was changed: something here is not as an installation needs it."""

    reference = "station-install-refused"
    hint = "Put right what the message names, then run it again: nothing was changed."


class InstallFailedError(LauncherError):
    """A step failed; ``detail`` names what could not be taken back, one a line."""

    reference = "station-install-failed"
    hint = "What was done before was taken back, except what is named below; put it right, then run it again."
