"""What can go wrong with the station itself."""

from __future__ import annotations

from launcher.errors import LauncherError


class SessionCannotStartError(LauncherError):
    """The program of a session ends again and again before an officer could use it."""

    reference = "session-cannot-start"
    hint = "Wait: the station keeps trying. If no screen comes within a minute, tell the helpdesk the reference."
    retryable = True


class StationAlreadyRunsError(LauncherError):
    """Another station runs with the same state folder."""

    reference = "station-already-runs"
    hint = "Use the station that runs, or stop it first."


class WindowsNotBuiltError(LauncherError):
    """This release runs stations on Linux only: the pieces for Windows are no whole, and none has been run."""

    reference = "station-platform-unknown"
    hint = "Run the station on Linux."


class SlotAccountsFaultyError(LauncherError):
    """A slot account is not an account of its own."""

    reference = "slot-accounts-faulty"
    hint = "Tell IT: run station-launcher station install again; it makes the accounts that sessions run as."


class NoSlotFreeError(LauncherError):
    """Every slot account is in use or not clean: no session can be started."""

    reference = "no-slot-free"
    hint = (
        "Wait: a screen comes as soon as a session before it has ended. If none comes, tell the helpdesk the reference."
    )
    retryable = True


class DisplayMissingError(LauncherError):
    """``start`` was called where neither an X display nor a Wayland one is named."""

    reference = "display-missing"
    hint = "Run it in a desktop, or make this computer a station: station-launcher station install."
